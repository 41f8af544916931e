//! One payment.

use dioxus::prelude::*;
use gridkey_client::app::{PaymentStory, Section, Topic};
use gridkey_domain::{PaymentId, PaymentState};
use gridkey_kit::prelude::*;

use super::{action::Action, details::Details, receipt::ReceiptCard, timeline::Timeline};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    route::Route,
    views::parts::{self, PaymentStateBadge, paid_for},
    words,
};

/// One payment: its state and what can be done, what happened so far, and the receipt.
///
/// - `id`: the payment.
#[component]
pub fn PaymentPage(id: ReadSignal<PaymentId>) -> Element {
    let app = use_app();
    use_want(Topic::Payment(id()));
    let section: Section<PaymentStory> = app.payment().read().get(&id()).cloned().unwrap_or_default();
    let title = match section.get() {
        Some(story) => t!("payment-heading", what = paid_for(&story.view)),
        None => t!("place-payment"),
    };
    rsx! {
        Page {
            title,
            subtitle: t!("payment-number", payment = id().to_string()),
            testid: "payment",
            back: rsx! {
                Link { class: "link", to: Route::Payments {},
                    Icon { name: IconName::ChevronLeft, size: 16 }
                    {t!("payment-back")}
                }
            },
            {parts::shown(&section, Topic::Payment(id()), t!("payment-loading"), Shape::Rows, |story| {
                rsx! { Story { story: story.clone() } }
            })}
        }
    }
}

/// The cards of a payment.
///
/// - `story`: the payment with its history.
#[component]
fn Story(story: PaymentStory) -> Element {
    let view = story.view.clone();
    let over = matches!(view.state, PaymentState::Paid | PaymentState::Refunding | PaymentState::Refunded);
    rsx! {
        div { class: "split",
            div { class: "split-main",
                Card {
                    title: t!("payment-amount"),
                    aside: rsx! {
                        PaymentStateBadge { state: view.state, in_doubt: view.in_doubt }
                    },
                    testid: "payment-now",
                    MoneyFigure { amount: view.amount }
                    p { role: "status", "aria-live": "polite", {words::payment_text(view.state, view.in_doubt)} }
                    Action { view: view.clone() }
                }
                if over {
                    ReceiptCard { story: story.clone() }
                }
            }
            div { class: "split-side",
                Timeline { history: story.history.clone(), state: view.state }
                Details { story }
            }
        }
    }
}
