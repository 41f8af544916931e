//! A screen that the role has no use for.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::route::Route;

/// Says that the role does not allow what this screen does, and leads back.
///
/// - `title`: the screen's name.
#[component]
pub fn Barred(#[props(into)] title: String) -> Element {
    rsx! {
        Page { title, narrow: true, testid: "barred",
            Empty {
                icon: IconName::Lock,
                title: t!("admin-barred-title"),
                text: t!("admin-barred-text"),
                action: rsx! {
                    Link { class: ButtonKind::Primary.class(), to: Route::Home {}, {t!("admin-lost-back")} }
                },
            }
        }
    }
}
