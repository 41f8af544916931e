//! Energy by step of a history: registers from hours, the maximum and its time, comparison with another stretch.

use std::collections::BTreeMap;

use gridkey_client::bill_check::power_factor;
use gridkey_domain::MeterId;
use gridkey_domain::{
    Month, Quantity, Timestamp,
    bill::Bill,
    usage::{Registers, UsagePoint, UsageSummary},
};

use super::{
    span::Span,
    tou::{self, Period},
};

/// One part of a stretch: a month of the year, a day of the month, a quarter-hour of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its place within the stretch, from 0.
    pub place: usize,
    /// When it begins.
    pub start: Timestamp,
    /// Active energy, kWh.
    pub total: Quantity,
    /// The same by register, where it is known.
    pub registers: Option<Registers>,
    /// Reactive energy, kvarh.
    pub kvarh: Quantity,
    /// The highest 15-minute average, kW; within a day the average of the quarter-hour itself.
    pub max_kw: Quantity,
    /// The same part a year earlier.
    pub year_before: Option<Before>,
}

/// A part of a year earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// Active energy, kWh.
    pub kwh: Quantity,
    /// The highest 15-minute average, kW.
    pub max_kw: Quantity,
}

impl Row {
    /// The power factor of this part.
    pub fn power_factor(&self) -> Quantity {
        power_factor(self.total, self.kvarh)
    }
}

/// The highest demand of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peak {
    /// The average, kW.
    pub kw: Quantity,
    /// When the step began in which it was.
    pub start: Timestamp,
}

/// The rows of a stretch, in order of time. `registers` gives the months' registers, which only bills and the running month
/// tell; days are split by their hours.
pub fn rows(span: Span, points: &[UsagePoint], registers: &BTreeMap<Month, Registers>) -> Vec<Row> {
    match span {
        Span::Year(_) => {
            points.iter().map(|p| row(span, p, registers.get(&Month::of(p.start.date())).copied())).collect()
        }
        Span::Month(_) => days(span, points),
        Span::Day(_) => points
            .iter()
            .map(|p| {
                let of_period = tou::add(&Registers::default(), Period::at(p.start), p.kwh);
                Row { place: quarter(p.start), ..row(span, p, of_period) }
            })
            .collect(),
    }
}

fn row(span: Span, point: &UsagePoint, registers: Option<Registers>) -> Row {
    Row {
        place: span.place(point.start.date()),
        start: point.start,
        total: point.kwh,
        registers,
        kvarh: point.kvarh,
        max_kw: point.max_kw,
        year_before: None,
    }
}

/// The quarter-hour of the day, 0 to 95.
pub fn quarter(at: Timestamp) -> usize {
    let local = at.civil();
    usize::try_from(i64::from(local.hour()) * 4 + i64::from(local.minute()) / 15).unwrap_or(0)
}

fn days(span: Span, hours: &[UsagePoint]) -> Vec<Row> {
    let mut days: Vec<Row> = Vec::new();
    for hour in hours {
        let place = span.place(hour.start.date());
        if days.last().is_none_or(|day| day.place != place) {
            let nothing = Row { total: Quantity::ZERO, kvarh: Quantity::ZERO, ..row(span, hour, None) };
            days.push(Row { registers: Some(Registers::default()), ..nothing });
        }
        let Some(day) = days.last_mut() else { continue };
        day.registers = day.registers.and_then(|registers| tou::add(&registers, Period::at(hour.start), hour.kwh));
        day.total = day.total.checked_add(hour.kwh).unwrap_or(day.total);
        day.kvarh = day.kvarh.checked_add(hour.kvarh).unwrap_or(day.kvarh);
        day.max_kw = day.max_kw.max(hour.max_kw);
    }
    days
}

/// Writes what was a year earlier beside each row, by place.
pub fn compare(rows: &mut [Row], span: Span, points: &[UsagePoint]) {
    let before: BTreeMap<usize, Before> = points
        .iter()
        .map(|p| {
            let place = if matches!(span, Span::Day(_)) { quarter(p.start) } else { span.place(p.start.date()) };
            (place, Before { kwh: p.kwh, max_kw: p.max_kw })
        })
        .collect();
    for row in rows {
        row.year_before = before.get(&row.place).copied();
    }
}

/// The registers of a meter's months, from its bills and the running month.
pub fn month_registers<'a>(
    meter: &MeterId,
    bills: impl IntoIterator<Item = &'a Bill>,
    running: Option<&UsageSummary>,
) -> BTreeMap<Month, Registers> {
    let billed = bills.into_iter().filter(|bill| bill.meter == *meter).map(|bill| (bill.month, bill.kwh));
    let running = running.into_iter().flat_map(|summary| {
        summary.meters.iter().filter(|usage| usage.meter == *meter).map(|usage| (summary.month, usage.kwh))
    });
    billed.chain(running).collect()
}

/// Where the highest demand was; the first of equals, `None` without readings.
pub fn peak(points: &[UsagePoint]) -> Option<Peak> {
    points
        .iter()
        .map(|p| Peak { kw: p.max_kw, start: p.start })
        .reduce(|best, next| if next.kw > best.kw { next } else { best })
}

/// The sum of rows: energy, reactive energy, and both years where each row has its other year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Active energy, kWh.
    pub kwh: Quantity,
    /// Reactive energy, kvarh.
    pub kvarh: Quantity,
    /// Energy of those rows that have a row a year earlier, and energy of these, kWh.
    pub compared: Option<(Quantity, Quantity)>,
}

/// Sums rows; only those that `whole` says are over are compared, since half a month is no match for a whole one. `None` out of
/// range.
pub fn total(rows: &[Row], whole: impl Fn(&Row) -> bool) -> Option<Total> {
    let mut sum = Total::default();
    for row in rows {
        sum.kwh = sum.kwh.checked_add(row.total)?;
        sum.kvarh = sum.kvarh.checked_add(row.kvarh)?;
        if let Some(before) = row.year_before.filter(|_| whole(row)) {
            let (now, then) = sum.compared.unwrap_or_default();
            sum.compared = Some((now.checked_add(row.total)?, then.checked_add(before.kwh)?));
        }
    }
    Some(sum)
}

/// How much more `now` is than `then`, tenths of a percent, half away from zero. `None` if `then` is nothing.
pub fn change(now: Quantity, then: Quantity) -> Option<i64> {
    let base = i128::from(then.units());
    if base <= 0 {
        return None;
    }
    let thousand = (i128::from(now.units()) - base) * 1_000;
    let half = if thousand < 0 { -base / 2 } else { base / 2 };
    i64::try_from((thousand + half) / base).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn point(start: &str, kwh: &str, max_kw: &str) -> UsagePoint {
        let start = Timestamp::from_civil(start.parse().unwrap());
        UsagePoint { start, kwh: quantity(kwh), kvarh: quantity("1"), max_kw: quantity(max_kw) }
    }

    fn month() -> Span {
        "2026-12".parse().unwrap()
    }

    #[test]
    fn hours_make_days_with_registers_that_add_up() {
        let hours = [
            point("2026-12-01T06:00", "10.10", "12"),
            point("2026-12-01T07:00", "20.20", "22"),
            point("2026-12-01T19:00", "30.30", "35"),
            point("2026-12-01T21:00", "40.40", "45"),
            point("2026-12-03T00:00", "5.00", "6"),
        ];
        let rows = rows(month(), &hours, &BTreeMap::new());
        assert_eq!(rows.iter().map(|row| row.place).collect::<Vec<_>>(), [0, 2]);
        let first = rows[0].registers.unwrap();
        assert_eq!(
            (first.valley, first.flat, first.sharp, first.peak, first.total),
            (quantity("10.10"), quantity("20.20"), quantity("30.30"), quantity("40.40"), quantity("101.00"))
        );
        assert_eq!((rows[0].total, rows[0].kvarh, rows[0].max_kw), (quantity("101"), quantity("4"), quantity("45")));
    }

    #[test]
    fn a_month_without_a_bill_keeps_its_total_and_has_no_registers() {
        let points = [point("2026-01-01T00:00", "100", "9"), point("2026-02-01T00:00", "200", "9")];
        let known = BTreeMap::from([("2026-02".parse().unwrap(), Registers::default())]);
        let rows = rows("2026".parse().unwrap(), &points, &known);
        assert_eq!((rows[0].registers, rows[0].total), (None, quantity("100")));
        assert!(rows[1].registers.is_some());
    }

    #[test]
    fn a_day_is_compared_quarter_hour_by_quarter_hour() {
        let span: Span = "2026-12-01".parse().unwrap();
        let mut today = rows(span, &[point("2026-12-01T13:45", "3", "12")], &BTreeMap::new());
        compare(&mut today, span, &[point("2025-12-01T13:30", "9", "1"), point("2025-12-01T13:45", "2", "8")]);
        assert_eq!(
            (today[0].place, today[0].year_before),
            (55, Some(Before { kwh: quantity("2"), max_kw: quantity("8") }))
        );
    }

    #[test]
    fn the_comparison_leaves_out_what_has_no_other_year() {
        let mut days = rows(
            month(),
            &[point("2026-12-01T00:00", "110", "1"), point("2026-12-02T00:00", "999", "1")],
            &BTreeMap::new(),
        );
        compare(&mut days, month(), &[point("2025-12-01T00:00", "100", "1")]);
        let total = total(&days, |_| true).unwrap();
        assert_eq!(total.compared, Some((quantity("110"), quantity("100"))));
        assert_eq!(change(quantity("110"), quantity("100")), Some(100));
        assert_eq!(change(quantity("96.95"), quantity("100")), Some(-31));
        assert_eq!(change(quantity("1"), Quantity::ZERO), None);
    }

    #[test]
    fn a_day_that_is_not_over_is_summed_but_not_compared() {
        let mut days = rows(month(), &[point("2026-12-01T00:00", "50", "1")], &BTreeMap::new());
        compare(&mut days, month(), &[point("2025-12-01T00:00", "100", "1")]);
        let total = total(&days, |_| false).unwrap();
        assert_eq!((total.kwh, total.compared), (quantity("50"), None));
    }

    #[test]
    fn the_first_of_equal_maxima_is_named() {
        let points = [
            point("2026-12-01T00:00", "1", "5"),
            point("2026-12-01T01:00", "1", "7"),
            point("2026-12-01T02:00", "1", "7"),
        ];
        assert_eq!(peak(&points).map(|peak| (peak.kw, peak.start.civil().hour())), Some((quantity("7"), 1)));
        assert_eq!(peak(&[]), None);
    }
}
