//! The line above every screen: connection, news, language, look.

use dioxus::prelude::*;

use super::{ConnectionState, LanguageSwitch, ThemeSwitch, news_panel::NewsBell};

/// Connection, news, language and look.
#[component]
pub fn Topbar() -> Element {
    rsx! {
        div { class: "topbar",
            ConnectionState {}
            div { class: "topbar-ways",
                NewsBell {}
                LanguageSwitch {}
                ThemeSwitch {}
            }
        }
    }
}
