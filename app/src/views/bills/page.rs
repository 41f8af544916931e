//! One bill.

use dioxus::prelude::*;
use gridkey_client::app::{BillView, Section, Topic};
use gridkey_domain::{
    BillId, Fen,
    bill::{Bill, BillState, BillSummary},
};
use gridkey_kit::prelude::*;

use super::{check::BillCheck, documents::Documents, lines::Lines};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    logic::{bills::can_be_paid, order::unfinished},
    route::{BillChoice, Route},
    views::parts::{self, BillStateBadge, due_words, print_page, use_today},
};

/// One bill: what is to pay, each line with how it came about, and whether this computer reckons the same.
///
/// - `id`: the bill.
#[component]
pub fn BillPage(id: ReadSignal<BillId>) -> Element {
    let app = use_app();
    use_want(Topic::Bill(id()));
    use_want(Topic::Bills);
    let section: Section<BillView> = app.bill().read().get(&id()).cloned().unwrap_or_default();
    let heading = t!("bills-heading", month = parts::bill_name(&id()));
    let subtitle =
        section.get().map(|view| t!("bills-number", bill = view.bill.bill.as_str(), meter = view.bill.meter.as_str()));
    rsx! {
        Page {
            title: heading,
            subtitle,
            testid: "bill",
            back: rsx! {
                Link { class: "link", to: Route::Bills {},
                    Icon { name: IconName::ChevronLeft, size: 16 }
                    {t!("bills-back")}
                }
            },
            aside: section.get().map(|_| rsx! {
                Button { icon: IconName::Print, onclick: |_| print_page(), {t!("bills-print")} }
            }),
            {parts::shown(&section, Topic::Bill(id()), t!("bills-loading-one"), Shape::Rows, |view| {
                rsx! { BillBody { view: view.clone() } }
            })}
        }
    }
}

/// The cards of a bill.
///
/// - `view`: the bill and what this computer found.
#[component]
fn BillBody(view: BillView) -> Element {
    let BillView { bill, findings } = view;
    rsx! {
        div { class: "split bill-split",
            div { class: "split-main",
                BillCheck { findings }
                Lines { bill: bill.clone() }
            }
            div { class: "split-side",
                ToPay { bill: bill.clone() }
                Metered { bill: bill.clone() }
                Documents { bill: bill.bill, documents: bill.documents }
            }
        }
    }
}

/// What is to pay, and the way there.
///
/// - `bill`: the bill.
#[component]
fn ToPay(bill: Bill) -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let today = use_today();
    let language = language();
    let summary = summary(&bill);
    let due = due_words(bill.state, bill.due, today());
    let open = bill.open > Fen::ZERO;
    let part_paid = open && bill.open < bill.total;
    let payments = app.payments()();
    let queue = app.queue()();
    let items = payments.get().map(Vec::as_slice).unwrap_or_default();
    let under_way = unfinished(std::slice::from_ref(&bill.bill), items, &queue);
    let payable = can_be_paid(&summary) && under_way.is_none();
    let id = bill.bill.clone();
    rsx! {
        Card {
            title: if open { t!("bills-left") } else { t!("bills-total") },
            aside: rsx! { BillStateBadge { bill: summary } },
            MoneyFigure { amount: if open { bill.open } else { bill.total }, testid: "bill-amount" }
            p { class: "muted",
                if part_paid {
                    {t!("bills-of-total", total = format::money_text(bill.total))}
                    " · "
                }
                {t!("bills-issued-on", date = format::date(language, bill.issued))}
                " · "
                {t!("bills-due-on", date = format::date(language, bill.due))}
                if let Some(due) = due {
                    " · "
                    strong { class: "nowrap", class: if bill.state == BillState::Overdue { "tone-danger" }, {due} }
                }
            }
            if payable {
                Button {
                    kind: ButtonKind::Primary,
                    wide: true,
                    testid: "pay-bill",
                    onclick: move |_| {
                        navigator.push(Route::Pay { bills: BillChoice(vec![id.clone()]) });
                    },
                    {t!("bills-pay", amount = format::money_text(bill.open))}
                }
            } else if bill.state == BillState::InPayment || (open && under_way.is_some()) {
                p { {t!("bills-in-payment")} }
                if let Some(payment) = under_way {
                    Button {
                        wide: true,
                        testid: "see-payment",
                        onclick: move |_| {
                            navigator.push(Route::Payment { id: payment });
                        },
                        {t!("bills-see-payment")}
                    }
                }
            }
        }
    }
}

/// What was metered.
///
/// - `bill`: the bill.
#[component]
fn Metered(bill: Bill) -> Element {
    let language = language();
    rsx! {
        Card { title: t!("bills-metered"),
            Pairs {
                Pair { term: t!("bills-active"), numeric: true, {format::kwh(language, bill.kwh.total)} }
                Pair { term: t!("bills-reactive"), numeric: true,
                    {format::quantity(bill.kvarh)}
                    " "
                    {t!("bills-unit-kvarh")}
                }
                Pair { term: t!("bills-max"), numeric: true, {format::kw(language, bill.max_kw)} }
                Pair { term: t!("bills-pf"), numeric: true, {format::factor(bill.pf)} }
            }
        }
    }
}

/// The bill as the list has it.
fn summary(bill: &Bill) -> BillSummary {
    BillSummary {
        bill: bill.bill.clone(),
        meter: bill.meter.clone(),
        month: bill.month,
        issued: bill.issued,
        due: bill.due,
        total: bill.total,
        open: bill.open,
        state: bill.state,
    }
}
