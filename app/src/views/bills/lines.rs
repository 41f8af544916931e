//! The lines of a bill.

use dioxus::prelude::*;
use gridkey_domain::bill::Bill;
use gridkey_kit::{chart::RegisterName, prelude::*};

use super::how;

/// Every line with quantity × price and how it came about, and the total.
///
/// - `bill`: the bill.
#[component]
pub(super) fn Lines(bill: Bill) -> Element {
    let caption = t!("bills-lines-caption", month = format::month(language(), bill.month));
    let columns = vec![
        Column::text(t!("bills-column-line")),
        Column::number(t!("bills-column-quantity")),
        Column::number(t!("bills-column-price")),
        Column::number(t!("bills-column-amount")),
    ];
    rsx! {
        Card { title: t!("bills-lines"), class: "card-flush",
            Table { caption, columns, testid: "bill-lines",
                for (place , line) in bill.lines.iter().enumerate() {
                    Row { key: "{place}",
                        Cell { header: true,
                            span { class: "line-name",
                                if let Some(register) = how::register(line.kind) {
                                    RegisterName { register }
                                } else {
                                    {how::name(line.kind)}
                                }
                                span { class: "cell-meta", {how::words(&bill, line)} }
                            }
                        }
                        Cell { column: t!("bills-column-quantity"), numeric: true, {how::quantity(line)} }
                        Cell { column: t!("bills-column-price"), numeric: true, {how::price(line)} }
                        Cell { column: t!("bills-column-amount"), numeric: true, {format::signed_fen(line.amount)} }
                    }
                }
                Row { strong: true, testid: "bill-total",
                    Cell { header: true, {t!("bills-sum")} }
                    Cell {}
                    Cell {}
                    Cell { column: t!("bills-column-amount"), numeric: true, {format::money_text(bill.total)} }
                }
            }
        }
    }
}
