//! Leaving.

use dioxus::prelude::*;
use gridkey_client::app::Command;
use gridkey_kit::prelude::*;

use crate::{
    context::{use_platform, use_send},
    platform::Call,
};

/// Log out, or end the program.
#[component]
pub(super) fn Leave() -> Element {
    let (send, platform) = (use_send(), use_platform());
    rsx! {
        Card { title: t!("settings-leave"),
            p { class: "card-note", {t!("settings-leave-text")} }
            div { class: "row card-actions",
                Button { testid: "settings-log-out", onclick: move |_| send.send(Command::LogOut), {t!("settings-log-out")} }
                Button { onclick: move |_| platform.calls.call(Call::Quit), {t!("settings-quit")} }
            }
        }
    }
}
