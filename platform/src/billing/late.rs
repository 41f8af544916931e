//! Late-payment charges.
//!
//! For each day from the day after the due date, what is unpaid on that day is charged 2 ‰ until the calendar year
//! ends and 3 ‰ from then on; simple, rounded once per bill, at least 1.00 yuan once it applies. The day of a payment
//! still counts for what it pays.

use gridkey_domain::{
    Fen, Price, Quantity,
    bill::{BillLine, LineKind},
};
use jiff::civil::Date;

use super::{TooLarge, divide_rounded};

/// The least charge: 1.00 yuan.
const LEAST: u64 = 100;

/// Money that came in on a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The day, Asia/Shanghai.
    pub on: Date,
    /// How much.
    pub amount: Fen,
}

/// A bill's debt over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt {
    /// The amount billed.
    pub total: Fen,
    /// The last day to pay without a charge.
    pub due: Date,
    /// What was paid, in any order.
    pub paid: Vec<Part>,
}

/// Days that `on` lies past `due`; negative before it.
pub fn days_past(due: Date, on: Date) -> i64 {
    (on - due).get_days().into()
}

impl Debt {
    /// The charge run up by the end of `on`. Zero if nothing was ever overdue.
    pub fn late_charge(&self, on: Date) -> Result<Fen, TooLarge> {
        let exact = self.stretches(on).map(|stretch| i128::from(stretch.unpaid) * i128::from(stretch.rate())).sum();
        if exact == 0 {
            return Ok(Fen::ZERO);
        }
        let rounded = u64::try_from(divide_rounded(exact, 1000)).map_err(|_| TooLarge)?;
        Fen::new(rounded.max(LEAST)).map_err(|_| TooLarge)
    }

    /// The bill line of a settled debt's charge; `None` if it was paid in time. Its quantity is what was unpaid after
    /// the due date in yuan, its price the rate that all days add up to: their product is the amount unless the debt
    /// was paid in parts or the least charge applied.
    pub fn late_line(&self, settled: Date) -> Result<Option<BillLine>, TooLarge> {
        let amount = self.late_charge(settled)?;
        if amount == Fen::ZERO {
            return Ok(None);
        }
        let unpaid = self.stretches(settled).next().map_or(0, |stretch| stretch.unpaid);
        let rate: i64 = self.stretches(settled).map(|stretch| stretch.rate()).sum();
        Ok(Some(BillLine {
            kind: LineKind::Late,
            quantity: Quantity::from_units(i64::try_from(unpaid).map_err(|_| TooLarge)?),
            price: Price::from_units(rate * 10),
            amount: i64::try_from(amount.get()).map_err(|_| TooLarge)?,
        }))
    }

    /// The days after the due date until `on`, cut where a payment came in; only those with something unpaid.
    fn stretches(&self, on: Date) -> impl Iterator<Item = Stretch> {
        let mut cuts: Vec<Date> =
            self.paid.iter().map(|part| part.on).filter(|day| *day > self.due && *day < on).collect();
        cuts.push(on);
        cuts.sort_unstable();
        cuts.dedup();
        let first = self.due.tomorrow().unwrap_or(Date::MAX);
        cuts.into_iter()
            .scan(first, move |from, until| {
                let began = *from;
                *from = until.tomorrow().unwrap_or(Date::MAX);
                let paid = self
                    .paid
                    .iter()
                    .filter(|part| part.on < began)
                    .fold(0_u64, |sum, part| sum.saturating_add(part.amount.get()));
                Some(Stretch {
                    unpaid: self.total.get().saturating_sub(paid),
                    days_of_first_year: days_between(began, until.min(last_day_of_year(first))),
                    days_after: days_between(began.max(first_day_after_year(first)), until),
                })
            })
            .filter(|stretch| stretch.unpaid > 0 && stretch.rate() > 0)
    }
}

/// Days on which the same amount was unpaid.
struct Stretch {
    unpaid: u64,
    days_of_first_year: i64,
    days_after: i64,
}

impl Stretch {
    /// In thousandths.
    const fn rate(&self) -> i64 {
        2 * self.days_of_first_year + 3 * self.days_after
    }
}

/// The number of days from `first` to `last`, both included; none if `last` is earlier.
fn days_between(first: Date, last: Date) -> i64 {
    (days_past(first, last) + 1).max(0)
}

fn last_day_of_year(day: Date) -> Date {
    day.last_of_year()
}

fn first_day_after_year(day: Date) -> Date {
    day.last_of_year().tomorrow().unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn fen(fen: u64) -> Fen {
        Fen::new(fen).unwrap()
    }

    fn debt(total: u64, due: Date, paid: &[(Date, u64)]) -> Debt {
        let paid = paid.iter().map(|(on, amount)| Part { on: *on, amount: fen(*amount) }).collect();
        Debt { total: fen(total), due, paid }
    }

    #[test]
    fn runs_from_the_day_after_the_due_date() {
        let debt = debt(10_000_000, date(2026, 10, 16), &[]);
        assert_eq!(debt.late_charge(date(2026, 10, 16)), Ok(Fen::ZERO));
        assert_eq!(debt.late_charge(date(2026, 10, 17)), Ok(fen(20_000)));
        assert_eq!(debt.late_charge(date(2026, 10, 26)), Ok(fen(200_000)));
    }

    #[test]
    fn is_dearer_after_the_year_has_ended() {
        // 16 December: 15 days of December at 2 ‰, then January at 3 ‰.
        let debt = debt(1_000_000, date(2026, 12, 16), &[]);
        assert_eq!(debt.late_charge(date(2026, 12, 31)), Ok(fen(30_000)));
        assert_eq!(debt.late_charge(date(2027, 1, 10)), Ok(fen(60_000)));
        assert_eq!(debt.late_charge(date(2028, 1, 1)), Ok(fen(30_000 + 366 * 3_000)));
    }

    #[test]
    fn is_at_least_one_yuan_once_it_applies() {
        let debt = debt(1_000, date(2026, 10, 16), &[]);
        assert_eq!(debt.late_charge(date(2026, 10, 16)), Ok(Fen::ZERO));
        assert_eq!(debt.late_charge(date(2026, 10, 17)), Ok(fen(100)));
    }

    #[test]
    fn is_rounded_once_for_the_whole_bill() {
        // 1,250.50 yuan: 2.501 a day; three days are 7.503 → 7.50, not three times 2.50; five are 12.505 → 12.51.
        let debt = debt(125_050, date(2026, 10, 16), &[]);
        assert_eq!(debt.late_charge(date(2026, 10, 19)), Ok(fen(750)));
        assert_eq!(debt.late_charge(date(2026, 10, 21)), Ok(fen(1_251)));
    }

    #[test]
    fn a_part_payment_lowers_it_from_the_next_day() {
        let debt = debt(1_000_000, date(2026, 10, 16), &[(date(2026, 10, 20), 600_000)]);
        assert_eq!(debt.late_charge(date(2026, 10, 20)), Ok(fen(4 * 2_000)));
        assert_eq!(debt.late_charge(date(2026, 10, 26)), Ok(fen(4 * 2_000 + 6 * 800)));
    }

    #[test]
    fn stops_when_the_bill_is_settled_and_makes_a_line() {
        let paid_late = debt(1_000_000, date(2026, 10, 16), &[(date(2026, 10, 26), 1_000_000)]);
        assert_eq!(paid_late.late_charge(date(2027, 3, 1)), Ok(fen(20_000)));
        let line = paid_late.late_line(date(2026, 10, 26)).unwrap().unwrap();
        assert_eq!(
            (line.quantity.to_string(), line.price.to_string(), line.amount),
            ("10000.00".into(), "0.0200".into(), 20_000)
        );
        let in_time = debt(1_000_000, date(2026, 10, 16), &[(date(2026, 10, 16), 1_000_000)]);
        assert_eq!(in_time.late_line(date(2026, 10, 16)), Ok(None));
    }

    /// Day by day, as the tariff words it.
    fn reckoned_by_day(debt: &Debt, on: Date) -> u64 {
        let mut exact = 0_u64;
        let mut day = debt.due.tomorrow().unwrap();
        let year = day.year();
        while day <= on {
            let paid: u64 = debt.paid.iter().filter(|part| part.on < day).map(|part| part.amount.get()).sum();
            exact += debt.total.get().saturating_sub(paid) * if day.year() == year { 2 } else { 3 };
            day = day.tomorrow().unwrap();
        }
        if exact == 0 { 0 } else { ((exact + 500) / 1000).max(100) }
    }

    proptest! {
        #[test]
        fn equals_the_sum_over_the_days(
            total in 1_u64..1_000_000_000,
            due in 0_i32..800,
            days in -20_i32..900,
            paid in proptest::collection::vec((-30_i32..900, 0_u64..400_000_000), 0..4),
        ) {
            let start = date(2026, 1, 1);
            let day = |n: i32| start + jiff::Span::new().days(n);
            let paid: Vec<_> = paid.into_iter().map(|(n, amount)| (day(due + n), amount)).collect();
            let debt = debt(total, day(due), &paid);
            let on = day(due + days);
            prop_assert_eq!(debt.late_charge(on).unwrap().get(), reckoned_by_day(&debt, on));
        }
    }
}
