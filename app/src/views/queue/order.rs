//! One order that waits.

use dioxus::prelude::*;
use gridkey_client::app::{Command, PaymentItem};
use gridkey_domain::PaymentId;
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    route::Route,
    views::parts::{AskOnce, PaymentStateBadge, paid_for},
};

/// A row: what for, how much, until when, and taking it back before it is sent.
///
/// - `item`: the order.
/// - `sending`: the queue is being sent.
/// - `onwithdraw`: it is to be taken back, once the person is asked.
#[component]
pub(super) fn OrderRow(item: PaymentItem, sending: bool, onwithdraw: EventHandler<PaymentId>) -> Element {
    let language = language();
    let view = item.view;
    let payment = view.payment;
    let amount = format::money_text(view.amount);
    let what = paid_for(&view);
    let navigator = use_navigator();
    let open = move |()| {
        navigator.push(Route::Payment { id: payment });
    };
    rsx! {
        Row { onopen: open, testid: "queue-row",
            Cell { header: true,
                span { class: "cell-lines",
                    Link {
                        class: "link",
                        to: Route::Payment { id: payment },
                        onclick: |event: MouseEvent| event.stop_propagation(),
                        {what.clone()}
                    }
                    span { class: "cell-meta", {t!("queue-signed", date = format::date_time(language, view.created))} }
                }
            }
            Cell { column: t!("queue-column-amount"), numeric: true, {amount.clone()} }
            Cell { column: t!("queue-column-until"),
                if let Some(until) = item.not_after {
                    span { class: "cell-lines",
                        {format::date_time(language, until)}
                        Left { until }
                    }
                }
            }
            Cell { column: t!("queue-column-state"),
                span { class: "cell-lines",
                    PaymentStateBadge { state: view.state, in_doubt: view.in_doubt }
                    if view.in_doubt {
                        span { class: "cell-meta", {t!("queue-in-doubt-hint")} }
                    }
                }
            }
            Cell { apart: true,
                Button {
                    kind: ButtonKind::Quiet,
                    small: true,
                    disabled: view.in_doubt || sending,
                    label: t!("queue-cancel-one", amount = &amount),
                    testid: "withdraw-{payment}",
                    onclick: move |_| onwithdraw.call(payment),
                    {t!("queue-cancel")}
                }
            }
        }
    }
}

/// Asks before an order is taken back. Stands outside the table: within a cell no screen reader would hear of it.
///
/// - `item`: the order.
/// - `onclose`: it was answered.
#[component]
pub(super) fn Withdraw(item: PaymentItem, onclose: EventHandler<()>) -> Element {
    let send = use_send();
    let payment = item.view.payment;
    let (amount, what) = (format::money_text(item.view.amount), paid_for(&item.view));
    rsx! {
        AskOnce {
            title: t!("queue-cancel-title"),
            text: if item.view.bills.is_empty() {
                t!("queue-cancel-text-account", amount = &amount)
            } else {
                t!("queue-cancel-text", amount = &amount, what = &what)
            },
            yes: t!("queue-cancel-yes"),
            no: t!("queue-cancel-no"),
            onyes: move |()| {
                onclose.call(());
                send.send(Command::Cancel(payment));
            },
            onclose: move |()| onclose.call(()),
        }
    }
}

/// How long until an order lapses.
///
/// - `until`: its end.
#[component]
fn Left(until: gridkey_domain::Timestamp) -> Element {
    let app = use_app();
    let language = language();
    // In words, so that it is drawn anew only when they change.
    let words = use_memo(move || {
        let seconds = until.seconds_since(app.now()());
        if seconds > 0 {
            t!("queue-until-in", duration = format::duration(language, seconds))
        } else {
            t!("queue-lapsed")
        }
    });
    rsx! {
        span { class: "cell-meta", {words()} }
    }
}
