//! Says that the data is old, how old, and what to do.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Connection};
use gridkey_kit::prelude::*;

use super::connection::when;
use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    words,
};

/// A banner while there is no connection: the age of the data, the payments that wait, and a way to try at once. It stays
/// while a connection is tried, so that the screen under it does not move.
#[component]
pub fn OfflineBanner() -> Element {
    let (app, send) = (use_app(), use_send());
    let connection = app.connection().cloned();
    let connecting = connection == Connection::Connecting;
    let mut last = use_hook(|| CopyValue::new(Connection::Connecting));
    if !connecting {
        last.set(connection);
    }
    let connection = last.peek().clone();
    let (tone, title, text) = match &connection {
        Connection::Online { .. } | Connection::Connecting => return rsx! {},
        Connection::Refused(problem) => {
            let told = words::problem(problem, None);
            (words::problem_tone(problem), Some(told.headline), told.what_to_do)
        }
        Connection::Offline | Connection::Waiting { .. } => {
            let now = *app.now().read();
            let text = match *app.synced().read() {
                Some(at) => {
                    let ago = format::ago(language(), now, at);
                    t!("shell-offline-banner", ago = ago, time = when(now, at))
                }
                None => t!("shell-offline-banner-empty"),
            };
            (Tone::Warning, None, text)
        }
    };
    let waiting = app.queue().read().orders.len();
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
                if waiting > 0 {
                    " "
                    {t!("shell-offline-queue", count = waiting)}
                }
            }
        }
    }
}
