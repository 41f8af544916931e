//! Waiting, with the reason.

use dioxus::prelude::*;

/// Something turns, and the words say what is waited for.
///
/// - `what`: "Asking the bank", "Waiting for the key".
#[component]
pub fn Spinner(#[props(into)] what: String) -> Element {
    rsx! {
        span { class: "spinner", role: "status",
            span { class: "spinner-wheel", "aria-hidden": "true" }
            span { {what} }
        }
    }
}
