//! A customer's payments.

use dioxus::prelude::*;
use gridkey_desk::office::{PaymentQuery, Topic};
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    views::{
        parts::{More, shown},
        payments::PaymentTable,
    },
};

/// Payments shown until more are asked for.
const FEW: usize = 6;

/// The payments, the newest first.
///
/// - `customer`: whose.
#[component]
pub(super) fn Payments(customer: CustomerNo) -> Element {
    let mut all = use_signal(|| false);
    let query = PaymentQuery { customer: Some(customer), state: None };
    let desk = use_desk();
    let payments = desk.payments();
    let section = payments.read().get(&query).cloned().unwrap_or_default();
    let topic = Topic::Payments(query);
    rsx! {
        Card { title: t!("customers-payments"), class: "card-flush dense", testid: "customer-payments",
            {shown(&section, topic.clone(), t!("customers-payments-loading"), Shape::Rows, |list| {
                let count = list.items.len();
                let some: Vec<_> = list.items.iter().take(if all() { count } else { FEW }).cloned().collect();
                rsx! {
                    if some.is_empty() {
                        p { class: "muted", {t!("customers-payments-none")} }
                    } else {
                        PaymentTable { lines: some, with_customer: false }
                    }
                    if !all() && count > FEW {
                        div { class: "list-foot",
                            Button { small: true, testid: "all-payments", onclick: move |_| all.set(true), {t!("customers-payments-all")} }
                        }
                    } else if list.more {
                        More { topic, shown: count, more: true, loading: list.loading }
                    }
                }
            })}
        }
    }
}
