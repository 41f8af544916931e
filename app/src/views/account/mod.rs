//! Personal data, key, notifications.

use dioxus::prelude::*;

/// Personal data, key, notifications.
#[component]
pub fn Account() -> Element {
    rsx! { h1 { "Account" } }
}
