//! Whom to call.

use dioxus::prelude::*;

/// Whom to call.
#[component]
pub fn Help() -> Element {
    rsx! { h1 { "Help" } }
}
