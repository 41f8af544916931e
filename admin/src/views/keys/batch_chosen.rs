//! The customers of a batch, before it begins.

use std::collections::HashMap;

use dioxus::prelude::*;
use gridkey_desk::office::Problem;
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;

use super::batch_form::Known;
use crate::words;

/// The list, in the order in which keys are made; each can be taken out.
///
/// - `list`: the customers.
/// - `names`: what is known of them.
#[component]
pub(super) fn ChosenList(list: Signal<Vec<CustomerNo>>, names: Signal<HashMap<CustomerNo, Known>>) -> Element {
    let mut list = list;
    let customers = list();
    let columns = vec![
        Column::number(t!("keys-batch-place")),
        Column::text(t!("keys-batch-customer")),
        Column::text(t!("keys-batch-name")),
        Column::hidden(t!("keys-column-action")),
    ];
    rsx! {
        Card {
            title: t!("keys-batch-chosen", count = customers.len()),
            class: "card-flush dense",
            aside: (!customers.is_empty()).then(|| rsx! {
                LinkButton { onclick: move |_| list.write().clear(), {t!("keys-batch-clear")} }
            }),
            if customers.is_empty() {
                Empty { icon: IconName::Account, title: t!("keys-batch-none"), text: t!("keys-batch-none-text") }
            } else {
                Table { caption: t!("keys-batch-chosen", count = customers.len()), columns, testid: "batch-list",
                    for (index , customer) in customers.into_iter().enumerate() {
                        Row { key: "{customer}", testid: "batch-row",
                            Cell { column: t!("keys-batch-place"), numeric: true, "{index + 1}" }
                            Cell { header: true, {customer.to_string()} }
                            Cell { column: t!("keys-batch-name"), Named { known: names.read().get(&customer).cloned() } }
                            Cell {
                                Button {
                                    kind: ButtonKind::Quiet,
                                    small: true,
                                    label: t!("keys-batch-remove-one", customer = customer.as_str()),
                                    testid: "remove-{customer}",
                                    onclick: {
                                        let customer = customer.clone();
                                        move |_| list.write().retain(|known| *known != customer)
                                    },
                                    {t!("keys-batch-remove")}
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A customer's name, or why there is none.
///
/// - `known`: what is known.
#[component]
fn Named(known: Option<Known>) -> Element {
    match known {
        None => rsx! {
            span { class: "muted", {t!("keys-batch-looking")} }
        },
        Some(Known::Name(name)) => rsx! {
            {name}
        },
        Some(Known::Not(Problem::NotFound)) => rsx! {
            Badge { tone: Tone::Danger, icon: IconName::Warning, {t!("keys-batch-no-such")} }
        },
        Some(Known::Not(problem)) => rsx! {
            span { class: "text-warning", {words::problem(&problem).headline} }
        },
    }
}
