//! What a payment is.

use dioxus::prelude::*;
use gridkey_domain::{CustomerNo, payment::Method};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::payments::PaymentDetail;

use super::reason::reason_words;
use crate::views::parts::{bill_month, customer_page};

/// Customer, bills, way, times and references.
///
/// - `customer`: whose.
/// - `payment`: the payment.
#[component]
pub(super) fn Details(customer: CustomerNo, payment: PaymentDetail) -> Element {
    let language = language();
    rsx! {
        Card { title: t!("admin-payments-details"), testid: "payment-details",
            Pairs {
                Pair { term: t!("admin-payments-column-customer"),
                    Link { class: "link", to: customer_page(&customer), {customer.to_string()} }
                }
                Pair { term: t!("admin-payments-column-for"),
                    if payment.bills.is_empty() {
                        {t!("admin-payments-on-account")}
                    } else {
                        ul { class: "plain-list",
                            for share in payment.bills.clone() {
                                li { key: "{share.bill}", class: "share",
                                    span {
                                        {bill_month(&share.bill).map_or_else(|| share.bill.to_string(), |month| format::month(language, month))}
                                        span { class: "cell-meta", {share.bill.to_string()} }
                                    }
                                    span { class: "numeric", {format::money_text(share.amount)} }
                                }
                            }
                        }
                    }
                }
                Pair { term: t!("admin-payments-method"),
                    match payment.method {
                        Method::Gateway => t!("admin-payments-method-gateway"),
                        Method::Mandate => t!("admin-payments-method-mandate"),
                    }
                }
                Pair { term: t!("admin-payments-column-signed"), {format::date_time(language, payment.created)} }
                Pair { term: t!("admin-payments-changed"), {format::date_time(language, payment.updated)} }
                if let Some(reason) = payment.reason.as_deref().and_then(reason_words) {
                    Pair { term: t!("admin-payments-why"), {reason} }
                }
                if let Some(reference) = payment.reference.clone() {
                    Pair { term: t!("admin-payments-reference"), testid: "reference", span { class: "code", {reference} } }
                }
                if let Some(refund) = payment.refund.clone() {
                    Pair { term: t!("admin-payments-refund"), testid: "refund-state",
                        {t!("admin-payments-refund-asked", time = format::date_time(language, refund.asked))}
                        if let Some(done) = refund.done {
                            span { class: "cell-lines", {t!("admin-payments-refund-done", time = format::date_time(language, done))} }
                        }
                        if let Some(reference) = refund.reference {
                            span { class: "cell-lines code", {reference} }
                        }
                    }
                }
                Pair { term: t!("admin-payments-number"), span { class: "code", {payment.payment.to_string()} } }
                Pair { term: t!("admin-payments-receipt"),
                    if payment.receipt.is_some() { {t!("admin-payments-receipt-there")} } else { {t!("admin-payments-receipt-none")} }
                }
            }
        }
    }
}
