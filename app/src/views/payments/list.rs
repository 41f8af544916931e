//! The list of payments.

use dioxus::prelude::*;
use gridkey_client::app::{PaymentItem, Topic};
use gridkey_domain::Month;
use gridkey_kit::prelude::*;

use super::row::PaymentRow;
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    logic::payments::{PaymentFilter, by_month},
    route::{BillChoice, Route},
    views::parts,
};

/// All payments by month, to be filtered and searched.
#[component]
pub fn Payments() -> Element {
    use_want(Topic::Payments);
    let payments = use_app().payments()();
    let filter = use_signal(PaymentFilter::default);
    let typed = use_signal(String::new);
    rsx! {
        Page { title: t!("payments-title"), testid: "payments",
            {parts::shown(&payments, Topic::Payments, t!("payments-loading"), Shape::Rows, |payments| {
                rsx! { PaymentList { payments: payments.clone(), filter, typed } }
            })}
        }
    }
}

/// What filter and search leave, by month.
///
/// - `payments`: all, newest first.
/// - `filter`: which are shown.
/// - `typed`: what is looked for.
#[component]
fn PaymentList(payments: Vec<PaymentItem>, filter: Signal<PaymentFilter>, typed: Signal<String>) -> Element {
    let (mut filter, mut typed) = (filter, typed);
    let navigator = use_navigator();
    if payments.is_empty() {
        return rsx! {
            Card {
                Empty {
                    icon: IconName::History,
                    title: t!("payments-none"),
                    text: t!("payments-none-text"),
                    action: rsx! {
                        Button {
                            kind: ButtonKind::Primary,
                            onclick: move |_| {
                                navigator.push(Route::Pay { bills: BillChoice::default() });
                            },
                            {t!("payments-pay")}
                        }
                    },
                }
            }
        };
    }
    let choices = PaymentFilter::ALL.map(|filter| Choice::new(filter, t!(filter.label()))).to_vec();
    let groups: Vec<(Month, Vec<PaymentItem>)> = by_month(&payments, filter(), &typed.read())
        .into_iter()
        .map(|group| (group.month, group.items.into_iter().cloned().collect()))
        .collect();
    rsx! {
        div { class: "toolbar",
            Segmented {
                label: t!("payments-filter"),
                choices,
                value: filter(),
                onchange: move |value| filter.set(value),
                testid: "payment-filter",
            }
            div { class: "toolbar-search",
                Field {
                    label: t!("payments-search"),
                    label_hidden: true,
                    value: typed(),
                    oninput: move |text| typed.set(text),
                    kind: InputKind::Search,
                    placeholder: t!("payments-search-hint"),
                    maxlength: 60,
                    testid: "payment-search",
                }
            }
        }
        div { "aria-live": "polite",
            if groups.is_empty() {
                Card {
                    Empty {
                        icon: IconName::History,
                        title: t!("payments-none-found"),
                        text: t!("payments-none-found-text"),
                        action: rsx! {
                            Button {
                                onclick: move |_| {
                                    filter.set(PaymentFilter::All);
                                    typed.set(String::new());
                                },
                                {t!("payments-show-all")}
                            }
                        },
                    }
                }
            }
        }
        div { class: "stack months",
            for (month , items) in groups {
                MonthCard { key: "{month}", month, items }
            }
        }
    }
}

/// The payments of a month.
///
/// - `month`: the month.
/// - `items`: its payments.
#[component]
fn MonthCard(month: Month, items: Vec<PaymentItem>) -> Element {
    let name = format::month(language(), month);
    let columns = vec![
        Column::text(t!("payments-column-date")),
        Column::text(t!("payments-column-for")),
        Column::number(t!("payments-column-amount")),
        Column::text(t!("payments-column-state")),
    ];
    rsx! {
        Card { title: name.clone(), class: "card-flush",
            Table { caption: t!("payments-caption", month = &name), columns, testid: "payment-table",
                for item in items {
                    PaymentRow { key: "{item.view.payment}", item }
                }
            }
        }
    }
}
