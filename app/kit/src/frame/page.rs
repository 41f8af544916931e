//! One screen.

use dioxus::prelude::*;

/// A screen: its heading, what stands beside it, and its content.
///
/// - `title`: the heading.
/// - `subtitle`: under it.
/// - `back`: a link to the screen above, before the heading.
/// - `aside`: at the right: states and buttons.
/// - `narrow`: for forms and text, which read badly over the full width.
/// - `testid`: its name for tests.
#[component]
pub fn Page(
    #[props(into)] title: String,
    #[props(into)] subtitle: Option<String>,
    back: Option<Element>,
    aside: Option<Element>,
    #[props(default)] narrow: bool,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    rsx! {
        div { class: "page", class: if narrow { "page-narrow" }, "data-testid": testid,
            if let Some(back) = back {
                div { class: "page-back", {back} }
            }
            header { class: "page-head",
                div { class: "page-titles",
                    h1 { class: "page-title", {title} }
                    if let Some(subtitle) = subtitle {
                        p { class: "page-subtitle", {subtitle} }
                    }
                }
                if let Some(aside) = aside {
                    div { class: "page-aside", {aside} }
                }
            }
            {children}
        }
    }
}
