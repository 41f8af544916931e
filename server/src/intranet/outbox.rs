//! Following the platform's outbox: each event is applied here once, whole, in order, and then pushed.

use std::{sync::Arc, time::Duration};

use gridkey_domain::{
    PaymentState,
    arrears::ArrearsEvent,
    bill::BillSummary,
    payment::{Payment, PaymentTold},
};
use gridkey_protocol::{ByteArray, ByteString, cbor, order::CURRENCY, receipt};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::{OutboxEvent, PlatformError};
use crate::{
    core::Core,
    evidence,
    hsm::{HsmError, HsmKey},
    orders::{announce, handover},
    store::{NewPush, OrderChange, OrderRecord, OrderRefund, OutboxStep, StoreError},
};

/// First and longest pause after a failure.
const PAUSE: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(15));

#[derive(Debug, thiserror::Error)]
enum OutboxError {
    #[error(transparent)]
    Platform(#[from] PlatformError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hsm(#[from] HsmError),
}

/// The body of an `account` push: which fields changed. Their values are fetched by those who show them.
#[derive(Debug, Serialize, Deserialize)]
struct AccountChanged {
    fields: Vec<String>,
}

/// Follows the outbox until `shutdown`.
pub async fn run(core: Arc<Core>, wait: Duration, shutdown: CancellationToken) {
    let mut pause = PAUSE.0;
    loop {
        let round = tokio::select! {
            () = shutdown.cancelled() => return,
            round = round(&core, wait) => round,
        };
        if let Err(error) = round {
            core.platform.accounts.follow(false);
            tracing::warn!(%error, "the platform's outbox was not followed");
            metrics::counter!("gridkey_outbox_failures_total").increment(1);
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(PAUSE.1);
        } else {
            pause = PAUSE.0;
        }
    }
}

async fn round(core: &Core, wait: Duration) -> Result<(), OutboxError> {
    let after = core.store.outbox_cursor().await?;
    let epoch = core.store.outbox_epoch().await?;
    let page = core.platform.outbox(after, epoch.as_deref(), wait).await?;
    if let Some(back) = page.back {
        // The platform was restored: what it told after its backup is told no more, and its numbers come anew.
        tracing::error!(after, back, epoch = page.epoch, "the platform was restored; its outbox is followed anew");
        metrics::counter!("gridkey_outbox_rewinds_total").increment(1);
        // The rewind is what ends this, so it comes last: whatever breaks off before is done again.
        offer_lost(core).await?;
        core.store.rewind_outbox(&page.epoch, back).await?;
        core.platform.accounts.follow(false);
        return Ok(());
    }
    let heard_all = page.events.last().map_or(after, |event| event.number) >= page.head;
    for event in page.events {
        let number = event.number;
        core.platform.accounts.forget(&event.customer);
        let step = step(core, event).await?;
        for (customer, push) in core.store.apply_outbox(step).await? {
            core.registry.pushed(&customer, push);
        }
        core.platform.note_applied(number);
        // Any event may be of a bill, a payment or arrears; to be counted anew once in a while costs little.
        core.notes.arrears.changed();
    }
    core.platform.accounts.follow(heard_all);
    Ok(())
}

/// Offers the platform what it may have lost: open orders. It takes over those that it does not know, and holds their forms
/// back until it knows what the gateway debited.
async fn offer_lost(core: &Core) -> Result<(), OutboxError> {
    for record in core.store.orders_in(&[PaymentState::Pending, PaymentState::Unknown], u32::MAX).await? {
        match core.platform.put_payment(&handover::request(&record)).await {
            Ok(_) => {}
            Err(error @ PlatformError::Unavailable(_)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, payment = %record.order.id, "the platform did not take a lost order over again");
            }
        }
    }
    Ok(())
}

/// What an event changes here. An event that can't be understood is passed over with an error in the log: stopping would keep every
/// later one from its customer.
async fn step(core: &Core, event: OutboxEvent) -> Result<OutboxStep, OutboxError> {
    let mut step = OutboxStep { number: event.number, ..OutboxStep::default() };
    let mut source = None;
    let body = match event.kind.as_str() {
        "payment" => match serde_json::from_value::<PaymentTold>(event.body.clone()) {
            Ok(told) => {
                let news = payment_step(core, &event, &told, &mut step).await?;
                source = news.as_ref().and_then(refund_source);
                news.map(|record| cbor::encode(&record.payment()))
            }
            Err(error) => not_understood(&event, &error),
        },
        "bill" => reencode::<BillSummary>(&event),
        "arrears" => reencode::<ArrearsEvent>(&event),
        "account" => reencode::<AccountChanged>(&event),
        _ => not_understood(&event, &"unknown kind"),
    };
    if let Some(body) = body {
        let source = source.or_else(|| step.orders.last().and_then(end_source)).unwrap_or(event.source);
        let push = NewPush { kind: event.kind, body, at: event.at, source };
        step.pushes.push((event.customer, push));
    }
    Ok(step)
}

/// The body as its type says, in the contract's CBOR.
fn reencode<T: Serialize + for<'de> Deserialize<'de>>(event: &OutboxEvent) -> Option<Vec<u8>> {
    match serde_json::from_value::<T>(event.body.clone()) {
        Ok(body) => Some(cbor::encode(&body)),
        Err(error) => not_understood(event, &error),
    }
}

fn not_understood(event: &OutboxEvent, why: &dyn std::fmt::Display) -> Option<Vec<u8>> {
    tracing::error!(number = event.number, kind = event.kind, %why, "an event of the platform was not understood");
    None
}

/// An order that ended without money may have been ended from both sides at once: one push tells of it.
fn end_source(change: &OrderChange) -> Option<String> {
    change.to.frees_bills().then(|| announce::source(change.id, change.to))
}

/// That a refund was begun is told by both sides; the second is a message only if the first never came.
fn refund_source(record: &OrderRecord) -> Option<String> {
    (record.state == PaymentState::Refunding).then(|| announce::source_of(record))
}

/// An outcome: the order's new state with its receipt. Gives the order as it is to be pushed, if there is news.
async fn payment_step(
    core: &Core,
    event: &OutboxEvent,
    PaymentTold { payment: told, refund }: &PaymentTold,
    step: &mut OutboxStep,
) -> Result<Option<OrderRecord>, OutboxError> {
    let Some(record) = core.store.order(&event.customer, told.payment).await? else {
        tracing::error!(payment = %told.payment, "the platform tells of a payment whose order is not stored here");
        return Ok(None);
    };
    let other_refund = match (&record.refund, refund) {
        (Some(here), Some(there)) => record.state == PaymentState::Refunding && here.id != there.refund,
        _ => false,
    };
    if record.state == PaymentState::Refunding && told.state == PaymentState::Refunding && !other_refund {
        return Ok(Some(record));
    }
    // Told before; or both ended without money, each for its own reason (a lost key here, the withdrawal that follows there).
    if record.state == told.state || (record.state.frees_bills() && told.state.frees_bills()) {
        return Ok(None);
    }
    // A crash between the platform's answer and ours leaves the order a step behind.
    let behind = record.state == PaymentState::Submitted && PaymentState::Pending.can_become(told.state);
    if (!record.state.can_become(told.state) && !behind) || other_refund {
        let serious = matches!(told.state, PaymentState::Paid | PaymentState::Refunded);
        tracing::error!(payment = %told.payment, here = %record.state, there = %told.state, serious, "states contradict");
        step.audit.push(evidence::order_contradicted(&record, told.state.as_str(), event.at));
        return Ok(None);
    }
    if behind {
        let pending = change(&record, PaymentState::Pending, event, None);
        step.audit.push(evidence::order_changed(&record, &pending));
        step.orders.push(pending);
    }
    // A payment whose refund failed has its receipt already.
    let fresh = told.state == PaymentState::Paid && record.state != PaymentState::Refunding;
    let receipt = if fresh { Some(sign_receipt(core, &record, told, event).await?) } else { None };
    let mut change = change(&record, told.state, event, told.reason.as_deref());
    change.reference.clone_from(&told.reference);
    change.receipt = receipt;
    change.refund = refund.as_ref().map(|it| OrderRefund { id: it.refund, reference: it.reference.clone() });
    let mut seen = record.clone();
    if behind {
        seen.state = PaymentState::Pending;
    }
    step.audit.push(evidence::order_changed(&seen, &change));
    let after = OrderRecord {
        state: change.to,
        updated: change.at,
        reason: change.reason.clone(),
        reference: change.reference.clone().or(record.reference),
        refund: change.refund.clone().or(record.refund),
        ..seen
    };
    step.orders.push(change);
    metrics::counter!("gridkey_payments_total", "state" => told.state.as_str()).increment(1);
    Ok(Some(after))
}

fn change(record: &OrderRecord, to: PaymentState, event: &OutboxEvent, reason: Option<&str>) -> OrderChange {
    OrderChange {
        id: record.order.id,
        customer: record.order.customer.clone(),
        to,
        reason: reason.unwrap_or_default().to_owned(),
        reference: None,
        receipt: None,
        refund: None,
        at: event.at,
    }
}

/// The signed receipt `{"receipt", "signature", "chain"}` as CBOR.
async fn sign_receipt(
    core: &Core,
    record: &OrderRecord,
    told: &Payment,
    event: &OutboxEvent,
) -> Result<Vec<u8>, OutboxError> {
    let order = &record.order;
    let stated = cbor::encode(&receipt::Receipt {
        v: 1,
        order: ByteArray(order.hash),
        id: order.id,
        customer: order.customer.clone(),
        amount: order.amount,
        currency: CURRENCY.into(),
        state: PaymentState::Paid.as_str().into(),
        reference: told.reference.clone().unwrap_or_default(),
        at: event.at,
    });
    gridkey_service::failpoint!("server.receipt.sign.before");
    let signature = core.hsm.sign(HsmKey::Receipt, &receipt::message_to_sign(&stated)).await?;
    gridkey_service::failpoint!("server.receipt.sign.after");
    Ok(cbor::encode(&receipt::SignedReceipt {
        receipt: ByteString(stated),
        signature: ByteArray(signature),
        chain: core.receipt_chain.get().iter().map(|der| ByteString(der.clone())).collect(),
    }))
}
