//! Having a payment given back: an administrator's act. The refund's id is drawn and stored with the order's step to `refunding` before
//! anybody is asked, so that it is one refund however often it is offered to the platform; how it ends comes back as the platform's
//! message, like every outcome.

use std::collections::BTreeSet;

use gridkey_domain::{CustomerNo, PaymentId, PaymentState, RefundId};
use gridkey_protocol::{frame::OpError, ops::error};
use tokio_util::sync::CancellationToken;

use super::{announce, find};
use crate::{
    actor::Actor,
    core::{Core, random},
    evidence,
    intranet::PlatformError,
    store::{OrderChange, OrderRecord, OrderRefund, StoreError},
};

/// The platform's refusals that are decisions about the refund.
const DECISIONS: [&str; 3] = [error::NOT_REFUNDABLE, error::CREDIT_USED, error::NOT_FOUND];
/// Orders offered in one round.
const ROUND: u32 = 1_000;

/// Refunds that the platform has taken over since this program started.
pub(super) type Offered = BTreeSet<RefundId>;

/// Has a paid order given back, for the reason in `words`. Gives it as it stands afterwards: `refunding`, or `paid` again if the platform
/// turned it down at once.
///
/// # Errors
/// `not-found`, `not-refundable`; and the platform's own if it turned it down.
pub async fn ask(
    core: &Core,
    actor: &Actor,
    customer: &CustomerNo,
    payment: PaymentId,
    words: &str,
) -> Result<OrderRecord, OpError> {
    let record = find(core, customer, payment).await?;
    let refund = OrderRefund { id: draw(core), reference: None };
    let change = change(core, &record, PaymentState::Refunding, "refund-asked", refund);
    let audit = evidence::refund_asked(&record, &change, words, actor);
    let asked = match core.store.change_order(change, Some(audit)).await {
        Ok(asked) => asked,
        Err(StoreError::Conflict(conflict)) => {
            return Err(OpError::fatal(error::NOT_REFUNDABLE, format!("it can't be given back: {conflict}")));
        }
        Err(error) => return Err(error.into()),
    };
    announce(core, &asked).await;
    match offer(core, &asked).await {
        Offer::Taken | Offer::Later => Ok(asked),
        Offer::Refused(refusal) => Err(refusal),
    }
}

enum Offer {
    /// The platform has it.
    Taken,
    /// The platform is away, or has a fault; it is offered again.
    Later,
    /// It can't be given back; the order is `paid` again.
    Refused(OpError),
}

/// Offers a refund to the platform. The same any number of times is one refund.
async fn offer(core: &Core, record: &OrderRecord) -> Offer {
    let Some(refund) = &record.refund else { return Offer::Later };
    gridkey_service::failpoint!("server.refund.offer.before");
    let taken = core.platform.refund_payment(record.order.id, refund.id).await;
    gridkey_service::failpoint!("server.refund.offer.after");
    let (code, message) = match taken {
        Ok(_) => return Offer::Taken,
        Err(PlatformError::Refused { code, message, retry: false }) if DECISIONS.contains(&code.as_str()) => {
            (code, message)
        }
        Err(error) => {
            tracing::warn!(%error, payment = %record.order.id, "the platform did not take a refund over yet");
            return Offer::Later;
        }
    };
    let change = change(core, record, PaymentState::Paid, &code, refund.clone());
    let audit = evidence::order_changed(record, &change);
    match core.store.change_order(change, Some(audit)).await {
        Ok(paid) => announce(core, &paid).await,
        // It went on meanwhile: the platform's own message came first.
        Err(StoreError::Conflict(_)) => {}
        Err(error) => {
            tracing::warn!(%error, payment = %record.order.id, "a refund's refusal was not stored yet");
            return Offer::Later;
        }
    }
    Offer::Refused(OpError::fatal(&code, message))
}

/// Offers what a crash or an absent platform left; each once while this program runs, until the platform has it.
pub(super) async fn offer_again(core: &Core, offered: &mut Offered, shutdown: &CancellationToken) {
    let waiting = match core.store.orders_in(&[PaymentState::Refunding], ROUND).await {
        Ok(waiting) => waiting,
        Err(error) => return tracing::warn!(%error, "refunds waiting for the platform were not read"),
    };
    let waits = |record: &OrderRecord| record.refund.as_ref().map(|refund| refund.id);
    let ids: BTreeSet<RefundId> = waiting.iter().filter_map(waits).collect();
    offered.retain(|known| ids.contains(known));
    for record in waiting {
        let Some(id) = waits(&record).filter(|id| !offered.contains(id)) else { continue };
        if shutdown.is_cancelled() {
            return;
        }
        if matches!(offer(core, &record).await, Offer::Taken) {
            offered.insert(id);
        }
    }
}

fn draw(core: &Core) -> RefundId {
    let milliseconds = u64::try_from(core.now().seconds()).unwrap_or(0).saturating_mul(1_000);
    RefundId::from_parts(milliseconds, random())
}

fn change(core: &Core, record: &OrderRecord, to: PaymentState, reason: &str, refund: OrderRefund) -> OrderChange {
    OrderChange {
        id: record.order.id,
        customer: record.order.customer.clone(),
        to,
        reason: reason.to_owned(),
        reference: None,
        receipt: None,
        refund: Some(refund),
        at: core.now(),
    }
}
