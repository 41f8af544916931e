//! A bill's state as a badge.

use dioxus::prelude::*;
use gridkey_domain::bill::BillState;
use gridkey_kit::prelude::*;

/// A bill's state in a word or two.
///
/// - `state`: the state.
#[component]
pub fn BillStateBadge(state: BillState) -> Element {
    let (tone, words) = match state {
        BillState::Open => (Tone::Neutral, t!("bill-state-open")),
        BillState::Overdue => (Tone::Danger, t!("bill-state-overdue")),
        BillState::InPayment => (Tone::Accent, t!("bill-state-in-payment")),
        BillState::Paid => (Tone::Good, t!("bill-state-paid")),
    };
    rsx! {
        Badge { tone, {words} }
    }
}
