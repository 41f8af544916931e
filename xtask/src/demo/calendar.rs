//! Months as customers are billed for them: calendar months in Asia/Shanghai, which has been at UTC+8 all year since 1991.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

const OFFSET_SECONDS: u64 = 8 * 3600;

/// The months that the journey speaks of, `YYYY-MM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Calendar {
    /// The month before this one: the newest that can be billed.
    pub(crate) last_month: String,
    /// The one before it.
    pub(crate) month_before_last: String,
    /// The first of the 24 months before this one.
    pub(crate) two_years_ago: String,
    /// The newest month before the last whose evenings have sharp hours: January, July, August, December.
    pub(crate) last_sharp: String,
}

impl Calendar {
    /// As of now.
    pub(crate) fn now() -> Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?;
        Ok(Self::at(now.as_secs()))
    }

    fn at(seconds: u64) -> Self {
        let month = month_of((seconds + OFFSET_SECONDS) / 86_400);
        let back = |months: u64| {
            let month = month - months;
            format!("{:04}-{:02}", month / 12, month % 12 + 1)
        };
        let sharp = |months: &u64| matches!((month - months) % 12 + 1, 1 | 7 | 8 | 12);
        let last_sharp = (2..=12).find(sharp).map_or_else(|| back(12), back);
        Self { last_month: back(1), month_before_last: back(2), two_years_ago: back(24), last_sharp }
    }
}

/// Months since the year 0 of a day counted from 1970-01-01.
fn month_of(mut day: u64) -> u64 {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    loop {
        let days = if leap(year) { 366 } else { 365 };
        if day < days {
            break;
        }
        day -= days;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 0;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    year * 12 + month
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(seconds: u64) -> [String; 4] {
        let Calendar { last_month, month_before_last, two_years_ago, last_sharp } = Calendar::at(seconds);
        [last_month, month_before_last, two_years_ago, last_sharp]
    }

    #[test]
    fn months_are_counted_back_over_the_turn_of_the_year() {
        // 2026-11-23T02:00:00Z, 2028-01-15T00:00:00Z.
        assert_eq!(months(1_795_399_200), ["2026-10", "2026-09", "2024-11", "2026-08"]);
        assert_eq!(months(1_831_507_200), ["2027-12", "2027-11", "2026-01", "2027-08"]);
    }

    #[test]
    fn a_month_begins_in_shanghai() {
        // 2028-02-29T15:59:59Z is still February there, a second later it is March.
        assert_eq!(months(1_835_452_799)[0], "2028-01");
        assert_eq!(months(1_835_452_800)[0], "2028-02");
    }
}
