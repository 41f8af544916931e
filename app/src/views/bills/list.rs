//! The list of bills.

use std::collections::BTreeSet;

use dioxus::prelude::*;
use gridkey_client::app::Topic;
use gridkey_domain::{BillId, Fen, bill::BillSummary};
use gridkey_kit::prelude::*;

use super::{row::BillRow, selection::SelectionBar};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    logic::bills::{BillFilter, can_be_paid, open_total},
    views::parts,
};

/// All bills: which want money, and the way to pay several at once.
#[component]
pub fn Bills() -> Element {
    use_want(Topic::Bills);
    let bills = use_app().bills()();
    let filter = use_signal(BillFilter::default);
    let chosen = use_signal(BTreeSet::new);
    rsx! {
        Page { title: t!("bills-title"), testid: "bills",
            {parts::shown(&bills, Topic::Bills, t!("bills-loading"), Shape::Rows, |bills| {
                rsx! { BillList { bills: bills.clone(), filter, chosen } }
            })}
        }
    }
}

/// The bills that the filter lets through, and the bar that pays the chosen ones.
///
/// - `bills`: all, newest first.
/// - `filter`: which are shown.
/// - `chosen`: which are ticked.
#[component]
fn BillList(bills: Vec<BillSummary>, filter: Signal<BillFilter>, chosen: Signal<BTreeSet<BillId>>) -> Element {
    let mut filter = filter;
    if bills.is_empty() {
        return rsx! {
            Card {
                Empty { icon: IconName::Bills, title: t!("bills-none"), text: t!("bills-none-text") }
            }
        };
    }
    let shown: Vec<BillSummary> = bills.iter().filter(|bill| filter().shows(bill)).cloned().collect();
    let several_meters = bills.iter().any(|bill| bill.meter != bills[0].meter);
    let choosable = shown.iter().any(can_be_paid);
    let open = open_total(&bills).unwrap_or_default();
    let choices = BillFilter::ALL.map(|filter| Choice::new(filter, t!(filter.label()))).to_vec();
    let mut columns = vec![Column::text(t!("bills-column-month"))];
    if choosable {
        columns.insert(0, Column::hidden(t!("bills-column-choose")));
    }
    if several_meters {
        columns.push(Column::text(t!("bills-column-meter")));
    }
    columns.extend([
        Column::text(t!("bills-column-due")),
        Column::number(t!("bills-column-total")),
        Column::number(t!("bills-column-open")),
        Column::text(t!("bills-column-state")),
    ]);
    rsx! {
        div { class: "toolbar",
            Segmented {
                label: t!("bills-filter"),
                choices,
                value: filter(),
                onchange: move |value| filter.set(value),
                testid: "bill-filter",
            }
            p { class: "toolbar-note",
                {t!("bills-count", count = shown.len())}
                if open > Fen::ZERO {
                    " · "
                    {t!("bills-open-total")}
                    " "
                    strong { class: "numeric", {format::money_text(open)} }
                }
            }
        }
        Card { class: "card-flush",
            if shown.is_empty() {
                NothingShown { filter }
            } else {
                Table { caption: t!("bills-caption"), columns, testid: "bill-table",
                    for bill in shown {
                        BillRow { key: "{bill.bill}", bill, choosable, several_meters, chosen }
                    }
                }
            }
        }
        SelectionBar { bills, chosen }
    }
}

/// Stands where the filter leaves nothing.
///
/// - `filter`: the filter, to be taken away.
#[component]
fn NothingShown(filter: Signal<BillFilter>) -> Element {
    let mut filter = filter;
    let (title, text) = match filter() {
        BillFilter::Open => (t!("bills-none-open"), t!("bills-none-open-text")),
        BillFilter::Paid | BillFilter::All => (t!("bills-none-paid"), t!("bills-none-paid-text")),
    };
    rsx! {
        Empty {
            icon: IconName::Bills,
            title,
            text,
            action: rsx! {
                Button { onclick: move |_| filter.set(BillFilter::All), {t!("bills-show-all")} }
            },
        }
    }
}
