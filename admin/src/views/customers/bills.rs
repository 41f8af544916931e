//! A customer's bills, and sending one again.

use dioxus::prelude::*;
use gridkey_desk::office::{Paged, Topic};
use gridkey_domain::{CustomerNo, Fen, bill::BillSummary};
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    views::parts::{BillStateBadge, More, PushBill, shown},
};

/// Bills shown until more are asked for.
const FEW: usize = 6;

/// The bills, the newest first.
///
/// - `customer`: whose.
#[component]
pub(super) fn Bills(customer: CustomerNo) -> Element {
    let mut all = use_signal(|| false);
    let desk = use_desk();
    let bills = desk.bills();
    let section = bills.read().get(&customer).cloned().unwrap_or_default();
    let topic = Topic::Bills(customer.clone());
    rsx! {
        Card { title: t!("customers-bills"), class: "card-flush dense", testid: "customer-bills",
            {shown(&section, topic, t!("customers-bills-loading"), Shape::Rows, |list| {
                if list.items.is_empty() {
                    rsx! {
                        p { class: "muted", {t!("customers-bills-none")} }
                    }
                } else {
                    let many = list.items.len() > FEW && !all();
                    let some = if many { list.items.iter().take(FEW).cloned().collect() } else { Vec::new() };
                    rsx! {
                        BillTable { customer: customer.clone(), list: if many { Paged::whole(some) } else { list.clone() } }
                        if many {
                            div { class: "list-foot",
                                Button { small: true, testid: "all-bills", onclick: move |_| all.set(true), {t!("customers-payments-all")} }
                            }
                        }
                    }
                }
            })}
        }
    }
}

/// Bills in a table.
///
/// - `customer`: whose.
/// - `list`: as far as they have come.
#[component]
pub fn BillTable(customer: CustomerNo, list: Paged<BillSummary>) -> Element {
    let language = language();
    let columns = vec![
        Column::text(t!("customers-bill")),
        Column::text(t!("customers-bill-due")),
        Column::number(t!("customers-bill-total")),
        Column::text(t!("customers-bill-state")),
        Column::hidden(t!("parts-push")),
    ];
    let shown = list.items.len();
    rsx! {
        Table { caption: t!("customers-bills"), columns, testid: "bill-table",
            for bill in list.items {
                Row { key: "{bill.bill}",
                    Cell { header: true,
                        span { class: "nowrap", {format::month(language, bill.month)} }
                        span { class: "cell-meta", {bill.meter.to_string()} }
                    }
                    Cell { column: t!("customers-bill-due"), span { class: "nowrap", {format::date(language, bill.due)} } }
                    Cell { column: t!("customers-bill-total"), numeric: true,
                        {format::money_text(bill.total)}
                        if bill.open > Fen::ZERO && bill.open < bill.total {
                            span { class: "cell-meta", {t!("customers-bill-open", amount = format::money_text(bill.open))} }
                        }
                    }
                    Cell { column: t!("customers-bill-state"), BillStateBadge { state: bill.state } }
                    Cell { numeric: true, PushBill { customer: customer.clone(), bill: bill.bill.clone() } }
                }
            }
        }
        if list.more {
            More { topic: Topic::Bills(customer), shown, more: true, loading: list.loading }
        }
    }
}
