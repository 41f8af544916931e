use std::time::Duration;

use gridkey_domain::bill::{BillState, LineKind};
use gridkey_surreal::vars;
use jiff::civil::date;

use super::*;
use crate::{
    billing::{DayReadings, Power, Slot},
    store::{customers::tests::dairy, readings::MeterDay},
};

const TODAY: Date = date(2026, 11, 23);

fn at() -> Timestamp {
    Timestamp::from_civil(TODAY.at(9, 0, 0, 0))
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// A store in which meter `M1` used 100 kW all day on the first of each month from August to November 2026.
async fn store() -> PlatformStore {
    let store = PlatformStore::in_memory().await.unwrap();
    store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
    let mut readings = DayReadings::default();
    let slot = Slot { active: Power::from_units(100 * Power::UNITS_PER_KW), reactive: Power::from_units(0) };
    (0..96).for_each(|at| readings.set(at, slot));
    let days: Vec<_> = (8..=11)
        .map(|month| MeterDay { meter: "M1".parse().unwrap(), date: date(2026, month, 1), readings: readings.clone() })
        .collect();
    store.put_days(&days).await.unwrap();
    store
}

async fn bill(store: &PlatformStore, id: &str) -> Bill {
    store.bill(&dairy().customer, &id.parse().unwrap(), TODAY).await.unwrap()
}

async fn book(store: &PlatformStore, bill: &str, source: &str, amount: u64, on: &str) -> i64 {
    let amount = i64::try_from(amount).unwrap();
    let left: Option<i64> = store
        .database()
        .transact(
            "RETURN fn::book($bill, $source, $amount, $paid_on)",
            vars! { bill: bill.to_owned(), source: source.to_owned(), amount: amount, paid_on: on.to_owned() },
        )
        .await
        .unwrap()
        .last()
        .unwrap();
    left.unwrap()
}

#[tokio::test]
async fn a_run_makes_each_bill_once_and_tells_the_server_once() {
    let store = store().await;
    let report = run(&store, month("2026-10"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    assert_eq!((report.made.len(), report.without_readings), (1, 1));
    let again = run(&store, month("2026-10"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    assert_eq!((again.made.len(), again.existing), (0, 1));
    let events = store.outbox_after(0, 10, Duration::ZERO).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].source, "bill/B-2026-10-M1");
    let bill = bill(&store, "B-2026-10-M1").await;
    assert_eq!(events[0].body, serde_json::to_value(crate::store::bills::summary_of(&bill)).unwrap());
    assert_eq!((bill.issued, bill.due, bill.state), (date(2026, 11, 1), date(2026, 11, 16), BillState::Overdue));
}

#[tokio::test]
async fn a_month_that_has_not_ended_is_not_billed() {
    let store = store().await;
    let refused = run(&store, month("2026-11"), TODAY, Purpose::Issue { at: at() }).await;
    assert!(matches!(refused, Err(BillRunError::NotEnded(_))));
    let year = run_year(&store, 2026, TODAY, Purpose::Issue { at: at() }).await.unwrap();
    assert_eq!(year.made.len(), 3);
}

#[tokio::test]
async fn bills_of_the_past_are_paid_and_nobody_is_told() {
    let store = store().await;
    run(&store, month("2026-08"), TODAY, Purpose::History { paid: true }).await.unwrap();
    assert_eq!(bill(&store, "B-2026-08-M1").await.state, BillState::Paid);
    assert_eq!(store.outbox_head().await.unwrap(), 0);
    let next = run(&store, month("2026-09"), TODAY, Purpose::History { paid: false }).await.unwrap();
    assert_eq!(next.made.len(), 1);
    assert_eq!(bill(&store, "B-2026-09-M1").await.lines.len(), 7, "paid in time: no late-payment line");
}

#[tokio::test]
async fn money_is_booked_once_and_what_is_too_much_goes_to_the_account() {
    let store = store().await;
    run(&store, month("2026-09"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    let total = bill(&store, "B-2026-09-M1").await.total.get();
    let left = i64::try_from(total - 1_000).unwrap();
    assert_eq!(book(&store, "B-2026-09-M1", "p1", 1_000, "2026-10-10").await, left);
    assert_eq!(book(&store, "B-2026-09-M1", "p1", 1_000, "2026-10-10").await, left, "the same payment again");
    assert_eq!(bill(&store, "B-2026-09-M1").await.open.get(), total - 1_000);
    assert_eq!(book(&store, "B-2026-09-M1", "p2", total, "2026-10-11").await, 0);
    assert_eq!(store.account(&dairy().customer).await.unwrap().balance, 1_000);
}

#[tokio::test]
async fn credit_on_the_account_pays_the_next_bill() {
    let store = store().await;
    store.database().transact("fn::credit('1100000006', 5000)", vars! {}).await.unwrap();
    run(&store, month("2026-10"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    let bill = bill(&store, "B-2026-10-M1").await;
    assert_eq!(bill.open.get() + 5_000, bill.total.get());
    assert_eq!(store.account(&dairy().customer).await.unwrap().balance, 0);
    let events = store.outbox_after(0, 10, Duration::ZERO).await.unwrap();
    assert_eq!(events[0].body["open"], bill.open.get());
}

#[tokio::test]
async fn credit_that_pays_a_loaded_bill_is_told_to_the_server_too() {
    let store = store().await;
    store.database().transact("fn::credit('1100000006', 5000)", vars! {}).await.unwrap();
    run(&store, month("2026-10"), TODAY, Purpose::History { paid: false }).await.unwrap();
    assert_eq!(store.account(&dairy().customer).await.unwrap().balance, 0);
    let events = store.outbox_after(0, 10, Duration::ZERO).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].body, serde_json::json!({ "fields": ["balance"] }));
}

#[tokio::test]
async fn a_late_payment_is_charged_on_the_next_bill_once() {
    let store = store().await;
    run(&store, month("2026-08"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    let late = bill(&store, "B-2026-08-M1").await;
    // Due on 16 September, paid on the 26th: ten days at 2 ‰.
    book(&store, "B-2026-08-M1", "p1", late.total.get(), "2026-09-26").await;
    run(&store, month("2026-09"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    run(&store, month("2026-10"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    let with_line = bill(&store, "B-2026-09-M1").await;
    let line = with_line.lines.last().unwrap();
    assert_eq!((line.kind, line.price.to_string().as_str()), (LineKind::Late, "0.0200"));
    assert_eq!(u64::try_from(line.amount).unwrap(), (late.total.get() * 20 + 500) / 1000);
    assert_eq!(
        with_line.lines.iter().map(|line| line.amount).sum::<i64>(),
        i64::try_from(with_line.total.get()).unwrap()
    );
    assert_eq!(bill(&store, "B-2026-10-M1").await.lines.len(), 7);
}

#[tokio::test]
async fn a_debt_still_open_waits_with_its_charge() {
    let store = store().await;
    run(&store, month("2026-08"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    run(&store, month("2026-09"), TODAY, Purpose::Issue { at: at() }).await.unwrap();
    assert_eq!(bill(&store, "B-2026-09-M1").await.lines.len(), 7);
}
