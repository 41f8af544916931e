//! Giving a payment back.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Deed};
use gridkey_domain::{CustomerNo, PaymentState};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::{AdminOp, admin::payments::RefundBody, payments::PaymentDetail};

use crate::{
    context::use_may,
    views::parts::{AskReason, paid_for},
};

/// A button that gives the payment back, after one question; offered for what is paid, where the role allows it.
///
/// - `customer`: whose.
/// - `payment`: the payment.
#[component]
pub(super) fn Refund(customer: CustomerNo, payment: PaymentDetail) -> Element {
    let mut asking = use_signal(|| false);
    let may = use_may(AdminOp::PaymentRefund);
    if !may || payment.state != PaymentState::Paid {
        return rsx! {};
    }
    let (id, whose) = (payment.payment, customer.clone());
    let amount = format::money_text(payment.amount);
    rsx! {
        div { class: "actions",
            Button { testid: "refund", onclick: move |_| asking.set(true), {t!("admin-payments-refund")} }
        }
        if asking() {
            AskReason {
                title: t!("admin-payments-refund-title", amount = amount.as_str()),
                text: t!("admin-payments-refund-text"),
                yes: t!("admin-payments-refund-yes", amount = amount.as_str()),
                deed: Deed::Refund(id),
                act: Callback::new(move |reason| Act::Refund(RefundBody { customer: whose.clone(), payment: id, reason })),
                onclose: move |()| asking.set(false),
                Pairs { class: "pairs-tight",
                    Pair { term: t!("admin-payments-column-customer"), {customer.to_string()} }
                    Pair { term: t!("admin-payments-column-for"), {paid_for(&payment.bills)} }
                    if let Some(reference) = payment.reference.clone() {
                        Pair { term: t!("admin-payments-reference"), span { class: "code", {reference} } }
                    }
                }
            }
        }
    }
}
