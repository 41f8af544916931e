//! What stands before the open desk: key, PIN, first PIN, curtain.

mod broken;
mod choose;
mod curtain;
mod first_pin;
mod insert;
mod key_face;
mod page;
mod pin;
mod starting;
mod typed;
mod unlocking;

use broken::Broken;
use choose::ChooseKey;
pub use curtain::Curtain;
use dioxus::prelude::*;
use first_pin::FirstPin;
use gridkey_desk::office::{AdminCard, Gate as GateState, KeyId};
use insert::InsertKey;
pub use key_face::KeyFace;
use page::GateCard;
pub use page::GatePage;
use pin::PinGate;
use starting::Starting;
pub use typed::{NewPinError, new_pin, pin_hint, typed_pin};
use unlocking::Unlocking;

use crate::context::{DeskStateStoreExt as _, use_desk};

/// The way to the desk, as far as the person has come.
#[component]
pub fn Gate() -> Element {
    let desk = use_desk();
    let gate = desk.gate().cloned();
    let cards = desk.cards();
    rsx! {
        match gate {
            GateState::Starting => rsx! { Starting {} },
            GateState::Broken(problem) => rsx! { Broken { problem } },
            GateState::Keys { problem } if cards.read().is_empty() => rsx! { InsertKey { problem } },
            GateState::Keys { problem } => rsx! { ChooseKey { keys: cards.cloned(), problem } },
            GateState::Pin { key, problem } => rsx! { PinGate { card: card(&cards.read(), &key), key_id: key, problem } },
            GateState::Unlocking { step, .. } => rsx! { Unlocking { step } },
            GateState::FirstPin { key, problem, busy } => rsx! {
                FirstPin { card: card(&cards.read(), &key), problem, busy }
            },
            // The frame shows these.
            GateState::Open { .. } | GateState::Locked { .. } => rsx! {},
        }
    }
}

/// The key of this name among those plugged in.
fn card(cards: &[AdminCard], key: &KeyId) -> Option<AdminCard> {
    cards.iter().find(|card| card.id == *key).cloned()
}
