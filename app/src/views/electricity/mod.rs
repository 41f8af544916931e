//! Energy: this month and history.

use dioxus::prelude::*;

/// Energy: this month and history.
#[component]
pub fn Electricity() -> Element {
    rsx! { h1 { "Electricity" } }
}
