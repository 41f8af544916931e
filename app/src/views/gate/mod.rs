//! What stands before the open account: key, PIN, first PIN, curtain.

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
use gridkey_client::app::{Gate as GateState, KeyCard, KeyId};
use insert::InsertKey;
pub use key_face::KeyFace;
use page::GateCard;
pub use page::GatePage;
use pin::PinGate;
use starting::Starting;
pub use typed::{NewPinError, new_pin, pin_hint, typed_pin};
use unlocking::Unlocking;

use crate::context::{AppStateStoreExt as _, use_app};

/// The way to the account, as far as the person has come.
#[component]
pub fn Gate() -> Element {
    let app = use_app();
    let gate = app.gate().cloned();
    let keys = app.keys();
    rsx! {
        match gate {
            GateState::Starting => rsx! { Starting {} },
            GateState::Broken(problem) => rsx! { Broken { problem } },
            GateState::Keys { problem } if keys.read().is_empty() => rsx! { InsertKey { problem } },
            GateState::Keys { problem } => rsx! { ChooseKey { keys: keys.cloned(), problem } },
            GateState::Pin { key, problem } => rsx! { PinGate { card: card(&keys.read(), &key), key_id: key, problem } },
            GateState::Unlocking { step, .. } => rsx! { Unlocking { step } },
            GateState::FirstPin { key, problem, busy } => rsx! {
                FirstPin { card: card(&keys.read(), &key), problem, busy }
            },
            // The frame shows these.
            GateState::Open { .. } | GateState::Locked { .. } => rsx! {},
        }
    }
}

/// The key of this name among those plugged in.
fn card(keys: &[KeyCard], key: &KeyId) -> Option<KeyCard> {
    keys.iter().find(|card| card.id == *key).cloned()
}
