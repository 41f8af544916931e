//! The stretches of time that the history walks through: a year of months, a month of days, a day of quarter-hours.

use std::{fmt, str::FromStr};

use gridkey_client::app::{SeriesQuery, Step};
use gridkey_domain::{MeterId, Month};
use jiff::{
    ToSpan as _,
    civil::{Date, date},
};

/// What the history shows. As text `2026`, `2026-11` or `2026-11-22`, so that it can stand in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// A year, month by month.
    Year(i16),
    /// A month, day by day.
    Month(Month),
    /// A day, quarter-hour by quarter-hour.
    Day(Date),
}

/// The text names no year, month or day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a year, a month or a day")]
pub struct NoSpan;

impl Span {
    /// The first and the last day.
    pub fn days(self) -> (Date, Date) {
        match self {
            Self::Year(year) => (date(year, 1, 1), date(year, 12, 31)),
            Self::Month(month) => (month.first_day(), month.first_day().last_of_month()),
            Self::Day(day) => (day, day),
        }
    }

    /// What to ask for to draw it. A month is asked for by the hour, because only hours tell the registers of a day.
    pub fn query(self, meter: &MeterId) -> SeriesQuery {
        let resolution = match self {
            Self::Year(_) => Step::Month,
            Self::Month(_) => Step::Hour,
            Self::Day(_) => Step::QuarterHour,
        };
        self.with(meter, resolution)
    }

    /// What to ask for to compare another stretch with it: totals are enough.
    pub fn comparison_query(self, meter: &MeterId) -> SeriesQuery {
        let resolution = match self {
            Self::Year(_) => Step::Month,
            Self::Month(_) => Step::Day,
            Self::Day(_) => Step::QuarterHour,
        };
        self.with(meter, resolution)
    }

    fn with(self, meter: &MeterId, resolution: Step) -> SeriesQuery {
        let (from, to) = self.days();
        SeriesQuery { meter: meter.clone(), from, to, resolution }
    }

    /// The same stretch a year earlier; 29 February becomes the 28th.
    pub fn year_before(self) -> Self {
        match self {
            Self::Year(year) => Self::Year(year.saturating_sub(1).max(0)),
            Self::Month(month) => Self::Month(Month::of(month.first_day().saturating_sub(1.year()))),
            Self::Day(day) => Self::Day(day.saturating_sub(1.year())),
        }
    }

    /// The stretch around it: a day's month, a month's year.
    pub fn outer(self) -> Option<Self> {
        match self {
            Self::Year(_) => None,
            Self::Month(month) => Some(Self::Year(month.year())),
            Self::Day(day) => Some(Self::Month(Month::of(day))),
        }
    }

    /// The part at a place within it, counted from 0: a month of the year, a day of the month.
    pub fn part(self, place: usize) -> Option<Self> {
        let number = i8::try_from(place.checked_add(1)?).ok()?;
        match self {
            Self::Year(year) => Month::new(year, number).ok().map(Self::Month),
            Self::Month(month) => Date::new(month.year(), month.month(), number).ok().map(Self::Day),
            Self::Day(_) => None,
        }
    }

    /// How many parts it has.
    pub fn parts(self) -> usize {
        match self {
            Self::Year(_) => 12,
            Self::Month(month) => usize::try_from(month.days()).unwrap_or(31),
            Self::Day(_) => 96,
        }
    }

    /// The stretch before it.
    pub fn previous(self) -> Self {
        match self {
            Self::Year(year) => Self::Year(year.saturating_sub(1).max(0)),
            Self::Month(month) if month.year() == 0 && month.month() == 1 => self,
            Self::Month(month) => Self::Month(month.previous()),
            Self::Day(day) => Self::Day(day.yesterday().unwrap_or(day)),
        }
    }

    /// The stretch after it.
    pub fn next(self) -> Self {
        match self {
            Self::Year(year) => Self::Year(year.saturating_add(1).min(9998)),
            Self::Month(month) if month.year() == 9998 && month.month() == 12 => self,
            Self::Month(month) => Self::Month(month.next()),
            Self::Day(day) => Self::Day(day.tomorrow().unwrap_or(day)),
        }
    }

    /// Whether it has begun on `today`.
    pub fn has_begun(self, today: Date) -> bool {
        self.days().0 <= today
    }

    /// Whether it is over on `today`.
    pub fn is_over(self, today: Date) -> bool {
        self.days().1 < today
    }

    /// The place of the part that a day of this stretch lies in.
    pub fn place(self, day: Date) -> usize {
        let number = match self {
            Self::Year(_) => day.month(),
            Self::Month(_) | Self::Day(_) => day.day(),
        };
        usize::try_from(number - 1).unwrap_or(0)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(month) => month.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

impl FromStr for Span {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Self, NoSpan> {
        if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return Err(NoSpan);
        }
        match text.len() {
            4 => text.parse().ok().filter(|year| (1..=9998).contains(year)).map(Self::Year),
            7 => text.parse().ok().map(Self::Month),
            10 => text.parse().ok().map(Self::Day),
            _ => None,
        }
        .ok_or(NoSpan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Span {
        text.parse().unwrap()
    }

    #[test]
    fn a_click_on_a_part_leads_one_step_deeper_and_back() {
        let year = span("2026");
        let november = year.part(10).unwrap();
        assert_eq!(november, span("2026-11"));
        let day = november.part(21).unwrap();
        assert_eq!(day, span("2026-11-22"));
        assert_eq!(day.part(0), None);
        assert_eq!(day.outer().and_then(Span::outer), Some(year));
        assert_eq!(year.outer(), None);
    }

    #[test]
    fn a_month_has_no_part_beyond_its_last_day() {
        assert_eq!(span("2026-02").part(28), None);
        assert_eq!(span("2028-02").part(28), Some(span("2028-02-29")));
        assert_eq!(span("2026").part(12), None);
    }

    #[test]
    fn the_leap_day_is_compared_with_the_last_of_february() {
        assert_eq!(span("2028-02-29").year_before(), span("2027-02-28"));
        assert_eq!(span("2026-01").year_before(), span("2025-01"));
    }

    #[test]
    fn a_month_is_asked_for_by_the_hour_and_compared_by_the_day() {
        let meter: MeterId = "M1".parse().unwrap();
        let query = span("2026-11").query(&meter);
        assert_eq!((query.from, query.to, query.resolution), (date(2026, 11, 1), date(2026, 11, 30), Step::Hour));
        assert_eq!(span("2026-11").comparison_query(&meter).resolution, Step::Day);
    }

    #[test]
    fn what_is_printed_reads_back_and_nothing_else_does() {
        for text in ["2026", "2026-11", "2026-11-22"] {
            assert_eq!(span(text).to_string(), text);
        }
        for text in ["", "26", "2026-13", "2026-02-30", "2026-1", "2026-11-22T", "+026", "0000"] {
            assert_eq!(text.parse::<Span>(), Err(NoSpan), "{text}");
        }
    }

    #[test]
    fn steps_cross_the_year() {
        assert_eq!(span("2026-12").next(), span("2027-01"));
        assert_eq!(span("2026-01-01").previous(), span("2025-12-31"));
        assert!(!span("2027").has_begun(date(2026, 12, 31)));
        assert!(span("2026-10").is_over(date(2026, 11, 1)));
    }
}
