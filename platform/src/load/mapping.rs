//! Which day of the profile year a calendar day follows.
//!
//! Date D uses the profile day of the same weekday nearest to D's month and day, going round at the ends of the year;
//! of two equally near, the one that comes later.

use jiff::{ToSpan, civil::Date};

/// The rule in one sentence, for people.
pub const STATEMENT: &str =
    "each date uses the day of 2016 with the same weekday nearest to its month and day (year ends wrap)";

/// The day of `profile_year` (a leap year, so that every month and day is in it) that `date` follows.
pub fn profile_day(date: Date, profile_year: i16) -> Date {
    let Ok(same_day) = Date::new(profile_year, date.month(), date.day()) else { return date };
    // Within a week to either side there is a day of each weekday, also across the end of the year.
    (0..=7)
        .flat_map(|distance| [distance, -distance])
        .filter_map(|distance| round_the_year(same_day, distance))
        .find(|candidate| candidate.weekday() == date.weekday())
        .unwrap_or(same_day)
}

/// `day` moved by `distance` days, staying in its year.
fn round_the_year(day: Date, distance: i32) -> Option<Date> {
    let index = i32::from(day.day_of_year()) - 1 + distance;
    day.first_of_year().checked_add(index.rem_euclid(day.days_in_year().into()).days()).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_profile_year_is_its_own_profile() {
        for day in date(2016, 1, 1).series(1.day()).take(366) {
            assert_eq!(profile_day(day, 2016), day);
        }
    }

    #[test]
    fn every_day_finds_its_weekday_close_by() {
        for day in date(2024, 1, 1).series(1.day()).take(5000) {
            let found = profile_day(day, 2016);
            let apart = (found.day_of_year() - date(2016, day.month(), day.day()).day_of_year()).abs();
            assert_eq!(found.weekday(), day.weekday(), "{day}");
            assert!(apart.min(366 - apart) <= 4, "{day} → {found}");
        }
    }

    #[test]
    fn takes_the_nearer_side() {
        // 23 November 2026 is a Monday; in 2016 the 23rd was a Wednesday, Mondays were the 21st and the 28th.
        assert_eq!(profile_day(date(2026, 11, 23), 2016), date(2016, 11, 21));
        // 27 November 2026 is a Friday; in 2016 Fridays were the 25th and 2 December.
        assert_eq!(profile_day(date(2026, 11, 27), 2016), date(2016, 11, 25));
    }

    #[test]
    fn goes_round_at_the_ends_of_the_year() {
        // 1 January 2025 is a Wednesday: 6 January 2016 is 5 days after, 28 December 4 days before.
        assert_eq!(profile_day(date(2025, 1, 1), 2016), date(2016, 12, 28));
    }

    #[test]
    fn of_two_equally_near_the_later_one_counts() {
        // 1 January 2028 is a Saturday: 31 December is a day before, 2 January a day after.
        assert_eq!(profile_day(date(2028, 1, 1), 2016), date(2016, 1, 2));
        // 31 December 2027 is a Friday: 30 December is a day before, 1 January a day after.
        assert_eq!(profile_day(date(2027, 12, 31), 2016), date(2016, 1, 1));
    }

    #[test]
    fn the_leap_day_has_a_profile() {
        assert_eq!(profile_day(date(2028, 2, 29), 2016).weekday(), date(2028, 2, 29).weekday());
    }
}
