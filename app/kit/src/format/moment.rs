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

/// How long ago `at` was: "4 s ago", "4 秒前"; "just now" for less than a second and for what lies ahead.
pub fn ago(language: Language, now: Timestamp, at: Timestamp) -> String {
    let seconds = now.seconds_since(at);
    match language {
        _ if seconds < 1 => match language {
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
