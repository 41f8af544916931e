//! `payment.*` and `mandate.*`: the operations' outside. What orders do is in [`crate::orders`].

use gridkey_domain::{CustomerNo, PaymentId};
use gridkey_protocol::{
    cbor,
    frame::OpError,
    ops::{
        error,
        payments::{
            Mandate, MandateList, PaymentBody, PaymentDetail, PaymentList, PaymentListBody, SubmitBody, Submitted,
        },
    },
    receipt::SignedReceipt,
};

use super::Caller;
use crate::{
    core::Core,
    fault::{internal, not_found},
    orders,
    store::OrderRecord,
};

/// Payments in a page at most.
const PAGE: u32 = 200;

pub(super) async fn submit(core: &Core, caller: &Caller, body: SubmitBody) -> Result<Submitted, OpError> {
    let submitted = orders::submit(core, &caller.customer, &body).await;
    gridkey_service::failpoint!("server.submit.answer.before");
    submitted
}

pub(super) async fn confirm(core: &Core, caller: &Caller, body: PaymentBody) -> Result<Submitted, OpError> {
    orders::confirm(core, &caller.customer, body.payment).await
}

pub(super) async fn cancel(core: &Core, caller: &Caller, body: PaymentBody) -> Result<PaymentDetail, OpError> {
    detail(orders::cancel(core, &caller.customer, body.payment).await?)
}

pub(super) async fn get(core: &Core, caller: &Caller, body: PaymentBody) -> Result<PaymentDetail, OpError> {
    story(core, &caller.customer, body.payment).await
}

/// A customer's payment with its history and receipt.
pub(crate) async fn story(core: &Core, customer: &CustomerNo, payment: PaymentId) -> Result<PaymentDetail, OpError> {
    let order = core.store.order(customer, payment).await?;
    detail(order.ok_or_else(|| not_found("payment"))?)
}

pub(super) async fn list(core: &Core, caller: &Caller, body: PaymentListBody) -> Result<PaymentList, OpError> {
    let next = body.next.map(|text| text.parse()).transpose();
    let next = next.map_err(|_| OpError::fatal(error::BAD_REQUEST, "next: the next of the page before expected"))?;
    let limit = body.limit.unwrap_or(PAGE).clamp(1, PAGE);
    // One more than asked for tells whether there is another page.
    let mut orders = core.store.orders_of(&caller.customer, next.or(body.before), limit + 1).await?;
    let more = orders.len() > limit as usize;
    orders.truncate(limit as usize);
    let next = orders.last().filter(|_| more).map(|order| order.order.id.to_string());
    Ok(PaymentList { payments: orders.iter().map(OrderRecord::payment).collect(), next })
}

fn detail(record: OrderRecord) -> Result<PaymentDetail, OpError> {
    let receipt = record.receipt.as_deref().map(cbor::decode::<SignedReceipt>).transpose();
    let receipt = receipt.map_err(|error| {
        tracing::error!(%error, payment = %record.order.id, "a stored receipt is damaged");
        internal()
    })?;
    let mut detail = PaymentDetail::new(record.payment(), record.history, receipt);
    if let Some(refund) = &mut detail.refund {
        refund.reference = record.refund.and_then(|refund| refund.reference);
    }
    Ok(detail)
}

pub(super) async fn mandates() -> Result<MandateList, OpError> {
    Ok(MandateList { mandates: Vec::new(), next: None })
}

pub(super) async fn open_mandate() -> Result<Mandate, OpError> {
    Err(OpError::fatal(error::UNSUPPORTED_METHOD, "this server offers payment through the gateway only"))
}

pub(super) async fn delete_mandate() -> Result<Mandate, OpError> {
    Err(not_found("mandate"))
}
