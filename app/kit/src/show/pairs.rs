//! Names and values, one under the other.

use dioxus::prelude::*;

/// A list of [`Pair`]s.
///
/// - `class`: further classes.
#[component]
pub fn Pairs(#[props(into, default)] class: String, children: Element) -> Element {
    rsx! {
        dl { class: "pairs {class}", {children} }
    }
}

/// A name and its value.
///
/// - `term`: the name.
/// - `children`: the value.
/// - `numeric`: the value is a figure.
/// - `testid`: the value's name for tests.
#[component]
pub fn Pair(
    #[props(into)] term: String,
    #[props(default)] numeric: bool,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    rsx! {
        div { class: "pair",
            dt { {term} }
            dd { class: if numeric { "numeric" }, "data-testid": testid, {children} }
        }
    }
}
