//! What this machine keeps.

use dioxus::prelude::*;

/// What this machine keeps.
#[component]
pub fn Settings() -> Element {
    rsx! { h1 { "Settings" } }
}
