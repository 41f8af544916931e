//! A payment's state as a badge.

use dioxus::prelude::*;
use gridkey_domain::PaymentState;
use gridkey_kit::prelude::*;

use crate::words;

/// A payment's state in a word or two.
///
/// - `state`: the state.
/// - `in_doubt`: it went out and its answer is outstanding.
#[component]
pub fn PaymentStateBadge(state: PaymentState, #[props(default)] in_doubt: bool) -> Element {
    rsx! {
        Badge { tone: words::payment_tone(state), icon: icon(state), testid: "payment-state", {words::payment_state(state, in_doubt)} }
    }
}

const fn icon(state: PaymentState) -> Option<IconName> {
    match state {
        PaymentState::Paid => Some(IconName::Check),
        PaymentState::Queued | PaymentState::Unknown => Some(IconName::Clock),
        PaymentState::Refused => Some(IconName::Close),
        _ => None,
    }
}
