//! What, how much, from what.

use dioxus::prelude::*;
use gridkey_domain::{Fen, bill::BillSummary};
use gridkey_kit::prelude::*;

use super::{
    bills::BillChoices,
    draft::{Draft, Step, What},
    ways::Ways,
};
use crate::logic::{
    bills::can_be_paid,
    order::{self, AmountError},
};

/// What, how much, from what; leads to the review.
///
/// - `bills`: all bills.
/// - `draft`: the order.
#[component]
pub(super) fn Compose(bills: Vec<BillSummary>, draft: Draft) -> Element {
    let Draft { mut what, mut step, .. } = draft;
    let mut tried = use_signal(|| false);
    let choices =
        vec![Choice::new(What::Bills, t!("pay-what-bills")), Choice::new(What::OnAccount, t!("pay-what-account"))];
    let request = draft.request(&bills);
    let sum = match what() {
        What::Bills => order::sum(&draft.shares(&bills)).unwrap_or_default(),
        What::OnAccount => request.as_ref().map(|(_, amount)| *amount).unwrap_or_default(),
    };
    let ready = request.is_some();
    let nothing = what() == What::Bills && !bills.iter().any(can_be_paid);
    rsx! {
        form {
            class: "stack",
            onsubmit: move |event| {
                event.prevent_default();
                tried.set(true);
                if ready {
                    step.set(Step::Review);
                }
            },
            Card { title: t!("pay-what"),
                Segmented {
                    label: t!("pay-what"),
                    choices,
                    value: what(),
                    onchange: move |value| what.set(value),
                    testid: "pay-what",
                }
                match what() {
                    What::Bills => rsx! {
                        if !nothing {
                            BillChoices { bills: bills.clone(), draft }
                        } else {
                            Empty {
                                icon: IconName::Check,
                                title: t!("pay-no-open"),
                                text: t!("pay-no-open-text"),
                                action: rsx! {
                                    Button { onclick: move |_| what.set(What::OnAccount), {t!("pay-pay-on-account")} }
                                },
                            }
                        }
                    },
                    What::OnAccount => rsx! { OnAccount { draft, tried: tried() } },
                }
            }
            if !nothing {
                Card { title: t!("pay-from"), Ways { draft } }
                div { class: "sum-bar",
                    div {
                        p { class: "sum-label", {t!("pay-sum")} }
                        MoneyFigure { amount: sum, testid: "pay-sum" }
                    }
                    div { class: "sum-action",
                        if tried() && sum == Fen::ZERO && what() == What::Bills {
                            p { class: "field-error", role: "alert", {t!("pay-nothing-chosen")} }
                        }
                        Button { kind: ButtonKind::Primary, submit: true, disabled: tried() && !ready, testid: "pay-review",
                            {t!("pay-review")}
                        }
                    }
                }
            }
        }
    }
}

/// The amount on account.
///
/// - `draft`: the order.
/// - `tried`: the person wanted to go on, so that an empty field is told too.
#[component]
fn OnAccount(draft: Draft, tried: bool) -> Element {
    let Draft { mut on_account, .. } = draft;
    let error = order::on_account(&on_account.read()).err().filter(|error| tried || *error != AmountError::Empty);
    rsx! {
        Field {
            label: t!("pay-on-account-amount"),
            value: on_account(),
            oninput: move |typed| on_account.set(typed),
            kind: InputKind::Amount,
            prefix: "¥",
            hint: t!("pay-on-account-hint"),
            error: error.map(amount_error),
            maxlength: 20,
            testid: "on-account-amount",
        }
    }
}

/// Why an amount cannot be paid, in words.
pub(super) fn amount_error(error: AmountError) -> String {
    match error {
        AmountError::Empty => t!("pay-amount-empty"),
        AmountError::Malformed => t!("pay-amount-malformed"),
        AmountError::Zero => t!("pay-amount-zero"),
        AmountError::TooLarge => t!("pay-amount-too-large"),
        AmountError::AboveOpen(open) => t!("pay-amount-above-open", open = format::money_text(open)),
    }
}
