//! One bill in the list.

use std::collections::BTreeSet;

use dioxus::prelude::*;
use gridkey_domain::{BillId, Fen, bill::BillSummary};
use gridkey_kit::prelude::*;

use crate::{
    logic::bills::can_be_paid,
    route::Route,
    views::parts::{BillStateBadge, due_words, use_today},
};

/// A row: it leads to the bill, as the month in it does, the box chooses it for paying.
///
/// - `bill`: the bill.
/// - `choosable`: there is a column of boxes.
/// - `several_meters`: there is a column of meters.
/// - `chosen`: the bills that are ticked.
#[component]
pub(super) fn BillRow(
    bill: BillSummary,
    choosable: bool,
    several_meters: bool,
    chosen: Signal<BTreeSet<BillId>>,
) -> Element {
    let mut chosen = chosen;
    let language = language();
    let today = use_today();
    let id = bill.bill.clone();
    let ticked = chosen.read().contains(&id);
    let month = format::month(language, bill.month);
    let choose = t!("bills-select", month = &month, meter = bill.meter.as_str());
    let open_one = t!("bills-open-one", month = &month, meter = bill.meter.as_str());
    let due = due_words(bill.state, bill.due, today());
    let navigator = use_navigator();
    let route = Route::Bill { id: id.clone() };
    let open = {
        let route = route.clone();
        move |()| {
            navigator.push(route.clone());
        }
    };
    rsx! {
        Row { onopen: open, testid: "bill-row",
            if choosable {
                Cell { apart: true,
                    if can_be_paid(&bill) {
                        Checkbox {
                            label: choose,
                            label_hidden: true,
                            checked: ticked,
                            onchange: move |ticked| {
                                if ticked {
                                    chosen.write().insert(id.clone());
                                } else {
                                    chosen.write().remove(&id);
                                }
                            },
                            testid: "choose-{bill.bill}",
                        }
                    }
                }
            }
            Cell { header: true,
                Link {
                    class: "link",
                    to: route,
                    onclick: |event: MouseEvent| event.stop_propagation(),
                    "aria-label": open_one,
                    {month}
                }
            }
            if several_meters {
                Cell { column: t!("bills-column-meter"), {bill.meter.to_string()} }
            }
            Cell { column: t!("bills-column-due"),
                span { class: "cell-lines",
                    {format::date(language, bill.due)}
                    if let Some(due) = due {
                        span { class: "cell-meta", {due} }
                    }
                }
            }
            Cell { column: t!("bills-column-total"), numeric: true, {format::money_text(bill.total)} }
            Cell { column: t!("bills-column-open"), numeric: true,
                if bill.open > Fen::ZERO {
                    {format::money_text(bill.open)}
                } else {
                    span { class: "muted", "–" }
                }
            }
            Cell { column: t!("bills-column-state"), BillStateBadge { bill: bill.clone() } }
        }
    }
}
