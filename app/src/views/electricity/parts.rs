//! The running charge by parts, as lines of the bill to come.

use dioxus::prelude::*;
use gridkey_domain::{account::Meter, bill::BillLine, usage::MeterUsage};
use gridkey_kit::{chart::RegisterName, prelude::*};

use crate::{
    logic::tariff::{Part, parts},
    views::bills::how,
};

/// A dialog with quantity × price of each part, reckoned on this computer by the published tariff.
///
/// - `usage`: the running month.
/// - `meter`: the meter's terms.
/// - `onclose`: it was read.
#[component]
pub(super) fn ChargeParts(usage: MeterUsage, meter: Meter, onclose: EventHandler<()>) -> Element {
    let columns = vec![
        Column::text(t!("bills-column-line")),
        Column::number(t!("bills-column-quantity")),
        Column::number(t!("bills-column-price")),
        Column::number(t!("bills-column-amount")),
    ];
    let lines: Vec<BillLine> = parts(&usage, &meter).unwrap_or_default().into_iter().map(line).collect();
    rsx! {
        Dialog { title: t!("electricity-running-show"), wide: true, onclose, testid: "charge-dialog",
            Table { caption: t!("electricity-running-caption"), columns,
                for (place , line) in lines.into_iter().enumerate() {
                    Row { key: "{place}",
                        Cell { header: true,
                            if let Some(register) = how::register(line.kind) {
                                RegisterName { register }
                            } else {
                                {how::name(line.kind)}
                            }
                        }
                        Cell { column: t!("bills-column-quantity"), numeric: true, {how::quantity(&line)} }
                        Cell { column: t!("bills-column-price"), numeric: true, {how::price(&line)} }
                        Cell { column: t!("bills-column-amount"), numeric: true, {format::signed_fen(line.amount)} }
                    }
                }
                Row { strong: true,
                    Cell { header: true, {t!("bills-sum")} }
                    Cell {}
                    Cell {}
                    Cell { column: t!("bills-column-amount"), numeric: true, {format::money_text(usage.running)} }
                }
            }
        }
    }
}

fn line(part: Part) -> BillLine {
    BillLine { kind: part.kind, quantity: part.quantity, price: part.price, amount: part.amount }
}
