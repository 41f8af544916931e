//! What is overdue and how it came about.

use dioxus::prelude::*;

/// What is overdue and how it came about.
#[component]
pub fn Alarms() -> Element {
    rsx! { h1 { "Alarms" } }
}
