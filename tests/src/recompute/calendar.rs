//! Which day of 2016 a date follows.

use jiff::civil::Date;

/// The profile year and its days.
const YEAR: i16 = 2016;
const DAYS: i16 = 366;

/// The day of 2016 with the same weekday nearest to the date's month and day; the later one of two equally near; year ends
/// wrap.
pub(super) fn nearest(date: Date) -> Date {
    let place = |month, day| Date::constant(YEAR, month, day).day_of_year();
    let wanted = place(date.month(), date.day());
    let all = Date::constant(YEAR, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() == YEAR);
    let same_weekday = all.filter(|day| day.weekday() == date.weekday());
    let rank = |day: &Date| {
        // How many days later it is, going round: 0 to 365.
        let later = (day.day_of_year() - wanted).rem_euclid(DAYS);
        if later <= DAYS / 2 { (later, 0) } else { (DAYS - later, 1) }
    };
    same_weekday.min_by_key(rank).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_nearest_day_of_the_same_weekday_is_taken() {
        // A Wednesday in 2016, a Monday in 2026: the Monday two days earlier is nearer than the one five days later.
        assert_eq!(nearest(date(2026, 11, 23)), date(2016, 11, 21));
        // A Wednesday; in 2016 the last one was 28 December, the first 6 January.
        assert_eq!(nearest(date(2025, 1, 1)), date(2016, 12, 28));
        assert_eq!(nearest(date(2016, 2, 29)), date(2016, 2, 29));
    }
}
