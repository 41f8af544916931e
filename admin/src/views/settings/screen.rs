//! Settings.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::{context::use_me, words};

/// The own key, look and language, set-up.
#[component]
pub fn Settings() -> Element {
    let me = use_me();
    rsx! {
        Page { title: t!("place-settings"), testid: "settings",
            if let Some(me) = me {
                Card { p { "{me.name} · {words::role(me.role)}" } }
            }
        }
    }
}
