//! Telling a customer's devices of a state that an order entered here, not at the platform. (What the platform tells comes with its own push,
//! in the transaction that applies it.)

use gridkey_domain::{PaymentId, PaymentState};
use gridkey_protocol::cbor;

use crate::{
    core::Core,
    store::{NewPush, OrderRecord},
};

/// Pushes the order as it stands. The change is stored whatever becomes of the push, so a failure is logged and no more.
pub(crate) async fn announce(core: &Core, record: &OrderRecord) {
    let (payment, customer) = (record.payment(), &record.order.customer);
    let push =
        NewPush { kind: "payment".into(), body: cbor::encode(&payment), at: record.updated, source: source_of(record) };
    match core.store.append_push(customer, push).await {
        Ok(Some(pushed)) => core.registry.pushed(customer, pushed),
        Ok(None) => {}
        Err(error) => tracing::error!(%error, payment = %payment.payment, "an order's new state was not pushed"),
    }
}

/// Where the push of an order as it stands comes from: one per state, or one per state and refund, since a refund may fail and another
/// follow.
pub(crate) fn source_of(record: &OrderRecord) -> String {
    let source = source(record.order.id, record.state);
    match (&record.refund, record.state) {
        (Some(refund), PaymentState::Refunding | PaymentState::Paid | PaymentState::Refunded) => {
            format!("{source}:{}", refund.id)
        }
        _ => source,
    }
}

/// Where the push of a payment's state comes from: one per state.
pub(crate) fn source(payment: PaymentId, state: PaymentState) -> String {
    format!("payment:{payment}:{state}")
}
