//! Giving stored orders to the platform, as often as it takes: the call is idempotent by the order's id and hash.

use std::{sync::Arc, time::Duration};

use gridkey_domain::{PaymentState, payment::PaymentRequest};
use gridkey_protocol::{bytes::hex, ops::error};
use tokio_util::sync::CancellationToken;

use super::refund;
use crate::{
    core::Core,
    evidence,
    intranet::PlatformError,
    store::{OrderChange, OrderRecord, StoreError},
};

/// How often orders that the platform does not have yet are offered again.
const AGAIN: Duration = Duration::from_secs(5);
/// The platform's refusals that are decisions about the order.
const DECISIONS: [&str; 7] = [
    error::ALREADY_PAID,
    error::BILL_IN_PAYMENT,
    error::AMOUNT_CHANGED,
    error::NOT_FOUND,
    error::ORDER_EXPIRED,
    error::BAD_REQUEST,
    "payment-conflict",
];
/// Orders offered in one round.
const ROUND: u32 = 200;

/// Offers a `submitted` order to the platform. Gives it as it stands afterwards: `pending`, `refused`, or still `submitted` while the
/// platform is away. Orders in another state are left alone.
pub(super) async fn hand_over(core: &Core, record: OrderRecord) -> OrderRecord {
    if record.state != PaymentState::Submitted {
        return record;
    }
    let now = core.now();
    let (to, reason) = if record.order.not_after < now {
        (PaymentState::Expired, "not-after".to_owned())
    } else {
        gridkey_service::failpoint!("server.handover.send.before");
        let mut put = core.platform.put_payment(&request(&record)).await;
        gridkey_service::failpoint!("server.handover.send.after");
        if matches!(&put, Err(PlatformError::Refused { code, retry: true, .. }) if code == error::BILL_IN_PAYMENT) {
            release_ended(core, &record).await;
            put = core.platform.put_payment(&request(&record)).await;
        }
        match put {
            Ok(_) => (PaymentState::Pending, String::new()),
            // Anything else the platform says, such as a fault of its own, says nothing about the order.
            Err(PlatformError::Refused { code, retry: false, .. }) if DECISIONS.contains(&code.as_str()) => {
                (PaymentState::Refused, code)
            }
            Err(error) => {
                tracing::warn!(%error, payment = %record.order.id, "the platform did not take an order over yet");
                return record;
            }
        }
    };
    let change = OrderChange {
        id: record.order.id,
        customer: record.order.customer.clone(),
        to,
        reason,
        reference: None,
        receipt: None,
        refund: None,
        at: now,
    };
    let audit = evidence::order_changed(&record, &change);
    match core.store.change_order(change, Some(audit)).await {
        Ok(changed) => {
            if changed.state.frees_bills() {
                super::announce(core, &changed).await;
            }
            changed
        }
        Err(StoreError::Conflict(_)) => {
            let again = core.store.order(&record.order.customer, record.order.id).await;
            let record = again.ok().flatten().unwrap_or(record);
            // Its key was lost while the platform took it over: it must not hold the bills there.
            if to == PaymentState::Pending
                && record.state.frees_bills()
                && let Err(error) = core.platform.cancel_payment(record.order.id).await
            {
                tracing::warn!(%error, payment = %record.order.id, "the platform was not told of a refused order");
            }
            record
        }
        Err(error) => {
            tracing::warn!(%error, payment = %record.order.id, "an order's new state was not stored yet");
            record
        }
    }
}

/// Withdraws at the platform what ended here without it being told (it was away when a key was reported lost) and still holds bills of
/// `record` there.
async fn release_ended(core: &Core, record: &OrderRecord) {
    let customer = &record.order.customer;
    let Ok(orders) = core.store.orders_of(customer, None, ROUND).await else { return };
    let shares = |other: &OrderRecord| {
        let bills = &other.order.bills;
        bills.iter().any(|share| record.order.bills.iter().any(|own| own.bill == share.bill))
    };
    for ended in orders.iter().filter(|other| other.state.frees_bills() && other.handed.is_none() && shares(other)) {
        if let Err(error) = core.platform.cancel_payment(ended.order.id).await {
            tracing::debug!(%error, payment = %ended.order.id, "an ended order was not withdrawn at the platform");
        }
    }
}

/// What the platform is asked to collect.
pub(crate) fn request(record: &OrderRecord) -> PaymentRequest {
    let order = &record.order;
    PaymentRequest {
        payment: order.id,
        order_hash: hex(&order.hash),
        customer: order.customer.clone(),
        amount: order.amount,
        bills: order.bills.clone(),
        method: order.method,
        created: order.created,
        not_after: order.not_after,
    }
}

/// Takes up what a crash or an absent platform left `submitted`, until `shutdown`.
pub async fn run(core: Arc<Core>, shutdown: CancellationToken) {
    let mut tick = tokio::time::interval(AGAIN);
    let mut refunds = refund::Offered::default();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        match core.store.orders_in(&[PaymentState::Submitted], ROUND).await {
            Ok(waiting) => {
                for record in waiting {
                    // Each may take as long as a call to the platform may.
                    if shutdown.is_cancelled() {
                        return;
                    }
                    hand_over(&core, record).await;
                }
            }
            Err(error) => tracing::warn!(%error, "orders waiting for the platform were not read"),
        }
        refund::offer_again(&core, &mut refunds, &shutdown).await;
    }
}
