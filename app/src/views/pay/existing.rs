//! A payment for the chosen bills that has not ended stands in the place of a second one.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Topic};
use gridkey_domain::PaymentId;
use gridkey_kit::prelude::*;

use super::draft::Draft;
use crate::{
    context::{AppStateStoreExt as _, use_app, use_send, use_want},
    route::Route,
    views::parts::{PaymentStateBadge, paid_for},
};

/// The payment under way, and the way to it.
///
/// - `payment`: the payment.
/// - `draft`: the order that is not made, to be begun anew with nothing chosen.
#[component]
pub(super) fn Existing(payment: PaymentId, draft: Draft) -> Element {
    let app = use_app();
    let send = use_send();
    let navigator = use_navigator();
    use_want(Topic::Payment(payment));
    let known = app.payment().read().get(&payment).and_then(|section| section.get().map(|story| story.view.clone()));
    let listed = || {
        let payments = app.payments()();
        let queue = app.queue()();
        let mut items = queue.orders.iter().chain(payments.get().into_iter().flatten());
        items.find(|item| item.view.payment == payment).map(|item| item.view.clone())
    };
    let view = known.or_else(listed);
    rsx! {
        Banner { tone: Tone::Warning, title: t!("pay-existing"), testid: "pay-existing", {t!("pay-existing-text")} }
        Card {
            title: view.as_ref().map(paid_for),
            aside: view.as_ref().map(|view| rsx! {
                PaymentStateBadge { state: view.state, in_doubt: view.in_doubt }
            }),
            if let Some(view) = &view {
                MoneyFigure { amount: view.amount }
            }
            div { class: "actions",
                Button {
                    kind: ButtonKind::Primary,
                    testid: "see-existing",
                    onclick: move |_| {
                        navigator.push(Route::Payment { id: payment });
                    },
                    {t!("pay-see-existing")}
                }
                Button {
                    kind: ButtonKind::Quiet,
                    onclick: move |_| {
                        let Draft { mut parts, .. } = draft;
                        parts.set(Vec::new());
                        send.send(Command::ForgetPaying);
                    },
                    {t!("pay-something-else")}
                }
            }
        }
    }
}
