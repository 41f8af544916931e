//! A key's state as a badge.

use dioxus::prelude::*;
use gridkey_domain::key::KeyState;
use gridkey_kit::prelude::*;

use super::words;

/// A key's state in a word.
///
/// - `state`: the state.
#[component]
pub fn KeyStateBadge(state: KeyState) -> Element {
    let icon = match state {
        KeyState::Bound => Some(IconName::Check),
        KeyState::Issued => Some(IconName::Clock),
        KeyState::Lost | KeyState::Revoked | KeyState::Expired => Some(IconName::Warning),
        KeyState::Blank | KeyState::Unbound | KeyState::Replaced => None,
    };
    rsx! {
        Badge { tone: words::state_tone(state), icon, testid: "key-state", {words::state(state)} }
    }
}
