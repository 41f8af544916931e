//! The program has just started.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use super::GateCard;

/// Says what is waited for.
#[component]
pub fn Starting() -> Element {
    rsx! {
        GateCard { title: t!("gate-starting"), testid: "gate-starting",
            div { class: "gate-part", Spinner { what: t!("gate-starting-text") } }
        }
    }
}
