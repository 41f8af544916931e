//! A payment's state as a badge.

use dioxus::prelude::*;
use gridkey_domain::PaymentState;
use gridkey_kit::prelude::*;

/// A payment's state in a word or two, as the desk says it.
///
/// - `state`: the state.
#[component]
pub fn PaymentStateBadge(state: PaymentState) -> Element {
    rsx! {
        Badge { tone: tone(state), icon: icon(state), testid: "payment-state", {state_words(state)} }
    }
}

/// A payment's state in a word or two.
pub fn state_words(state: PaymentState) -> String {
    t!(&format!("admin-payments-state-{state}"))
}

/// What a payment's state means, as a colour.
pub const fn tone(state: PaymentState) -> Tone {
    match state {
        PaymentState::Paid => Tone::Good,
        PaymentState::Submitted | PaymentState::Accepted | PaymentState::Pending | PaymentState::Refunding => {
            Tone::Accent
        }
        PaymentState::Unknown => Tone::Warning,
        PaymentState::Refused => Tone::Danger,
        PaymentState::Queued | PaymentState::Expired | PaymentState::Cancelled | PaymentState::Refunded => {
            Tone::Neutral
        }
    }
}

const fn icon(state: PaymentState) -> Option<IconName> {
    match state {
        PaymentState::Paid => Some(IconName::Check),
        PaymentState::Unknown => Some(IconName::Clock),
        PaymentState::Refused => Some(IconName::Close),
        _ => None,
    }
}
