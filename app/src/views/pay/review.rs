//! The order as the key will sign it.

use dioxus::prelude::*;
use gridkey_client::{
    app::{Paying, Problem},
    queue::Intent,
};
use gridkey_domain::{Fen, bill::BillSummary, payment::Method};
use gridkey_kit::prelude::*;

use super::{
    draft::{Draft, Step, What},
    failure::Failure,
    sign::Sign,
};
use crate::{
    context::{AppStateStoreExt as _, use_app},
    logic::order::{Passed, intent, passes},
    views::parts::bill_name,
};

/// What will be signed, its limits, and the PIN.
///
/// - `bills`: all bills.
/// - `draft`: the order.
#[component]
pub(super) fn Review(bills: Vec<BillSummary>, draft: Draft) -> Element {
    let app = use_app();
    let Draft { mut step, .. } = draft;
    let signing = *app.paying().read() == Paying::Signing;
    let in_doubt = *app.paying().read() == Paying::Failed(Problem::OutcomeUnknown);
    // What was read is what is signed: an order that the news changed meanwhile is looked at anew.
    let read = use_hook(|| draft.request(&bills));
    let Some((request, amount)) = draft.request(&bills).filter(|now| read.as_ref() == Some(now)) else {
        if signing {
            return rsx! { Spinner { what: t!("pay-signing") } };
        }
        // The bills changed under the order: back to choosing.
        return rsx! {
            Failure { quiet: false }
            Banner { tone: Tone::Warning, testid: "pay-changed", {t!("pay-changed")} }
            Button { kind: ButtonKind::Primary, onclick: move |_| step.set(Step::Compose), {t!("pay-back")} }
        };
    };
    let queue = app.queue()();
    let customer = app.customer()();
    let way = intent(&app.connection().read());
    let passed = passes(amount, &queue);
    // As of when it was opened: a date that moves while it is read is not one to sign.
    let opened = use_hook(|| *app.now().peek());
    let until = opened.plus_seconds(queue.order_seconds);
    rsx! {
        div { class: "stack",
            Card { title: t!("pay-review-order"),
                MoneyFigure { amount, testid: "review-amount" }
                Pairs {
                    Pair { term: t!("pay-review-bills"), For { bills: bills.clone(), draft } }
                    Pair { term: t!("pay-review-from"),
                        match (draft.method)() {
                            Method::Gateway => t!("pay-way-gateway"),
                            Method::Mandate => t!("pay-way-mandate"),
                        }
                    }
                    if let Some(customer) = customer {
                        Pair { term: t!("pay-review-customer"), {customer.to_string()} }
                    }
                    Pair { term: t!("pay-review-until"), {format::date_time(language(), until)} }
                    if let Some(caps) = queue.caps {
                        Pair { term: t!("pay-limits"),
                            {t!("pay-limit-order", cap = format::money_text(caps.per_order))}
                            if way == Intent::Queue || queue.total > Fen::ZERO {
                                br {}
                                {t!(
                                    "pay-limit-queue",
                                    queued = format::money_text(queue.total),
                                    cap = format::money_text(caps.queued)
                                )}
                            }
                        }
                    }
                }
                if !signing && !in_doubt {
                    Button { small: true, onclick: move |_| step.set(Step::Compose), testid: "pay-back",
                        {t!("pay-back")}
                    }
                }
            }
            if in_doubt {
                // It was signed and sent: nothing more is to be signed here.
                Failure { quiet: false }
            } else if let Some(passed) = passed {
                Banner { tone: Tone::Danger, testid: "pay-limit", {limit_words(passed)} }
            } else {
                Sign { request, until }
            }
        }
    }
}

/// What the order pays, bill by bill.
///
/// - `bills`: all bills.
/// - `draft`: the order.
#[component]
fn For(bills: Vec<BillSummary>, draft: Draft) -> Element {
    if (draft.what)() == What::OnAccount {
        return rsx! { {t!("pay-review-on-account")} };
    }
    rsx! {
        ul { class: "plain-list",
            for share in draft.shares(&bills) {
                li { key: "{share.bill}",
                    {
                        let amount = share.amount().unwrap_or_default();
                        let (month, shown) = (bill_name(&share.bill), format::money_text(amount));
                        if amount < share.open {
                            let open = format::money_text(share.open);
                            t!("pay-review-share-part", month = month, amount = shown, open = open)
                        } else {
                            t!("pay-review-share", month = month, amount = shown)
                        }
                    }
                }
            }
        }
    }
}

fn limit_words(passed: Passed) -> String {
    match passed {
        Passed::Order { cap } => t!("pay-above-order", cap = format::money_text(cap)),
        Passed::Queue { queued, cap } => {
            t!("pay-above-queue", queued = format::money_text(queued), cap = format::money_text(cap))
        }
    }
}
