//! The bills of an order, each in full or in part.

use dioxus::prelude::*;
use gridkey_domain::bill::BillSummary;
use gridkey_kit::prelude::*;

use super::{compose::amount_error, draft::Draft};
use crate::logic::{
    bills::can_be_paid,
    order::{AmountError, Share},
};

/// Every bill that can be paid, oldest first.
///
/// - `bills`: all bills.
/// - `draft`: the order.
#[component]
pub(super) fn BillChoices(bills: Vec<BillSummary>, draft: Draft) -> Element {
    let mut payable: Vec<BillSummary> = bills.iter().filter(|bill| can_be_paid(bill)).cloned().collect();
    payable.sort_by(|a, b| (a.due, &a.bill).cmp(&(b.due, &b.bill)));
    let shares = draft.shares(&bills);
    rsx! {
        fieldset { class: "choices",
            legend { class: "visually-hidden", {t!("pay-choose-bills")} }
            for bill in payable {
                BillChoiceRow {
                    key: "{bill.bill}",
                    share: shares.iter().find(|share| share.bill == bill.bill).cloned(),
                    bill,
                    draft,
                }
            }
        }
    }
}

/// A bill to choose; once chosen, in full or in part.
///
/// - `bill`: the bill.
/// - `share`: its part in the order, if it is chosen.
/// - `draft`: the order.
#[component]
fn BillChoiceRow(bill: BillSummary, share: Option<Share>, draft: Draft) -> Element {
    let language = language();
    let month = format::month(language, bill.month);
    let open = format::money_text(bill.open);
    let due = format::date(language, bill.due);
    let id = bill.bill.clone();
    let typed = share.as_ref().and_then(|share| share.typed.clone());
    let error = share.as_ref().and_then(|share| share.amount().err()).filter(|error| *error != AmountError::Empty);
    let amounts = vec![Choice::new(false, t!("pay-full")), Choice::new(true, t!("pay-part"))];
    rsx! {
        div { class: "choice-row", "data-testid": "pay-bill-row",
            Checkbox {
                label: t!("pay-bill-label", month = &month, meter = bill.meter.as_str()),
                hint: t!("pay-bill-open", amount = open, date = due),
                checked: share.is_some(),
                onchange: {
                    let id = id.clone();
                    move |chosen| draft.choose(&id, chosen)
                },
                testid: "pay-{bill.bill}",
            }
            if share.is_some() {
                div { class: "choice-more",
                    Segmented {
                        label: t!("pay-how-much"),
                        choices: amounts,
                        value: typed.is_some(),
                        onchange: {
                            let id = id.clone();
                            move |part: bool| draft.type_part(&id, part.then(String::new))
                        },
                    }
                    if let Some(typed) = typed {
                        Field {
                            label: t!("pay-part-amount", month = &month),
                            value: typed,
                            oninput: {
                                let id = id.clone();
                                move |typed| draft.type_part(&id, Some(typed))
                            },
                            kind: InputKind::Amount,
                            prefix: "¥",
                            error: error.map(amount_error),
                            maxlength: 20,
                            testid: "part-{bill.bill}",
                        }
                    }
                }
            }
        }
    }
}
