//! A list that has nothing in it yet.

use dioxus::prelude::*;

use crate::icon::{Icon, IconName};

/// Stands where a list would be: what will be here, and the way there.
///
/// - `icon`: of what is missing.
/// - `title`: that there is none.
/// - `text`: when there will be.
/// - `action`: a button.
#[component]
pub fn Empty(
    icon: IconName,
    #[props(into)] title: String,
    #[props(into)] text: Option<String>,
    action: Option<Element>,
) -> Element {
    rsx! {
        div { class: "empty",
            span { class: "empty-icon", Icon { name: icon, size: 28 } }
            p { class: "empty-title", {title} }
            if let Some(text) = text {
                p { class: "empty-text", {text} }
            }
            if let Some(action) = action {
                div { class: "empty-action", {action} }
            }
        }
    }
}
