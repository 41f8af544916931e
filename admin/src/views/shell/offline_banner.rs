//! Says that nothing can be done for the moment, how old the data is, and what to do.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Connection};
use gridkey_kit::prelude::*;

use super::connection::when;
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    words,
};

/// A banner while there is no connection: the age of the data, and a way to try at once. It stays while a connection is tried, so
/// that the screen under it does not move.
#[component]
pub fn OfflineBanner() -> Element {
    let (desk, send) = (use_desk(), use_send());
    let connection = desk.connection().cloned();
    let connecting = connection == Connection::Connecting;
    let mut last = use_hook(|| CopyValue::new(Connection::Connecting));
    if !connecting {
        last.set(connection);
    }
    let connection = last.peek().clone();
    let (tone, title, text) = match &connection {
        Connection::Online { .. } | Connection::Connecting => return rsx! {},
        Connection::Refused(problem) => {
            let told = words::common_problem(problem);
            (Tone::Warning, Some(told.headline), told.what_to_do)
        }
        Connection::Offline | Connection::Waiting { .. } => {
            let now = *desk.now().read();
            let text = match *desk.synced().read() {
                Some(at) => {
                    let ago = format::ago(language(), now, at);
                    t!("admin-shell-offline", ago = ago, time = when(now, at))
                }
                None => t!("admin-shell-offline-empty"),
            };
            (Tone::Warning, None, text)
        }
    };
    rsx! {
        div { class: "offline",
            Banner {
                tone,
                icon: IconName::Offline,
                title,
                testid: "offline",
                action: rsx! {
                    Button { small: true, icon: IconName::Refresh, busy: connecting, testid: "connect",
                        onclick: move |_| send.send(Command::Connect),
                        {t!("shell-connect-now")}
                    }
                },
                {text}
            }
        }
    }
}
