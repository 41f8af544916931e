//! The orders that wait.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Doing, QueueView, Topic};
use gridkey_domain::PaymentId;
use gridkey_kit::prelude::*;

use super::{
    limits::Limits,
    order::{OrderRow, Withdraw},
};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_send, use_want},
    route::{BillChoice, Route},
    words,
};

/// What waits on this machine: each order with its state and end, the limits, and sending by hand.
#[component]
pub fn Queue() -> Element {
    use_want(Topic::Payments);
    let queue = use_app().queue()();
    rsx! {
        Page { title: t!("queue-title"), subtitle: t!("queue-subtitle"), testid: "queue",
            if queue.orders.is_empty() {
                NothingWaits {}
            } else {
                Waiting { queue: queue.clone() }
            }
            Limits { queue }
        }
    }
}

/// Stands where nothing waits.
#[component]
fn NothingWaits() -> Element {
    let navigator = use_navigator();
    rsx! {
        Card {
            Empty {
                icon: IconName::Clock,
                title: t!("queue-none"),
                text: t!("queue-none-text"),
                action: rsx! {
                    Button {
                        kind: ButtonKind::Primary,
                        onclick: move |_| {
                            navigator.push(Route::Pay { bills: BillChoice::default() });
                        },
                        {t!("queue-pay")}
                    }
                },
            }
        }
    }
}

/// The orders, and the button that sends them.
///
/// - `queue`: what waits.
#[component]
fn Waiting(queue: QueueView) -> Element {
    let app = use_app();
    let send = use_send();
    let online = app.connection().read().is_online();
    let sending = app.sending()();
    let busy = sending == Doing::Busy;
    let columns = vec![
        Column::text(t!("queue-column-for")),
        Column::number(t!("queue-column-amount")),
        Column::text(t!("queue-column-until")),
        Column::text(t!("queue-column-state")),
        Column::hidden(t!("queue-column-action")),
    ];
    let company = app.company()();
    let mut asking = use_signal(|| None::<PaymentId>);
    // One that has left meanwhile is not asked about.
    let asked = queue.orders.iter().find(|item| Some(item.view.payment) == asking()).cloned();
    rsx! {
        if let Doing::Failed(problem) = &sending {
            Banner { tone: Tone::Danger, title: t!("queue-send-failed"), testid: "send-failed",
                {words::problem(problem, Some(&company)).headline}
            }
        }
        Card {
            title: t!("queue-total"),
            aside: rsx! { span { {t!("queue-count", count = queue.orders.len())} } },
            MoneyFigure { amount: queue.total, testid: "queue-total" }
            div { class: "actions",
                Button {
                    kind: ButtonKind::Primary,
                    disabled: !online,
                    busy,
                    testid: "send-now",
                    onclick: move |_| send.send(Command::SendQueue),
                    {t!("queue-send")}
                }
                if busy {
                    Spinner { what: t!("queue-sending") }
                } else if !online {
                    p { class: "field-hint actions-note", {t!("queue-send-offline")} }
                }
            }
        }
        Card { class: "card-flush",
            Table { caption: t!("queue-caption"), columns, testid: "queue-table",
                for item in queue.orders {
                    OrderRow {
                        key: "{item.view.payment}",
                        item,
                        sending: busy,
                        onwithdraw: move |payment| asking.set(Some(payment)),
                    }
                }
            }
        }
        if let Some(item) = asked {
            Withdraw { item, onclose: move |()| asking.set(None) }
        }
        p { class: "muted", {t!("queue-once")} }
    }
}
