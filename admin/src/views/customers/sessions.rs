//! A customer's live sessions.

use dioxus::prelude::*;
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    views::sessions::Cut,
};

/// Where the customer is logged in now.
///
/// - `customer`: whose.
#[component]
pub(super) fn Sessions(customer: CustomerNo) -> Element {
    let desk = use_desk();
    let sessions = desk.sessions();
    let now = *desk.now().read();
    let live: Vec<_> = sessions.read().get().map_or_else(Vec::new, |all| {
        all.iter().filter(|session| session.customer.as_ref() == Some(&customer)).cloned().collect()
    });
    rsx! {
        Card { title: t!("customers-sessions"), testid: "customer-sessions",
            if live.is_empty() {
                p { class: "muted", {t!("customers-sessions-none")} }
            } else {
                ul { class: "list",
                    for session in live {
                        li { key: "{session.session}",
                            div { class: "list-main",
                                p { class: "list-title",
                                    Status { tone: Tone::Good, {session.agent.clone()} }
                                }
                                p { class: "list-meta", {t!("sessions-for", span = format::duration(language(), now.seconds_since(session.since)))} }
                            }
                            div { class: "list-end", Cut { session } }
                        }
                    }
                }
            }
        }
    }
}
