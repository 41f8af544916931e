//! The mark: a bolt on a rounded square, with or without the name.

use dioxus::prelude::*;

/// The mark of the product.
///
/// - `wordmark`: the name beside it; without it the mark itself is named for those who do not see it.
/// - `size`: of the square, pixels; 26 unless told.
#[component]
pub fn Logo(#[props(default = true)] wordmark: bool, #[props(default = 26)] size: u32) -> Element {
    let name = (!wordmark).then_some("Gridkey");
    rsx! {
        span { class: "logo",
            svg {
                class: "logo-mark",
                view_box: "0 0 32 32",
                width: size,
                height: size,
                role: name.map(|_| "img"),
                "aria-label": name,
                "aria-hidden": wordmark.then_some("true"),
                "focusable": "false",
                rect { class: "logo-square", width: "32", height: "32", rx: "8" }
                path { class: "logo-bolt", d: "M18.2 5.5 8.5 18.2h6.4L13.8 26.5 23.5 13.8h-6.4z" }
            }
            if wordmark {
                span { class: "logo-word", "Gridkey" }
            }
        }
    }
}
