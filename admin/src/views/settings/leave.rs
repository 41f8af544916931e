//! Leaving.

use dioxus::prelude::*;
use gridkey_desk::office::Command;
use gridkey_kit::prelude::*;

use crate::context::use_send;

/// Log out, or end the program.
#[component]
pub(super) fn Leave() -> Element {
    let send = use_send();
    let quit = send.clone();
    rsx! {
        Card { title: t!("admin-settings-leave"),
            p { class: "card-note", {t!("admin-settings-leave-text")} }
            div { class: "row card-actions",
                Button { testid: "settings-log-out", onclick: move |_| send.send(Command::LogOut), {t!("admin-settings-log-out")} }
                Button { testid: "settings-quit", onclick: move |_| quit.send(Command::Quit), {t!("admin-settings-quit")} }
            }
        }
    }
}
