//! A path that leads nowhere.

use dioxus::prelude::*;

/// A path that leads nowhere.
#[component]
pub fn Lost(segments: Vec<String>) -> Element {
    rsx! { h1 { "Lost" } }
}
