//! The line to the server and the age of the data, always as they are.

use dioxus::prelude::*;
use gridkey_desk::office::Connection;
use gridkey_domain::Timestamp;
use gridkey_kit::prelude::*;

use crate::context::{DeskStateStoreExt as _, use_desk};

/// Connected or not, and how old the data is.
#[component]
pub fn ConnectionState() -> Element {
    let app = use_desk();
    let told = use_memo(move || words(&app.connection().read(), *app.synced().read(), *app.now().read()));
    let (tone, text) = told();
    rsx! {
        Status { tone, testid: "connection", {text} }
    }
}

fn words(connection: &Connection, synced: Option<Timestamp>, now: Timestamp) -> (Tone, String) {
    let language = language();
    match (connection, synced) {
        (Connection::Online { .. }, Some(at)) => (Tone::Good, t!("shell-online", ago = format::ago(language, now, at))),
        (Connection::Online { .. }, None) => (Tone::Good, t!("shell-online-unsynced")),
        (Connection::Connecting, _) => (Tone::Accent, t!("shell-connecting")),
        (Connection::Offline, Some(at)) => (Tone::Warning, t!("shell-offline", time = when(now, at))),
        (Connection::Offline, None) => (Tone::Warning, t!("shell-offline-empty")),
        (Connection::Waiting { until, .. }, synced) => {
            let seconds = until.seconds_since(now).max(0);
            let text = match synced {
                Some(at) => t!("shell-waiting", time = when(now, at), seconds = seconds),
                None => t!("shell-waiting-empty", seconds = seconds),
            };
            (Tone::Warning, text)
        }
        (Connection::Refused(_), _) => (Tone::Danger, t!("shell-refused")),
    }
}

/// The time of day, with its date if that is another day than today.
pub fn when(now: Timestamp, at: Timestamp) -> String {
    if now.date() == at.date() { format::time(at) } else { format::date_time(language(), at) }
}
