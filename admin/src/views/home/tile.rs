//! A card that leads to the screen behind its figure.

use dioxus::prelude::*;

use crate::route::Route;

/// A card whose heading is a link; the whole of it can be clicked.
///
/// - `title`: its heading.
/// - `to`: the screen behind it.
/// - `testid`: its name for tests.
#[component]
pub(super) fn Tile(title: String, to: Route, testid: String, children: Element) -> Element {
    rsx! {
        section { class: "card tile span-3", "data-testid": testid,
            h2 { class: "card-title",
                Link { class: "tile-link", to, {title} }
            }
            {children}
        }
    }
}
