//! The settings as a whole.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use super::{about::About, leave::Leave, look::Look, safety::Safety, window::Window};
use crate::{context::use_platform, platform::Form, route::Route};

/// Settings of this machine; each works at once.
#[component]
pub fn Settings() -> Element {
    let computer = use_platform().form == Form::Computer;
    rsx! {
        Page { title: t!("settings-title"), subtitle: t!("settings-subtitle"), narrow: true, testid: "settings",
            div { class: "stack",
                Look {}
                Safety {}
                if computer {
                    Window {}
                }
                Card { title: t!("settings-check"),
                    p { class: "card-note", {t!("settings-check-text")} }
                    div { class: "row card-actions",
                        Link { class: ButtonKind::Secondary.class(), to: Route::Setup {}, {t!("settings-check-open")} }
                    }
                }
                About {}
                Leave {}
            }
        }
    }
}
