//! What is overdue, bill by bill.

use dioxus::prelude::*;
use gridkey_client::app::Topic;
use gridkey_domain::{
    Fen,
    arrears::{Arrears, Level, OverdueBill},
};
use gridkey_kit::prelude::*;

use super::entry::{level_name, level_tone};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    logic::bills::can_be_paid,
    route::{BillChoice, Route},
    views::parts::bill_name,
};

/// The sum, the late charge, and the bills with their days; the way to pay them.
///
/// - `arrears`: what is overdue.
#[component]
pub(super) fn ArrearsCard(arrears: Arrears) -> Element {
    if arrears.bills.is_empty() {
        return rsx! {
            Card {
                Empty { icon: IconName::Check, title: t!("alarms-none"), text: t!("alarms-none-text") }
            }
        };
    }
    let columns = vec![
        Column::text(t!("alarms-column-bill")),
        Column::text(t!("alarms-column-due")),
        Column::number(t!("alarms-column-days")),
        Column::number(t!("alarms-column-open")),
        Column::number(t!("alarms-column-late")),
        Column::text(t!("alarms-column-level")),
    ];
    rsx! {
        Card {
            title: t!("alarms-now"),
            aside: rsx! {
                Badge { tone: level_tone(arrears.level), icon: IconName::Warning, {level_name(arrears.level)} }
            },
            testid: "arrears",
            div { class: "figures",
                div {
                    MoneyFigure { amount: arrears.open, testid: "arrears-open" }
                    p { class: "muted", {level_means(arrears.level)} }
                }
                div {
                    MoneyFigure { amount: arrears.late, testid: "arrears-late" }
                    p { class: "muted", {t!("alarms-late")} " · " {t!("alarms-late-hint")} }
                }
            }
            PayArrears { bills: arrears.bills.clone() }
            Table { caption: t!("alarms-arrears-caption"), columns, testid: "arrears-table",
                for bill in arrears.bills {
                    OverdueRow { key: "{bill.bill}", bill }
                }
            }
        }
    }
}

/// Pays what is overdue, as far as no payment is under way for it.
///
/// - `bills`: the overdue bills.
#[component]
fn PayArrears(bills: Vec<OverdueBill>) -> Element {
    use_want(Topic::Bills);
    let navigator = use_navigator();
    let listed = use_app().bills()();
    let free = |bill: &&OverdueBill| {
        // What the list does not have is left to the order's own checks.
        let known = listed.get().and_then(|listed| listed.iter().find(|own| own.bill == bill.bill));
        known.is_none_or(can_be_paid)
    };
    let payable: Vec<&OverdueBill> = bills.iter().filter(free).collect();
    let Some(sum) = Fen::checked_sum(payable.iter().map(|bill| bill.open)).filter(|sum| *sum > Fen::ZERO) else {
        return rsx! {
            p { {t!("bills-in-payment")} }
        };
    };
    let choice = BillChoice(payable.into_iter().map(|bill| bill.bill.clone()).collect());
    rsx! {
        div { class: "actions",
            Button {
                kind: ButtonKind::Primary,
                testid: "pay-arrears",
                onclick: move |_| {
                    navigator.push(Route::Pay { bills: choice.clone() });
                },
                {t!("alarms-pay", amount = format::money_text(sum))}
            }
        }
    }
}

/// One overdue bill.
///
/// - `bill`: the bill.
#[component]
fn OverdueRow(bill: OverdueBill) -> Element {
    let level = Level::of_days(bill.days);
    let navigator = use_navigator();
    let route = Route::Bill { id: bill.bill.clone() };
    let open = {
        let route = route.clone();
        move |()| {
            navigator.push(route.clone());
        }
    };
    rsx! {
        Row { onopen: open,
            Cell { header: true,
                Link {
                    class: "link",
                    to: route,
                    onclick: |event: MouseEvent| event.stop_propagation(),
                    {bill_name(&bill.bill)}
                }
            }
            Cell { column: t!("alarms-column-due"), {format::date(language(), bill.due)} }
            Cell { column: t!("alarms-column-days"), numeric: true, {t!("alarms-days", days = bill.days)} }
            Cell { column: t!("alarms-column-open"), numeric: true, {format::money_text(bill.open)} }
            Cell { column: t!("alarms-column-late"), numeric: true, {format::money_text(bill.late)} }
            Cell { column: t!("alarms-column-level"), Badge { tone: level_tone(level), {level_name(level)} } }
        }
    }
}

fn level_means(level: Level) -> String {
    match level {
        Level::None => t!("alarms-subtitle-none"),
        Level::Reminder => t!("alarms-level-reminder-means"),
        Level::Warning => t!("alarms-level-warning-means"),
        Level::Final => t!("alarms-level-final-means"),
    }
}
