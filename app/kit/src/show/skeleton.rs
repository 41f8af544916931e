//! The outline of what is being loaded.

use dioxus::prelude::*;

/// What the outline resembles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Lines of text.
    #[default]
    Lines,
    /// A large figure with a line under it.
    Figure,
    /// A chart.
    Chart,
    /// The rows of a list.
    Rows,
}

/// Stands where content will be, and says what it waits for.
///
/// - `what`: what is being loaded: "Loading your bills".
/// - `shape`: what it resembles.
/// - `lines`: how many lines or rows.
#[component]
pub fn Skeleton(
    #[props(into)] what: String,
    #[props(default)] shape: Shape,
    #[props(default = 3)] lines: u32,
) -> Element {
    rsx! {
        div { class: "skeleton", role: "status",
            span { class: "visually-hidden", {what} }
            match shape {
                Shape::Lines => rsx! {
                    for line in 0..lines {
                        span { key: "{line}", class: "bone bone-line", "aria-hidden": "true" }
                    }
                },
                Shape::Figure => rsx! {
                    span { class: "bone bone-figure", "aria-hidden": "true" }
                    span { class: "bone bone-line", "aria-hidden": "true" }
                },
                Shape::Chart => rsx! {
                    span { class: "bone bone-chart", "aria-hidden": "true" }
                },
                Shape::Rows => rsx! {
                    for line in 0..lines {
                        span { key: "{line}", class: "bone-row", "aria-hidden": "true",
                            span { class: "bone bone-line" }
                            span { class: "bone bone-tag" }
                        }
                    }
                },
            }
        }
    }
}
