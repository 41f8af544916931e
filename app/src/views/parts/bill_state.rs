//! A bill's state as a badge, and how near its due date is.

use dioxus::prelude::*;
use gridkey_domain::{
    Fen,
    bill::{BillState, BillSummary},
};
use gridkey_kit::prelude::*;
use jiff::civil::Date;

/// A bill's state in a word or two.
///
/// - `bill`: the bill.
#[component]
pub fn BillStateBadge(bill: BillSummary) -> Element {
    let part = bill.open > Fen::ZERO && bill.open < bill.total;
    let (tone, words) = match bill.state {
        BillState::Open if part => (Tone::Accent, t!("bills-state-part")),
        BillState::Open => (Tone::Neutral, t!("bill-state-open")),
        BillState::Overdue => (Tone::Danger, t!("bill-state-overdue")),
        BillState::InPayment => (Tone::Accent, t!("bill-state-in-payment")),
        BillState::Paid => (Tone::Good, t!("bill-state-paid")),
    };
    let icon = match bill.state {
        BillState::Overdue => Some(IconName::Warning),
        BillState::Paid => Some(IconName::Check),
        BillState::Open | BillState::InPayment => None,
    };
    rsx! {
        Badge { tone, icon, {words} }
    }
}

/// How near its due date an unpaid bill is, if that is within two weeks or past: "Due in 3 days", "28 days overdue".
pub fn due_words(state: BillState, due: Date, today: Date) -> Option<String> {
    if matches!(state, BillState::Paid) {
        return None;
    }
    let days = (due - today).get_days();
    match days {
        0 => Some(t!("bills-due-today")),
        1..=14 => Some(t!("bills-due-in", days = days)),
        15.. => None,
        _ => Some(t!("bills-overdue-by", days = days.saturating_neg())),
    }
}
