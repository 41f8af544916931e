//! Arrears: what is overdue, and the alarms that its changes raise.
//!
//! [`assess`] is a pure function of bills and the date. A tick ([`evaluate_all`]) compares its level with the one noted
//! last; raising, escalating, easing and clearing are each noted once, in the history and in the outbox together.

use gridkey_domain::{
    CustomerNo, Fen, Timestamp,
    arrears::{Arrears, ArrearsChange, ArrearsEvent, Level, OverdueBill},
    bill::BillSummary,
};
use jiff::civil::Date;

use crate::{
    billing::{
        TooLarge,
        late::{Debt, days_past},
    },
    store::{PlatformStore, StoreError},
};

/// How often a customer is looked at again when another tick came between.
const ATTEMPTS: usize = 5;

/// Arrears could not be reckoned.
#[derive(Debug, thiserror::Error)]
pub enum ArrearsError {
    /// The store failed; the next tick tries again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The amounts make no sense.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

/// What is overdue on `today`, from a customer's bills with what was paid on them.
pub fn assess(bills: &[(BillSummary, Debt)], today: Date) -> Result<Arrears, TooLarge> {
    let mut overdue = Vec::new();
    for (bill, debt) in bills {
        let days = days_past(bill.due, today);
        if days > 0 && bill.open > Fen::ZERO {
            let late = debt.late_charge(today)?;
            overdue.push(OverdueBill { bill: bill.bill.clone(), due: bill.due, days, open: bill.open, late });
        }
    }
    overdue.sort_by(|a, b| (a.due, &a.bill).cmp(&(b.due, &b.bill)));
    Ok(Arrears {
        open: Fen::checked_sum(overdue.iter().map(|bill| bill.open)).ok_or(TooLarge)?,
        late: Fen::checked_sum(overdue.iter().map(|bill| bill.late)).ok_or(TooLarge)?,
        level: overdue.iter().map(|bill| Level::of_days(bill.days)).max().unwrap_or(Level::None),
        bills: overdue,
    })
}

/// What it is called when the level goes from `before` to `after`; `None` if it stays.
pub fn change(before: Level, after: Level) -> Option<ArrearsChange> {
    match (before, after) {
        _ if before == after => None,
        (Level::None, _) => Some(ArrearsChange::Raised),
        (_, Level::None) => Some(ArrearsChange::Cleared),
        _ if after > before => Some(ArrearsChange::Escalated),
        _ => Some(ArrearsChange::Eased),
    }
}

/// What is overdue of a customer on `today`.
pub async fn of(store: &PlatformStore, customer: &CustomerNo, today: Date) -> Result<Arrears, ArrearsError> {
    Ok(assess(&store.overdue_of(customer, today).await?, today)?)
}

/// Looks at a customer and notes a change, if there is one. To be called after a payment was booked, too.
pub async fn evaluate(
    store: &PlatformStore,
    customer: &CustomerNo,
    today: Date,
    at: Timestamp,
) -> Result<Option<ArrearsEvent>, ArrearsError> {
    for _ in 0..ATTEMPTS {
        let before = store.arrears_state(customer).await?;
        let now = of(store, customer, today).await?;
        let Some(change) = change(before.level, now.level) else { return Ok(None) };
        let event = ArrearsEvent {
            alarm: format!("A-{customer}-{}", before.number + 1),
            at,
            change,
            level: now.level,
            open: now.open,
            late: now.late,
        };
        if store.change_arrears(customer, before, &event).await? {
            return Ok(Some(event));
        }
    }
    // Others noted changes each time; the next tick sees what is left.
    Ok(None)
}

/// Looks at every customer. Gives the changes noted.
pub async fn evaluate_all(
    store: &PlatformStore,
    today: Date,
    at: Timestamp,
) -> Result<Vec<(CustomerNo, ArrearsEvent)>, ArrearsError> {
    let mut events = Vec::new();
    for customer in store.customers().await? {
        if let Some(event) = evaluate(store, &customer, today, at).await? {
            events.push((customer, event));
        }
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use gridkey_domain::bill::BillState;
    use gridkey_surreal::vars;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::store::{bills::Entry, customers::tests::dairy};

    fn bill(month: &str, due: Date, total: u64) -> (BillSummary, Debt) {
        let total = Fen::new(total).unwrap();
        let month = month.parse().unwrap();
        let meter = "M1".parse().unwrap();
        let summary = BillSummary {
            bill: gridkey_domain::BillId::of(month, &meter),
            meter,
            month,
            issued: due,
            due,
            total,
            open: total,
            state: BillState::Open,
        };
        (summary, Debt { total, due, paid: Vec::new() })
    }

    #[test]
    fn the_gravest_bill_sets_the_level_and_the_oldest_comes_first() {
        let bills = [
            bill("2026-10", date(2026, 11, 16), 100_000),
            bill("2026-09", date(2026, 10, 16), 200_000),
            bill("2026-11", date(2026, 12, 16), 300_000),
        ];
        let arrears = assess(&bills, date(2026, 11, 23)).unwrap();
        assert_eq!(arrears.level, Level::Final);
        assert_eq!(arrears.bills.iter().map(|bill| bill.days).collect::<Vec<_>>(), [38, 7]);
        assert_eq!(arrears.open.get(), 300_000);
        assert_eq!(arrears.late.get(), 200_000 * 76 / 1000 + 100_000 * 14 / 1000);
        assert_eq!(assess(&bills, date(2026, 10, 16)).unwrap().level, Level::None, "the due date is still in time");
    }

    #[test]
    fn levels_follow_each_other_by_days() {
        let bills = [bill("2026-10", date(2026, 11, 16), 100_000)];
        let level =
            |days: i64| assess(&bills, date(2026, 11, 16).saturating_add(jiff::Span::new().days(days))).unwrap().level;
        assert_eq!(
            [1, 15, 16, 30, 31].map(level),
            [Level::Reminder, Level::Reminder, Level::Warning, Level::Warning, Level::Final]
        );
    }

    proptest! {
        #[test]
        fn every_step_of_the_level_has_one_name(before in 0_usize..4, after in 0_usize..4) {
            let levels = [Level::None, Level::Reminder, Level::Warning, Level::Final];
            let named = change(levels[before], levels[after]);
            prop_assert_eq!(named.is_none(), before == after);
            prop_assert_eq!(named == Some(ArrearsChange::Cleared), after == 0 && before > 0);
            prop_assert_eq!(named == Some(ArrearsChange::Raised), before == 0 && after > 0);
        }
    }

    #[tokio::test]
    async fn alarms_come_once_each_and_clear_when_paid() {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        let customer = dairy().customer;
        let (summary, _) = bill("2026-10", date(2026, 11, 16), 100_000);
        store.enter_bill(&full(&summary), &Entry::default()).await.unwrap();

        let mut changes = Vec::new();
        for day in [16, 17, 18, 30] {
            let today = date(2026, 11, day);
            changes.extend(evaluate_all(&store, today, at(today)).await.unwrap());
        }
        let december = date(2026, 12, 5);
        changes.extend(evaluate_all(&store, december, at(december)).await.unwrap());
        store.database().transact("fn::book('B-2026-10-M1', 'p1', 100000, '2026-12-05')", vars! {}).await.unwrap();
        changes
            .extend(evaluate(&store, &customer, december, at(december)).await.unwrap().map(|e| (customer.clone(), e)));
        changes.extend(evaluate_all(&store, december, at(december)).await.unwrap());
        let seen: Vec<_> = changes.iter().map(|(_, event)| (event.change, event.level)).collect();
        assert_eq!(
            seen,
            [
                (ArrearsChange::Raised, Level::Reminder),
                (ArrearsChange::Escalated, Level::Warning),
                (ArrearsChange::Cleared, Level::None),
            ]
        );
        let history = store.arrears_history(&customer, None, 2).await.unwrap();
        assert_eq!(history.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(history[0].1, changes[2].1);
        assert_eq!(store.arrears_history(&customer, Some(2), 2).await.unwrap().len(), 1);
        let told = store.outbox_after(0, 10, Duration::ZERO).await.unwrap();
        assert_eq!(told.len(), 3);
        assert_eq!(told[0].body, serde_json::to_value(&changes[0].1).unwrap());
    }

    #[tokio::test]
    async fn two_ticks_at_once_note_one_change() {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        let (summary, _) = bill("2026-10", date(2026, 11, 16), 100_000);
        store.enter_bill(&full(&summary), &Entry::default()).await.unwrap();
        let today = date(2026, 11, 20);
        let (one, other) = tokio::join!(evaluate_all(&store, today, at(today)), evaluate_all(&store, today, at(today)));
        assert_eq!(one.unwrap().len() + other.unwrap().len(), 1);
        assert_eq!(store.outbox_head().await.unwrap(), 1);
    }

    fn at(day: Date) -> Timestamp {
        Timestamp::from_civil(day.at(9, 0, 0, 0))
    }

    fn full(summary: &BillSummary) -> gridkey_domain::bill::Bill {
        gridkey_domain::bill::Bill {
            bill: summary.bill.clone(),
            customer: dairy().customer,
            meter: summary.meter.clone(),
            month: summary.month,
            issued: summary.issued,
            due: summary.due,
            kwh: gridkey_domain::usage::Registers::default(),
            kvarh: gridkey_domain::Quantity::ZERO,
            max_kw: gridkey_domain::Quantity::ZERO,
            pf: gridkey_domain::Quantity::from_units(100),
            lines: Vec::new(),
            total: summary.total,
            open: summary.open,
            state: summary.state,
            documents: Vec::new(),
        }
    }
}
