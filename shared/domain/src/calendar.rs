//! Instants as the wire writes them and the calendar of the tariff (months in Asia/Shanghai).

use std::{fmt, str::FromStr};

use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// China Standard Time, UTC+8 without daylight saving since 1992: every date and month of the tariff is in it.
pub fn shanghai() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

/// An instant in whole seconds, written `YYYY-MM-DDTHH:MM:SSZ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not an instant, a month or a date in the only form accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not `YYYY-MM-DDTHH:MM:SSZ`.
    #[error("not a UTC time of the form YYYY-MM-DDTHH:MM:SSZ")]
    Timestamp,
    /// Not `YYYY-MM`.
    #[error("not a month of the form YYYY-MM")]
    Month,
}

impl Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z; outside the years 0000 to 9999 it is clamped.
    pub fn from_seconds(seconds: i64) -> Self {
        const FIRST: i64 = -62_167_219_200;
        const LAST: i64 = 253_402_207_200;
        Self(seconds.clamp(FIRST, LAST))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_seconds(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this instant; negative if `earlier` is later.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The date in Asia/Shanghai.
    pub fn date(self) -> civil::Date {
        self.civil().date()
    }

    /// The wall-clock time in Asia/Shanghai.
    pub fn civil(self) -> civil::DateTime {
        self.to_jiff().to_zoned(shanghai()).datetime()
    }

    /// The instant of a wall-clock time in Asia/Shanghai.
    pub fn from_civil(at: civil::DateTime) -> Self {
        let seconds = shanghai().to_timestamp(at).map_or(0, jiff::Timestamp::as_second);
        Self::from_seconds(seconds)
    }

    /// The same instant for date arithmetic.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        Self::from_seconds(at.as_second())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }
}

impl FromStr for Timestamp {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let at: jiff::Timestamp = text.parse().map_err(|_| CalendarError::Timestamp)?;
        let parsed = Self::from(at);
        // One spelling only: no fractions, offsets or lower case.
        if parsed.to_string() == text { Ok(parsed) } else { Err(CalendarError::Timestamp) }
    }
}

/// A calendar month in Asia/Shanghai, written `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month `month` (1 to 12) of `year` (0 to 9998).
    pub fn new(year: i16, month: i8) -> Result<Self, CalendarError> {
        if (0..=9998).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(CalendarError::Month)
        }
    }

    /// The month that `date` lies in.
    pub fn of(date: civil::Date) -> Self {
        Self { year: date.year().clamp(0, 9998), month: date.month() }
    }

    /// The year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// 1 to 12.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// The month before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { year: self.year, month: self.month - 1 }
        }
    }

    /// Its first day.
    pub fn first_day(self) -> civil::Date {
        civil::date(self.year, self.month, 1)
    }

    /// The number of its days, 28 to 31.
    pub fn days(self) -> i8 {
        self.first_day().days_in_month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}", self.year, self.month))
    }
}

impl FromStr for Month {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let (year, month) = text.split_once('-').ok_or(CalendarError::Month)?;
        let parsed = Self::new(
            year.parse().map_err(|_| CalendarError::Month)?,
            month.parse().map_err(|_| CalendarError::Month)?,
        )?;
        if parsed.to_string() == text { Ok(parsed) } else { Err(CalendarError::Month) }
    }
}

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
as_text!(Timestamp, Month);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_instant_has_one_spelling() {
        assert!("2026-11-22T08:00:00Z".parse::<Timestamp>().is_ok());
        for text in ["2026-11-22T08:00:00.0Z", "2026-11-22T16:00:00+08:00", "2026-11-22t08:00:00z", "2026-11-22", ""] {
            assert_eq!(text.parse::<Timestamp>(), Err(CalendarError::Timestamp), "{text}");
        }
    }

    #[test]
    fn the_day_begins_at_midnight_in_shanghai() {
        let at: Timestamp = "2026-10-31T16:00:00Z".parse().unwrap();
        assert_eq!(at.date(), civil::date(2026, 11, 1));
        assert_eq!(Timestamp::from_civil(civil::date(2026, 11, 1).at(0, 0, 0, 0)), at);
    }

    #[test]
    fn months_follow_each_other_over_the_year() {
        let december: Month = "2016-12".parse().unwrap();
        assert_eq!(december.next().to_string(), "2017-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!("2016-02".parse::<Month>().map(Month::days), Ok(29));
        assert_eq!("2016-2".parse::<Month>(), Err(CalendarError::Month));
        assert_eq!("2016-13".parse::<Month>(), Err(CalendarError::Month));
    }

    proptest! {
        #[test]
        fn instants_print_and_read_back(seconds in -62_167_219_200_i64..=253_402_207_200) {
            let at = Timestamp::from_seconds(seconds);
            prop_assert_eq!(at.to_string().parse(), Ok(at));
        }
    }
}
