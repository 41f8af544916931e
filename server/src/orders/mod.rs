//! Payment orders at the server: taken in, handed to the platform, followed to their end.
//!
//! [`intake`] opens and judges a sealed order and stores it (or its refusal); [`handover`] gives stored orders to the
//! platform, again after every restart, until it has them; [`page`] makes and serves one-time addresses of the bank page;
//! [`refund`] has payments given back; outcomes come back through [`crate::intranet::outbox`].

pub(crate) mod announce;
pub mod handover;
pub mod intake;
pub mod page;
pub mod refund;

use std::time::Duration;

use gridkey_domain::{CustomerNo, PaymentId, PaymentState, payment::Method};
use gridkey_protocol::{
    frame::OpError,
    ops::{
        error,
        payments::{SubmitBody, Submitted},
    },
};

use crate::{
    core::Core,
    fault::{not_found, unavailable},
    intranet::PlatformError,
    store::{OrderChange, OrderRecord},
};

pub(crate) use announce::announce;

/// How long `payment.confirm` waits for an outcome that the platform just learnt to arrive here.
const ARRIVAL: Duration = Duration::from_secs(3);

/// Takes in a sealed order.
pub async fn submit(core: &Core, customer: &CustomerNo, body: &SubmitBody) -> Result<Submitted, OpError> {
    let record = intake::take_in(core, customer, body).await?;
    let record = handover::hand_over(core, record).await;
    match refusal(&record) {
        Some(refusal) => Err(refusal),
        // The order is stored: an error that says "try again" would say that it isn't. `payment.confirm` gives a page.
        None => Ok(answer(core, &record).await.unwrap_or(Submitted {
            payment: record.order.id,
            state: record.state,
            page: None,
        })),
    }
}

/// The error that a refused order is answered with, the first time and ever after. Refusals that came later (the gateway's, a lost key's)
/// are states, not errors.
fn refusal(record: &OrderRecord) -> Option<OpError> {
    if record.state != PaymentState::Refused {
        return None;
    }
    if let Some(message) = &record.message {
        return Some(OpError::fatal(&record.reason, message.clone()));
    }
    let by_platform = [
        error::ALREADY_PAID,
        error::BILL_IN_PAYMENT,
        error::AMOUNT_CHANGED,
        error::NOT_FOUND,
        error::ORDER_EXPIRED,
        error::BAD_REQUEST,
    ];
    by_platform
        .contains(&record.reason.as_str())
        .then(|| OpError::fatal(&record.reason, "the bills changed while the order was on its way"))
}

/// The verification request of the paper: asks the gateway through the platform, and gives the state as it is then, with a fresh page
/// while it is pending.
pub async fn confirm(core: &Core, customer: &CustomerNo, id: PaymentId) -> Result<Submitted, OpError> {
    let record = find(core, customer, id).await?;
    let record = handover::hand_over(core, record).await;
    if !matches!(record.state, PaymentState::Pending | PaymentState::Unknown) || record.handed.is_none() {
        return answer(core, &record).await;
    }
    let known = match core.platform.check_payment(id).await {
        Ok(payment) if payment.state != record.state => arrival(core, customer, id, record.state).await?,
        Ok(_) => find(core, customer, id).await?,
        // What is known here is still true; the janitor goes on asking.
        Err(PlatformError::Refused { .. } | PlatformError::Unavailable(_)) => record,
        Err(error) => return Err(error.into()),
    };
    answer(core, &known).await
}

/// Withdraws an order whose form no browser has.
pub async fn cancel(core: &Core, customer: &CustomerNo, id: PaymentId) -> Result<OrderRecord, OpError> {
    let record = find(core, customer, id).await?;
    let record = handover::hand_over(core, record).await;
    let too_late = || OpError::fatal(error::NOT_CANCELLABLE, "the payment can no longer be withdrawn");
    match record.state {
        PaymentState::Cancelled => return Ok(record),
        PaymentState::Pending if record.handed.is_none() => {}
        PaymentState::Submitted | PaymentState::Accepted => return Err(unavailable()),
        _ => return Err(too_late()),
    }
    core.platform.cancel_payment(id).await?;
    let change = OrderChange {
        id,
        customer: customer.clone(),
        to: PaymentState::Cancelled,
        reason: "by-customer".into(),
        reference: None,
        receipt: None,
        refund: None,
        at: core.now(),
    };
    let audit = crate::evidence::order_changed(&record, &change);
    match core.store.change_order(change, Some(audit)).await {
        Ok(record) => {
            announce(core, &record).await;
            Ok(record)
        }
        // The platform's own message of the withdrawal may have come first.
        Err(crate::store::StoreError::Conflict(_)) => find(core, customer, id).await,
        Err(error) => Err(error.into()),
    }
}

async fn find(core: &Core, customer: &CustomerNo, id: PaymentId) -> Result<OrderRecord, OpError> {
    core.store.order(customer, id).await?.ok_or_else(|| not_found("payment"))
}

/// Waits a moment for the platform's message about an outcome it already told.
async fn arrival(core: &Core, customer: &CustomerNo, id: PaymentId, was: PaymentState) -> Result<OrderRecord, OpError> {
    let deadline = tokio::time::Instant::now() + ARRIVAL;
    let mut applied = core.platform.applied();
    loop {
        let record = find(core, customer, id).await?;
        if record.state != was || tokio::time::timeout_at(deadline, applied.changed()).await.is_err() {
            return Ok(record);
        }
    }
}

/// State, and a fresh bank page while one can be used.
async fn answer(core: &Core, record: &OrderRecord) -> Result<Submitted, OpError> {
    let order = &record.order;
    let payable = record.state == PaymentState::Pending && order.method == Method::Gateway;
    let page = if payable { Some(page::make(core, record).await?) } else { None };
    Ok(Submitted { payment: order.id, state: record.state, page })
}
