//! Payments in a table.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::payments::PaymentLine;

use crate::{
    route::Route,
    views::parts::{PaymentStateBadge, customer_page, paid_for},
};

/// Payments; each row leads to its page.
///
/// - `lines`: the payments.
/// - `with_customer`: whose they are stands there, too.
#[component]
pub fn PaymentTable(lines: Vec<PaymentLine>, #[props(default = true)] with_customer: bool) -> Element {
    let language = language();
    let mut columns = vec![Column::text(t!("admin-payments-column-signed"))];
    if with_customer {
        columns.push(Column::text(t!("admin-payments-column-customer")));
    }
    columns.extend([
        Column::text(t!("admin-payments-column-for")),
        Column::number(t!("admin-payments-column-amount")),
        Column::text(t!("admin-payments-column-state")),
    ]);
    rsx! {
        div { class: "table-open",
            Table { caption: t!("admin-payments-title"), columns, testid: "payment-table",
                for line in lines {
                    Row { key: "{line.payment.payment}", testid: "payment-row",
                        Cell { header: true,
                            Link {
                                class: "row-link",
                                to: Route::Payment { customer: line.customer.clone(), id: line.payment.payment },
                                {format::date_time(language, line.payment.created)}
                            }
                        }
                        if with_customer {
                            Cell { column: t!("admin-payments-column-customer"),
                                Link { class: "link over-row", to: customer_page(&line.customer), {line.customer.to_string()} }
                            }
                        }
                        Cell { column: t!("admin-payments-column-for"), {paid_for(&line.payment.bills)} }
                        Cell { column: t!("admin-payments-column-amount"), numeric: true, {format::money_text(line.payment.amount)} }
                        Cell { column: t!("admin-payments-column-state"), PaymentStateBadge { state: line.payment.state } }
                    }
                }
            }
        }
    }
}
