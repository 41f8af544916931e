//! A path that leads nowhere.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::route::Route;

/// Says so, and leads back.
///
/// - `segments`: the path.
#[component]
pub fn Lost(segments: Vec<String>) -> Element {
    let _ = segments;
    rsx! {
        Page { title: t!("place-lost"), narrow: true,
            Empty {
                icon: IconName::Info,
                title: t!("lost-title"),
                text: t!("lost-text"),
                action: rsx! {
                    Link { class: ButtonKind::Primary.class(), to: Route::Home {}, {t!("admin-lost-back")} }
                },
            }
        }
    }
}
