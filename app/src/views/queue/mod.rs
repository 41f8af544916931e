//! What waits on this machine.

use dioxus::prelude::*;

/// What waits on this machine.
#[component]
pub fn Queue() -> Element {
    rsx! { h1 { "Queue" } }
}
