//! Something that could not be shown.

use dioxus::prelude::*;

use crate::icon::{Icon, IconName};

/// Stands where content would be: what happened, and what to do next.
///
/// - `headline`: what happened.
/// - `what_to_do`: the next step, in a sentence.
/// - `detail`: a code or name to tell support, small.
/// - `action`: a button.
/// - `testid`: its name for tests.
#[component]
pub fn ErrorState(
    #[props(into)] headline: String,
    #[props(into)] what_to_do: Option<String>,
    #[props(into)] detail: Option<String>,
    action: Option<Element>,
    #[props(into)] testid: Option<String>,
) -> Element {
    rsx! {
        div { class: "empty is-error", role: "alert", "data-testid": testid,
            span { class: "empty-icon", Icon { name: IconName::Warning, size: 28 } }
            p { class: "empty-title", {headline} }
            if let Some(text) = what_to_do {
                p { class: "empty-text", {text} }
            }
            if let Some(action) = action {
                div { class: "empty-action", {action} }
            }
            if let Some(detail) = detail {
                p { class: "empty-detail", {detail} }
            }
        }
    }
}
