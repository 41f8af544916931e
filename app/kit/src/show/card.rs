//! A bordered area with one answer in it.

use dioxus::prelude::*;

use crate::form::use_element_id;

/// A card: a heading, a word beside it, and what it is about.
///
/// - `title`: its heading; the card is a named region then.
/// - `aside`: at the right of the heading: a date, a count, a link.
/// - `class`: further classes, such as the grid's `span-2`.
/// - `testid`: its name for tests.
#[component]
pub fn Card(
    #[props(into)] title: Option<String>,
    aside: Option<Element>,
    #[props(into, default)] class: String,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    let id = use_element_id();
    let named = title.as_ref().map(|_| format!("{id}-title"));
    let head = title.is_some() || aside.is_some();
    rsx! {
        section { class: "card {class}", "aria-labelledby": named.clone(), "data-testid": testid,
            if head {
                div { class: "card-head",
                    if let Some(title) = title.clone() {
                        h2 { class: "card-title", id: named.clone(), {title} }
                    }
                    if let Some(aside) = aside {
                        div { class: "card-aside", {aside} }
                    }
                }
            }
            {children}
        }
    }
}
