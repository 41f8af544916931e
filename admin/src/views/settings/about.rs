//! What the program is and whom it talks to.

use dioxus::prelude::*;
use gridkey_desk::office::Connection;
use gridkey_kit::prelude::*;

use crate::context::{DeskStateStoreExt as _, use_desk};

/// Version, company, server and session, for whoever is called for help.
#[component]
pub(super) fn About() -> Element {
    let desk = use_desk();
    let company = desk.company().cloned();
    let session = match &*desk.connection().read() {
        Connection::Online { session, .. } => session.clone(),
        _ => t!("admin-settings-session-none"),
    };
    rsx! {
        Card { title: t!("admin-settings-about"),
            Pairs { class: "pairs-dense",
                Pair { term: t!("admin-settings-version"), testid: "version", {env!("CARGO_PKG_VERSION")} }
                if let Some(name) = company.name {
                    Pair { term: t!("admin-settings-company"), {name} }
                }
                if let Some(server) = company.server {
                    Pair { term: t!("admin-settings-server"), {server} }
                }
                Pair { term: t!("admin-settings-session"), {session} }
            }
        }
    }
}
