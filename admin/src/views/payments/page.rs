//! One payment.

use dioxus::prelude::*;
use gridkey_desk::office::{Case, Command, Topic};
use gridkey_domain::{CustomerNo, PaymentId, PaymentState};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::payments::PaymentDetail;

use super::{
    details::Details,
    reason::{is_failed_refund, reason_words},
    refund::Refund,
    story::Story,
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send, use_want},
    route::Route,
    views::parts::{Evidence, PaymentStateBadge, paid_for, shown},
};

/// A payment with its story, and giving it back.
///
/// - `customer`: whose.
/// - `id`: the payment.
#[component]
pub fn PaymentPage(customer: ReadSignal<CustomerNo>, id: ReadSignal<PaymentId>) -> Element {
    use_want(Topic::Payment(customer(), id()));
    let desk = use_desk();
    let payments = desk.payment();
    let section = payments.read().get(&id()).cloned().unwrap_or_default();
    let title = section.get().map_or_else(
        || t!("admin-payments-one"),
        |payment| t!("admin-payments-one-for", what = paid_for(&payment.bills)),
    );
    let case = Case { customer: None, payment: Some(id()) };
    rsx! {
        Page {
            title,
            subtitle: t!("admin-payments-one-of", customer = customer.read().as_str()),
            testid: "payment",
            back: rsx! {
                Link { class: "link", to: Route::Payments {},
                    Icon { name: IconName::ChevronLeft, size: 16 }
                    {t!("admin-payments-back")}
                }
            },
            aside: rsx! { Evidence { case } },
            {shown(&section, Topic::Payment(customer(), id()), t!("admin-payments-one-loading"), Shape::Rows, |payment| rsx! {
                Parts { customer: customer(), payment: payment.clone() }
            })}
        }
    }
}

/// The cards of a payment.
///
/// - `customer`: whose.
/// - `payment`: the payment.
#[component]
fn Parts(customer: CustomerNo, payment: PaymentDetail) -> Element {
    rsx! {
        div { class: "split",
            div { class: "split-main",
                Card {
                    title: t!("admin-payments-amount"),
                    aside: rsx! { PaymentStateBadge { state: payment.state } },
                    testid: "payment-now",
                    MoneyFigure { amount: payment.amount }
                    p { class: "muted", role: "status", {t!(&format!("admin-payments-means-{}", payment.state))} }
                    if let Some(why) = payment.reason.as_deref().filter(|word| is_failed_refund(word)).and_then(reason_words) {
                        p { class: "text-warning", role: "status", "data-testid": "refund-failed", {t!("admin-payments-refund-failed", why = why)} }
                    }
                    if payment.state.is_open() || payment.state == PaymentState::Refunding {
                        CheckNow { topic: Topic::Payment(customer.clone(), payment.payment) }
                    }
                    Refund { customer: customer.clone(), payment: payment.clone() }
                }
                Details { customer, payment: payment.clone() }
            }
            div { class: "split-side",
                Story { history: payment.history.clone(), state: payment.state }
            }
        }
    }
}

/// Asks how the payment stands, by hand; it is asked about by itself, too, but not each second.
///
/// - `topic`: the payment.
#[component]
fn CheckNow(topic: Topic) -> Element {
    let (desk, send) = (use_desk(), use_send());
    let payments = desk.payment();
    let busy = match &topic {
        Topic::Payment(_, id) => payments.read().get(id).is_some_and(|section| section.loading),
        _ => false,
    };
    rsx! {
        div { class: "actions",
            Button {
                icon: IconName::Refresh,
                busy,
                testid: "check-now",
                onclick: move |_| send.send(Command::Refresh(topic.clone())),
                {t!("admin-payments-check")}
            }
        }
    }
}
