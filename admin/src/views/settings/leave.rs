//! Leaving.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::views::parts::{LeaveButton, Leaving};

/// Log out, or end the program.
#[component]
pub(super) fn Leave() -> Element {
    rsx! {
        Card { title: t!("admin-settings-leave"),
            p { class: "card-note", {t!("admin-settings-leave-text")} }
            div { class: "row card-actions",
                LeaveButton { leaving: Leaving::LogOut, testid: "settings-log-out", {t!("admin-settings-log-out")} }
                LeaveButton { leaving: Leaving::Quit, testid: "settings-quit", {t!("admin-settings-quit")} }
            }
        }
    }
}
