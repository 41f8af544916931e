//! The next bill to pay.

use dioxus::prelude::*;
use gridkey_client::app::Topic;
use gridkey_domain::bill::{BillState, BillSummary};
use gridkey_kit::prelude::*;

use super::part::part;
use crate::{
    context::{AppStateStoreExt as _, use_app},
    logic::bills::can_be_paid,
    route::{BillChoice, Route},
};

/// Amount and date of the next bill, and the way to pay it.
#[component]
pub(super) fn NextDue() -> Element {
    let app = use_app();
    let bills = app.bills().cloned();
    let next = bills.get().into_iter().flatten().filter(|bill| can_be_paid(bill)).min_by_key(|bill| bill.due).cloned();
    let aside = next.as_ref().map(|bill| {
        let date = format::day_month(language(), bill.due);
        match bill.state {
            BillState::Overdue => rsx! { span { class: "tone-danger", {t!("overview-due-overdue", date = date)} } },
            _ => rsx! { span { {t!("overview-due-date", date = date)} } },
        }
    });
    rsx! {
        Card { title: t!("overview-due"), class: "span-4", testid: "next-due", aside,
            {
                part(&bills, Topic::Bills, t!("overview-loading-bills"), Shape::Figure, |bills| {
                    let more = bills.iter().filter(|bill| can_be_paid(bill)).count().saturating_sub(1);
                    match next {
                        Some(bill) => rsx! { Due { bill, more } },
                        None => rsx! { Nothing { in_payment: bills.iter().any(|bill| bill.state == BillState::InPayment) } },
                    }
                })
            }
        }
    }
}

/// A bill to pay.
///
/// - `bill`: the bill.
/// - `more`: how many others there are.
#[component]
fn Due(bill: BillSummary, more: usize) -> Element {
    let app = use_app();
    let online = app.connection().read().is_online();
    // What is overdue is paid by the banner above; a screen has one thing that asks first.
    let overdue = bill.state == BillState::Overdue;
    let kind = if overdue { ButtonKind::Secondary } else { ButtonKind::Primary };
    let month = format::month_name(language(), bill.month);
    rsx! {
        MoneyFigure { amount: bill.open, testid: "due" }
        p { class: "card-note",
            if bill.open < bill.total {
                {t!("overview-due-part", open = format::money_text(bill.open), total = format::money_text(bill.total))}
            } else {
                {t!("overview-due-for", month = month, meter = bill.meter.as_str())}
            }
            if more > 0 {
                " · "
                Link { to: Route::Bills {}, {t!("overview-due-more", count = more)} }
            }
        }
        div { class: "row card-actions",
            Link {
                class: kind.class(),
                to: Route::Pay { bills: BillChoice(vec![bill.bill.clone()]) },
                "data-testid": "pay-next",
                if online { {t!("overview-due-pay")} } else { {t!("overview-due-queue")} }
            }
            Link { class: ButtonKind::Secondary.class(), to: Route::Bill { id: bill.bill }, {t!("overview-due-open")} }
        }
    }
}

/// Nothing to pay.
///
/// - `in_payment`: an order holds a bill.
#[component]
fn Nothing(in_payment: bool) -> Element {
    rsx! {
        Empty {
            icon: IconName::Check,
            title: if in_payment { t!("overview-due-in-payment") } else { t!("overview-due-none") },
            text: (!in_payment).then(|| t!("overview-due-none-text")),
        }
    }
}
