//! What a payment is, as it was signed.

use dioxus::prelude::*;
use gridkey_client::app::PaymentStory;
use gridkey_domain::payment::Method;
use gridkey_kit::prelude::*;

use crate::{route::Route, views::parts::bill_name};

/// Amount, bills, way, times and the bank's reference.
///
/// - `story`: the payment.
#[component]
pub(super) fn Details(story: PaymentStory) -> Element {
    let language = language();
    let view = story.view;
    let waits = !view.state.frees_bills() && view.reference.is_none();
    rsx! {
        Card { title: t!("payment-details"),
            Pairs {
                Pair { term: t!("payment-for"),
                    if view.bills.is_empty() {
                        {t!("payments-on-account")}
                    } else {
                        ul { class: "plain-list",
                            for share in view.bills.clone() {
                                li { key: "{share.bill}",
                                    Link { class: "link", to: Route::Bill { id: share.bill.clone() }, {bill_name(&share.bill)} }
                                    ": "
                                    span { class: "numeric", {format::money_text(share.amount)} }
                                }
                            }
                        }
                    }
                }
                Pair { term: t!("payment-from"),
                    match view.method {
                        Method::Gateway => t!("payment-from-gateway"),
                        Method::Mandate => t!("payment-from-mandate"),
                    }
                }
                Pair { term: t!("payment-signed"), {format::date_time(language, view.created)} }
                if let Some(until) = story.not_after.filter(|_| waits) {
                    Pair { term: t!("payment-until"), {format::date_time(language, until)} }
                }
                if let Some(reference) = view.reference.clone() {
                    Pair { term: t!("payment-reference"), span { class: "code", {reference} } }
                }
            }
        }
    }
}
