//! The running month, the next bill, the last payments.

use dioxus::prelude::*;

/// The running month, the next bill, the last payments.
#[component]
pub fn Overview() -> Element {
    rsx! { h1 { "Overview" } }
}
