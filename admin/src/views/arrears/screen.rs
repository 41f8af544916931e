//! Customers in arrears.

use dioxus::prelude::*;
use gridkey_desk::office::{Paged, Topic};
use gridkey_domain::{CustomerNo, arrears::Level};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::bills::ArrearsLine;

use super::{dialog::BillsDialog, find::Find, levels::Levels};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    logic::arrears::sorted,
    views::parts::{LevelBadge, More, customer_page, shown},
};

/// Who owes, the gravest first; the bills and alarms of each.
#[component]
pub fn Arrears() -> Element {
    use_want(Topic::Arrears);
    let mut opened = use_signal(|| None::<CustomerNo>);
    let desk = use_desk();
    let arrears = desk.arrears();
    let section = arrears.read().clone();
    rsx! {
        Page {
            title: t!("arrears-title"),
            subtitle: t!("arrears-subtitle"),
            testid: "arrears",
            aside: rsx! { Find { onfind: move |customer| opened.set(Some(customer)) } },
            {shown(&section, Topic::Arrears, t!("arrears-loading"), Shape::Rows, |list| rsx! {
                Listed { list: list.clone(), onopen: move |customer| opened.set(Some(customer)) }
            })}
        }
        if let Some(customer) = opened() {
            BillsDialog { key: "{customer}", customer, onclose: move |()| opened.set(None) }
        }
    }
}

/// The customers in arrears.
///
/// - `list`: as far as they have come.
/// - `onopen`: bills and alarms of one are wanted.
#[component]
fn Listed(list: Paged<ArrearsLine>, onopen: EventHandler<CustomerNo>) -> Element {
    let mut chosen = use_signal(|| None::<Level>);
    let columns = vec![
        Column::text(t!("arrears-column-customer")),
        Column::text(t!("arrears-column-level")),
        Column::number(t!("arrears-column-open")),
        Column::number(t!("arrears-column-late")),
        Column::hidden(t!("arrears-bills")),
    ];
    if list.items.is_empty() {
        return rsx! {
            Card {
                Empty { icon: IconName::Check, title: t!("arrears-none"), text: t!("arrears-none-text") }
            }
        };
    }
    let lines: Vec<ArrearsLine> = sorted(&list.items, chosen()).into_iter().cloned().collect();
    rsx! {
        Levels { lines: list.items.clone(), chosen }
        Card { class: "card-flush dense arrears-list",
            if lines.is_empty() {
                Empty {
                    icon: IconName::Check,
                    title: t!("arrears-none-level"),
                    action: rsx! { Button { onclick: move |_| chosen.set(None), {t!("arrears-show-all")} } },
                }
            } else {
                Table { caption: t!("arrears-title"), columns, testid: "arrears-table",
                    for line in lines {
                        ArrearsRow { key: "{line.customer}", line, onopen }
                    }
                }
            }
            More { topic: Topic::Arrears, shown: list.items.len(), more: list.more, loading: list.loading }
        }
    }
}

/// One customer in arrears.
///
/// - `line`: what it owes.
/// - `onopen`: its bills and alarms are wanted.
#[component]
fn ArrearsRow(line: ArrearsLine, onopen: EventHandler<CustomerNo>) -> Element {
    let customer = line.customer.clone();
    rsx! {
        Row { testid: "arrears-row",
            Cell { header: true,
                Link { class: "link", to: customer_page(&line.customer), {line.customer.to_string()} }
            }
            Cell { column: t!("arrears-column-level"), LevelBadge { level: line.level } }
            Cell { column: t!("arrears-column-open"), numeric: true, {format::money_text(line.open)} }
            Cell { column: t!("arrears-column-late"), numeric: true, {format::money_text(line.late)} }
            Cell { numeric: true,
                Button {
                    small: true,
                    kind: ButtonKind::Quiet,
                    label: t!("arrears-bills-label", customer = line.customer.as_str()),
                    testid: "bills-{line.customer}",
                    onclick: move |_| onopen.call(customer.clone()),
                    {t!("arrears-bills")}
                }
            }
        }
    }
}
