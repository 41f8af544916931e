//! `payment.search`, `payment.story` and `payment.refund`.

use gridkey_domain::PaymentId;
use gridkey_protocol::{
    frame::OpError,
    ops::{
        admin::payments::{PaymentLine, PaymentPage, RefundBody, SearchBody, StoryBody},
        error,
        payments::PaymentDetail,
    },
};

use super::reason;
use crate::{actor::Actor, core::Core, orders, store::OrderRecord};

/// Payments in a page at most.
const PAGE: u32 = 200;

pub(super) async fn search(core: &Core, body: SearchBody) -> Result<PaymentPage, OpError> {
    let line = |order: &OrderRecord| PaymentLine { customer: order.order.customer.clone(), payment: order.payment() };
    match (body.customer, body.state) {
        (Some(customer), state) => {
            let bad = |_| OpError::fatal(error::BAD_REQUEST, "next: the next of the page before expected");
            let before = body.next.as_deref().map(str::parse::<PaymentId>).transpose().map_err(bad)?;
            let mut orders = core.store.orders_of(&customer, before, PAGE + 1).await?;
            let more = orders.len() > PAGE as usize;
            orders.truncate(PAGE as usize);
            let next = orders.last().filter(|_| more).map(|order| order.order.id.to_string());
            orders.retain(|order| state.is_none_or(|state| order.state == state));
            Ok(PaymentPage { payments: orders.iter().map(line).collect(), next })
        }
        (None, Some(state)) => {
            let orders = core.store.orders_in(&[state], PAGE).await?;
            Ok(PaymentPage { payments: orders.iter().map(line).collect(), next: None })
        }
        (None, None) => Err(OpError::fatal(error::BAD_REQUEST, "customer or state expected")),
    }
}

pub(super) async fn story(core: &Core, body: StoryBody) -> Result<PaymentDetail, OpError> {
    crate::ops::payments::story(core, &body.customer, body.payment).await
}

pub(super) async fn refund(core: &Core, actor: &Actor, body: RefundBody) -> Result<PaymentDetail, OpError> {
    let words = reason(&body.reason)?;
    orders::refund::ask(core, actor, &body.customer, body.payment, words).await?;
    crate::ops::payments::story(core, &body.customer, body.payment).await
}
