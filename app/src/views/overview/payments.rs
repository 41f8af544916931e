//! The last payments.

use dioxus::prelude::*;
use gridkey_client::{
    app::{PaymentItem, Topic},
    client::PaymentView,
};
use gridkey_domain::PaymentState;
use gridkey_kit::prelude::*;

use super::part::part;
use crate::{
    context::{AppStateStoreExt as _, use_app},
    route::Route,
    views::parts::{PaymentStateBadge, bill_month},
};

/// How many are shown.
const SHOWN: usize = 4;

/// The last payments and the way to all.
#[component]
pub(super) fn Payments() -> Element {
    let app = use_app();
    let payments = app.payments().cloned();
    rsx! {
        section { class: "overview-list", "aria-label": t!("overview-payments"), "data-testid": "last-payments",
            div { class: "card-head",
                h2 { class: "card-title", {t!("overview-payments")} }
                Link { class: "card-aside", to: Route::Payments {}, {t!("overview-all")} }
            }
            {
                part(&payments, Topic::Payments, t!("overview-loading-payments"), Shape::Rows, |payments| {
                    if payments.is_empty() {
                        return rsx! { p { class: "card-note", {t!("overview-payments-none")} } };
                    }
                    rsx! {
                        ul { class: "lines",
                            for item in payments.iter().take(SHOWN).cloned() {
                                PaymentLine { key: "{item.view.payment}", item }
                            }
                        }
                    }
                })
            }
        }
    }
}

/// A payment and where it stands.
///
/// - `item`: the payment.
#[component]
fn PaymentLine(item: PaymentItem) -> Element {
    let now = use_app().now();
    let view = item.view;
    let language = language();
    let when = match (view.state, item.not_after) {
        (PaymentState::Queued, Some(until)) => {
            t!("overview-payments-until", date = format::day_month(language, until.date()))
        }
        (state, _) if state.is_open() => format::ago(language, *now.read(), view.updated),
        _ => format::day_month(language, view.updated.date()),
    };
    rsx! {
        li {
            Link { class: "line", to: Route::Payment { id: view.payment },
                span { class: "line-text",
                    strong { class: "numeric", {format::money_text(view.amount)} }
                    span { class: "line-more", "{paid_for(&view)} · {when}" }
                }
                PaymentStateBadge { state: view.state, in_doubt: view.in_doubt }
            }
        }
    }
}

/// What a payment is for, in a word: it stands beside the amount in a narrow column.
fn paid_for(view: &PaymentView) -> String {
    match view.bills.as_slice() {
        [] => t!("overview-payments-account"),
        [share] => match bill_month(&share.bill) {
            Some(month) => format::month_name(language(), month),
            None => share.bill.to_string(),
        },
        several => t!("overview-payments-several", count = several.len()),
    }
}
