//! What closing the window means, and starting at login; on a computer.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Preference};
use gridkey_kit::prelude::*;

use crate::context::{AppStateStoreExt as _, use_app, use_platform, use_send};

/// Tray and start at login.
#[component]
pub(super) fn Window() -> Element {
    let (app, send, platform) = (use_app(), use_send(), use_platform());
    let set = use_callback(move |change: Preference| send.send(Command::Prefer(change)));
    let now = app.preferences().cloned();
    let (tray, start) = (now.close_to_tray, now.start_at_login);
    let has_tray = platform.has_tray();
    rsx! {
        Card { title: t!("settings-window"),
            div { class: "stack",
                Toggle {
                    label: t!("settings-tray"),
                    hint: if has_tray { t!("settings-tray-hint") } else { t!("settings-tray-none") },
                    checked: tray,
                    testid: "close-to-tray",
                    onchange: move |close_to_tray| set.call(Preference::CloseToTray(close_to_tray)),
                }
                if platform.autostart.is_possible() {
                    Toggle {
                        label: t!("settings-start"),
                        hint: t!("settings-start-hint"),
                        checked: start,
                        testid: "start-at-login",
                        onchange: move |start_at_login| set.call(Preference::StartAtLogin(start_at_login)),
                    }
                }
            }
        }
    }
}
