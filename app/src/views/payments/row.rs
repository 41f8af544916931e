//! One payment in the list.

use dioxus::prelude::*;
use gridkey_client::app::PaymentItem;
use gridkey_domain::PaymentState;
use gridkey_kit::prelude::*;

use crate::{
    route::Route,
    views::parts::{PaymentStateBadge, paid_for},
};

/// A row: it leads to the payment, as what it was for does.
///
/// - `item`: the payment.
#[component]
pub(super) fn PaymentRow(item: PaymentItem) -> Element {
    let language = language();
    let view = &item.view;
    let amount = format::money_text(view.amount);
    let signed = format::date_time(language, view.created);
    let label = t!("payments-open-one", amount = &amount, date = &signed);
    let waits_until = item.not_after.filter(|_| view.state == PaymentState::Queued);
    let navigator = use_navigator();
    let route = Route::Payment { id: view.payment };
    let open = {
        let route = route.clone();
        move |()| {
            navigator.push(route.clone());
        }
    };
    rsx! {
        Row { onopen: open, testid: "payment-row",
            Cell { column: t!("payments-column-date"), {signed} }
            Cell { header: true,
                Link {
                    class: "link",
                    to: route,
                    onclick: |event: MouseEvent| event.stop_propagation(),
                    "aria-label": label,
                    {paid_for(view)}
                }
            }
            Cell { column: t!("payments-column-amount"), numeric: true, {amount} }
            Cell { column: t!("payments-column-state"),
                span { class: "cell-lines",
                    PaymentStateBadge { state: view.state, in_doubt: view.in_doubt }
                    if let Some(until) = waits_until {
                        span { class: "cell-meta", {t!("payments-until", date = format::date_time(language, until))} }
                    }
                }
            }
        }
    }
}
