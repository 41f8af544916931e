//! The line above every screen: connection, language, look.

use dioxus::prelude::*;

use super::{ConnectionState, LanguageSwitch, ThemeSwitch};

/// Connection, language and look.
#[component]
pub fn Topbar() -> Element {
    rsx! {
        div { class: "topbar",
            ConnectionState {}
            div { class: "topbar-ways",
                LanguageSwitch {}
                ThemeSwitch {}
            }
        }
    }
}
