//! The settings as a whole.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use super::{about::About, leave::Leave, look::Look, own_key::OwnKey, readers::Readers, safety::Safety};

/// The own key and this machine's settings; each works at once.
#[component]
pub fn Settings() -> Element {
    rsx! {
        Page { title: t!("place-settings"), testid: "settings",
            div { class: "split",
                div { class: "split-main",
                    OwnKey {}
                    Readers {}
                }
                div { class: "split-side",
                    Look {}
                    Safety {}
                    About {}
                    Leave {}
                }
            }
        }
    }
}
