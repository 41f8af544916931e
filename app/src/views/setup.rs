//! The set-up check.

use dioxus::prelude::*;

/// The set-up check.
#[component]
pub fn Setup() -> Element {
    rsx! { h1 { "Setup" } }
}
