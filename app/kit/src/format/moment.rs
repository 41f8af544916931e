//! Dates, times and spans. Instants are shown on the clock of Asia/Shanghai, as the bills are.

use gridkey_domain::{Month, Timestamp};
use jiff::civil::Date;

use crate::i18n::Language;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn english(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

fn short(month: i8) -> &'static str {
    let name = english(month);
    name.get(..3).unwrap_or(name)
}

/// A date: "14 Aug 2028", "2028年8月14日".
pub fn date(language: Language, date: Date) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match language {
        Language::English => format!("{day} {} {year}", short(month)),
        Language::Chinese => format!("{year}年{month}月{day}日"),
    }
}

/// A date of this or next year: "15 Nov", "11月15日".
pub fn day_month(language: Language, date: Date) -> String {
    let (month, day) = (date.month(), date.day());
    match language {
        Language::English => format!("{day} {}", short(month)),
        Language::Chinese => format!("{month}月{day}日"),
    }
}

/// A month: "October 2026", "2026年10月".
pub fn month(language: Language, month: Month) -> String {
    match language {
        Language::English => format!("{} {}", english(month.month()), month.year()),
        Language::Chinese => format!("{}年{}月", month.year(), month.month()),
    }
}

/// A month without its year: "October", "10月".
pub fn month_name(language: Language, month: Month) -> String {
    match language {
        Language::English => english(month.month()).to_owned(),
        Language::Chinese => format!("{}月", month.month()),
    }
}

/// A month for an axis: "Oct", "10月".
pub fn month_short(language: Language, month: Month) -> String {
    match language {
        Language::English => short(month.month()).to_owned(),
        Language::Chinese => format!("{}月", month.month()),
    }
}

/// The time of day: "14:03".
pub fn time(at: Timestamp) -> String {
    let clock = at.civil();
    format!("{:02}:{:02}", clock.hour(), clock.minute())
}

/// Date and time: "12 Oct 2026 14:03", "2026年10月12日 14:03".
pub fn date_time(language: Language, at: Timestamp) -> String {
    format!("{} {}", date(language, at.date()), time(at))
}

/// How long ago `at` was: "20 s ago", "20 秒前", in steps of ten seconds up to a minute; "just now" for less than ten
/// seconds and for what lies ahead.
pub fn ago(language: Language, now: Timestamp, at: Timestamp) -> String {
    let seconds = match now.seconds_since(at) {
        seconds @ 0..60 => seconds - seconds % 10,
        seconds => seconds,
    };
    match language {
        _ if seconds < 10 => match language {
            Language::English => "just now".to_owned(),
            Language::Chinese => "刚刚".to_owned(),
        },
        Language::English => format!("{} ago", duration(language, seconds)),
        Language::Chinese => format!("{}前", duration(language, seconds)),
    }
}

/// A span of `seconds` in its largest whole unit: "4 s", "2 min", "3 h", "5 days"; "4 秒", "2 分钟", "3 小时", "5 天".
pub fn duration(language: Language, seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (language, days, hours, minutes) {
        (Language::English, 0, 0, 0) => format!("{seconds} s"),
        (Language::English, 0, 0, _) => format!("{minutes} min"),
        (Language::English, 0, _, _) => format!("{hours} h"),
        (Language::English, 1, _, _) => "1 day".to_owned(),
        (Language::English, ..) => format!("{days} days"),
        (Language::Chinese, 0, 0, 0) => format!("{seconds} 秒"),
        (Language::Chinese, 0, 0, _) => format!("{minutes} 分钟"),
        (Language::Chinese, 0, _, _) => format!("{hours} 小时"),
        (Language::Chinese, ..) => format!("{days} 天"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use proptest::prelude::*;

    use super::*;

    const BOTH: [Language; 2] = Language::ALL;

    #[test]
    fn dates_are_written_as_each_language_does() {
        let day = civil::date(2028, 8, 14);
        assert_eq!(BOTH.map(|language| date(language, day)), ["14 Aug 2028", "2028年8月14日"]);
        assert_eq!(BOTH.map(|language| day_month(language, civil::date(2026, 11, 15))), ["15 Nov", "11月15日"]);
        let october = Month::new(2026, 10).unwrap();
        assert_eq!(BOTH.map(|language| month(language, october)), ["October 2026", "2026年10月"]);
        assert_eq!(BOTH.map(|language| month_name(language, october)), ["October", "10月"]);
        assert_eq!(BOTH.map(|language| month_short(language, october)), ["Oct", "10月"]);
    }

    #[test]
    fn instants_are_shown_on_the_clock_of_the_bills() {
        let at: Timestamp = "2026-10-12T16:03:59Z".parse().unwrap();
        assert_eq!(time(at), "00:03");
        assert_eq!(BOTH.map(|language| date_time(language, at)), ["13 Oct 2026 00:03", "2026年10月13日 00:03"]);
    }

    #[test]
    fn age_is_told_in_its_largest_unit() {
        let now = Timestamp::from_seconds(1_000_000);
        let shown = |seconds: i64| BOTH.map(|language| ago(language, now, now.plus_seconds(-seconds)));
        assert_eq!(shown(0), ["just now", "刚刚"]);
        assert_eq!(shown(-30), ["just now", "刚刚"]);
        assert_eq!(shown(9), ["just now", "刚刚"]);
        assert_eq!(shown(10), ["10 s ago", "10 秒前"]);
        assert_eq!(shown(59), ["50 s ago", "50 秒前"], "in steps, so that the text is not drawn anew each second");
        assert_eq!(shown(60), ["1 min ago", "1 分钟前"]);
        assert_eq!(shown(179), ["2 min ago", "2 分钟前"]);
        assert_eq!(shown(3 * 3600), ["3 h ago", "3 小时前"]);
        assert_eq!(shown(86_400), ["1 day ago", "1 天前"]);
        assert_eq!(shown(72 * 3600), ["3 days ago", "3 天前"]);
    }

    proptest! {
        #[test]
        fn a_span_never_says_more_than_it_is(seconds in 0_i64..100_000_000) {
            let shown = duration(Language::English, seconds);
            let (count, unit) = shown.split_once(' ').unwrap();
            let length = match unit { "s" => 1, "min" => 60, "h" => 3600, _ => 86_400 };
            let count: i64 = count.parse().unwrap();
            prop_assert!(count * length <= seconds && seconds < (count + 1) * length);
        }

        #[test]
        fn every_day_has_its_words(days in 0_i32..20_000) {
            let day = civil::date(1999, 1, 1).saturating_add(jiff::Span::new().days(days));
            for language in BOTH {
                prop_assert!(date(language, day).contains(&day.year().to_string()));
                prop_assert!(date(language, day).contains(&day.day().to_string()));
            }
        }
    }
}
