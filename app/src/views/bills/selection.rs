//! What is chosen in the list, and the button that pays it.

use std::collections::BTreeSet;

use dioxus::prelude::*;
use gridkey_domain::{BillId, bill::BillSummary};
use gridkey_kit::prelude::*;

use crate::{
    logic::bills::{everything_payable, selection},
    route::{BillChoice, Route},
};

/// The bar at the foot of the list; absent while nothing can be paid.
///
/// - `bills`: all bills.
/// - `chosen`: those that are ticked.
#[component]
pub(super) fn SelectionBar(bills: Vec<BillSummary>, chosen: Signal<BTreeSet<BillId>>) -> Element {
    let mut chosen = chosen;
    let navigator = use_navigator();
    let payable = everything_payable(&bills);
    if payable.is_empty() {
        return rsx! {};
    }
    let picked = selection(&bills, &chosen.read());
    let count = picked.as_ref().map_or(0, |picked| picked.bills.len());
    let all = count == payable.len();
    let to_pay = picked.filter(|picked| !picked.bills.is_empty());
    rsx! {
        div { class: "selection-bar", role: "region", "aria-label": t!("bills-selected", count = count),
            Checkbox {
                label: t!("bills-select-all"),
                checked: all,
                onchange: move |ticked| chosen.set(if ticked { payable.clone() } else { BTreeSet::new() }),
                testid: "choose-all",
            }
            p { class: "selection-count", role: "status", {t!("bills-selected", count = count)} }
            if let Some(picked) = to_pay {
                Button {
                    kind: ButtonKind::Primary,
                    testid: "pay-chosen",
                    onclick: move |_| {
                        navigator.push(Route::Pay { bills: BillChoice(picked.bills.clone()) });
                    },
                    {t!("bills-pay", amount = format::money_text(picked.open))}
                }
            } else {
                Button { kind: ButtonKind::Primary, disabled: true, testid: "pay-chosen", {t!("bills-pay-one")} }
            }
        }
    }
}
