//! The way back to all keys.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::route::Route;

/// A link to all keys, for the head of a page.
pub(super) fn back() -> Element {
    rsx! {
        Link { class: "link", to: Route::Keys {},
            Icon { name: IconName::ChevronLeft, size: 16 }
            {t!("keys-title")}
        }
    }
}
