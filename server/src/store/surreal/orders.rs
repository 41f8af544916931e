//! Orders, and the bills that they hold.

use std::sync::atomic::{AtomicBool, Ordering};

use gridkey_domain::{BillId, CustomerNo, PaymentId, PaymentState, payment::Transition};
use gridkey_surreal::{RecordId, SurrealValue, vars};

use super::{
    SurrealStore, figures,
    keys::binding,
    rows::{KeyRow, OrderRow, damage, payment},
    script::{REV, Script, record},
    write::{Plan, damaged, to_i64},
};
use crate::store::{AuditDraft, Conflict, NewOrder, OrderChange, OrderRecord, StoreError};

/// `reservation:[bill]`
#[derive(Debug, Clone, SurrealValue)]
struct ReservationRow {
    bill: String,
    customer: String,
    payment: String,
}

pub(super) async fn get(
    store: &SurrealStore,
    customer: &CustomerNo,
    id: PaymentId,
) -> Result<Option<OrderRecord>, StoreError> {
    store.find::<OrderRow>(&OrderRow::record(customer, id)).await?.map(|row| row.read(&store.vault)).transpose()
}

pub(super) async fn insert(
    store: &SurrealStore,
    order: &NewOrder,
    audit: AuditDraft,
) -> Result<OrderRecord, StoreError> {
    let drafts = [audit];
    let tried = &AtomicBool::new(false);
    store
        .write(&drafts, move |number| {
            Box::pin(async move {
                let (row, record) = submitted(store, order, number)?;
                if !tried.swap(true, Ordering::Relaxed) {
                    return Ok(Plan::Write(at_once(order, row), record));
                }
                // Something is in its way, or was: what it is, only its records tell.
                let place = OrderRow::record(&order.customer, order.id);
                let key_place = KeyRow::record(&order.key);
                let bills: Vec<RecordId> = order.bills.iter().map(|share| reservation(&share.bill)).collect();
                let mut rows = store
                    .read(
                        "SELECT VALUE id FROM $place; SELECT * FROM $key; SELECT VALUE bill FROM $bills",
                        vars! {
                            place: place.clone(), key: key_place.clone(), bills: bills.clone(),
                        },
                    )
                    .await?;
                if !rows.all::<RecordId>(0)?.is_empty() {
                    return Err(Conflict::OrderExists.into());
                }
                let key: KeyRow = rows.one(1).map_err(damaged)?.ok_or(StoreError::NotFound("key"))?;
                if !key.read()?.may_have_signed(order.created) {
                    return Err(Conflict::KeyState(key.state()?).into());
                }
                if key.customer.as_deref() != Some(order.customer.as_str()) {
                    return Err(StoreError::NotFound("key"));
                }
                let held: Vec<String> = rows.all(2).map_err(damaged)?;
                if let Some(share) =
                    order.bills.iter().find(|share| held.iter().any(|bill| bill == share.bill.as_str()))
                {
                    return Err(Conflict::BillInPayment(share.bill.clone()).into());
                }

                let mut script = Script::default();
                // The end of the key raises the same `rev`: whichever comes second sees the other.
                script.expect_rev(&key_place, key.rev);
                script.set(&key_place, REV, key.rev + 1);
                add(&mut script, order, row);
                Ok(Plan::Write(script, record))
            })
        })
        .await
}

/// An order's row in its first state, and the record it stands for.
fn submitted(store: &SurrealStore, order: &NewOrder, number: u64) -> Result<(OrderRow, OrderRecord), StoreError> {
    let first = Transition { state: PaymentState::Submitted, at: order.received, reason: "submitted".to_owned() };
    let row = OrderRow::new(&store.vault, order, to_i64(number)?, &first)?;
    let record = row.read(&store.vault)?;
    Ok((row, record))
}

/// The usual case, for which nothing is read beforehand: the key is bound to the customer, the order is new, its bills are free.
/// If it is not so, the transaction finds out and changes nothing.
fn at_once(order: &NewOrder, row: OrderRow) -> Script {
    let mut script = Script::default();
    let binding = binding(&order.key);
    // The end of the key deletes the binding: whichever comes second sees the other.
    script.expect(&binding, "customer", order.customer.to_string());
    script.raise(&binding);
    add(&mut script, order, row);
    script
}

/// Adds to `script` what stores an order and reserves its bills.
fn add(script: &mut Script, order: &NewOrder, row: OrderRow) {
    script.create(&OrderRow::record(&order.customer, order.id), row);
    for share in &order.bills {
        script.create(
            &reservation(&share.bill),
            ReservationRow {
                bill: share.bill.to_string(),
                customer: order.customer.to_string(),
                payment: order.id.to_string(),
            },
        );
    }
}

pub(super) async fn insert_refused(
    store: &SurrealStore,
    order: &NewOrder,
    code: &str,
    message: &str,
    audit: AuditDraft,
) -> Result<(), StoreError> {
    let drafts = [audit];
    store
        .write(&drafts, move |number| {
            Box::pin(async move {
                let place = OrderRow::record(&order.customer, order.id);
                if store.find::<OrderRow>(&place).await?.is_some() {
                    return Err(Conflict::OrderExists.into());
                }
                let first = Transition { state: PaymentState::Refused, at: order.received, reason: code.to_owned() };
                let mut row = OrderRow::new(&store.vault, order, to_i64(number)?, &first)?;
                row.message = Some(message.to_owned());
                let mut script = Script::default();
                script.create(&place, row);
                Ok(Plan::Write(script, ()))
            })
        })
        .await
}

pub(super) async fn change(
    store: &SurrealStore,
    change: &OrderChange,
    audit: Option<AuditDraft>,
) -> Result<OrderRecord, StoreError> {
    let drafts: Vec<AuditDraft> = audit.into_iter().collect();
    store
        .write(&drafts, move |_| {
            Box::pin(async move {
                let mut script = Script::default();
                let row = find(store, &change.customer, change.id).await?;
                let (row, record) = enter(store, &mut script, row, change)?;
                write(&mut script, row, &record);
                Ok(Plan::Write(script, record))
            })
        })
        .await
}

/// The order, which must be known.
pub(super) async fn find(store: &SurrealStore, customer: &CustomerNo, id: PaymentId) -> Result<OrderRow, StoreError> {
    store.find(&OrderRow::record(customer, id)).await?.ok_or(StoreError::NotFound("order"))
}

/// Takes an order to the state of `change`, if that can be reached, and frees its bills if the state is no open one.
pub(super) fn enter(
    store: &SurrealStore,
    script: &mut Script,
    mut row: OrderRow,
    change: &OrderChange,
) -> Result<(OrderRow, OrderRecord), StoreError> {
    let state = row.state()?;
    if !state.can_become(change.to) {
        return Err(Conflict::OrderState(state).into());
    }
    row.enter(&store.vault, change)?;
    let record = row.read(&store.vault)?;
    figures::note_paid(script, state, change, &record)?;
    if !change.to.is_open() {
        release(script, &record.order);
    }
    Ok((row, record))
}

/// Writes a changed order, if it is still as it was read.
pub(super) fn write(script: &mut Script, mut row: OrderRow, record: &OrderRecord) {
    let place = OrderRow::record(&record.order.customer, record.order.id);
    script.expect_rev(&place, row.rev);
    row.rev += 1;
    script.put(&place, row);
}

/// Frees the bills that an order holds.
pub(super) fn release(script: &mut Script, order: &NewOrder) {
    let (customer, payment) = (script.bind(order.customer.to_string()), script.bind(order.id.to_string()));
    for share in &order.bills {
        let bill = script.bind(reservation(&share.bill));
        script.add(&format!("DELETE {bill} WHERE customer = {customer} AND payment = {payment} RETURN NONE"));
    }
}

fn reservation(bill: &BillId) -> RecordId {
    record("reservation", bill.as_str())
}

pub(super) async fn of(
    store: &SurrealStore,
    customer: &CustomerNo,
    before: Option<PaymentId>,
    limit: u32,
) -> Result<Vec<OrderRecord>, StoreError> {
    let before = match before {
        Some(id) => find(store, customer, id).await?.number,
        None => i64::MAX,
    };
    let mut rows = store
        .read(
            "SELECT * FROM order WHERE customer = $customer AND number < $before ORDER BY number DESC LIMIT $limit",
            vars! { customer: customer.to_string(), before: before, limit: i64::from(limit) },
        )
        .await?;
    rows.all::<OrderRow>(0).map_err(damaged)?.iter().map(|row| row.read(&store.vault)).collect()
}

pub(super) async fn in_states(
    store: &SurrealStore,
    states: &[PaymentState],
    limit: u32,
) -> Result<Vec<OrderRecord>, StoreError> {
    let states: Vec<String> = states.iter().map(|state| state.as_str().to_owned()).collect();
    let mut rows = store
        .read(
            "SELECT * FROM order WHERE state IN $states ORDER BY number LIMIT $limit",
            vars! {
                states: states, limit: i64::from(limit),
            },
        )
        .await?;
    rows.all::<OrderRow>(0).map_err(damaged)?.iter().map(|row| row.read(&store.vault)).collect()
}

pub(super) async fn reserved(
    store: &SurrealStore,
    customer: &CustomerNo,
) -> Result<Vec<(BillId, PaymentId)>, StoreError> {
    let mut rows = store
        .read(
            "SELECT * FROM reservation WHERE customer = $customer ORDER BY bill",
            vars! {
                customer: customer.to_string(),
            },
        )
        .await?;
    rows.all::<ReservationRow>(0)
        .map_err(damaged)?
        .iter()
        .map(|row| Ok((row.bill.parse().map_err(|_| damage("a bill number"))?, payment(&row.payment)?)))
        .collect()
}
