//! A live session in the list.

use dioxus::prelude::*;
use gridkey_domain::Timestamp;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::sessions::LiveSession;

use super::Cut;
use crate::{
    context::use_me,
    logic::keys::short,
    route::{Fingerprint, Route},
    views::parts::customer_page,
};

/// Whose, since when, with what.
///
/// - `session`: the session.
/// - `now`: the time of day.
#[component]
pub(super) fn SessionRow(session: LiveSession, now: Timestamp) -> Element {
    let language = language();
    let own = use_me().filter(|me| me.key == session.key);
    rsx! {
        Row { testid: "session-row",
            Cell { header: true,
                match &session.customer {
                    Some(customer) => rsx! {
                        Link { class: "link", to: customer_page(customer), {customer.to_string()} }
                    },
                    None => rsx! {
                        if let Some(me) = own {
                            {me.name}
                            " "
                            Badge { tone: Tone::Accent, {t!("sessions-you")} }
                        } else {
                            {t!("sessions-admin")}
                        }
                    },
                }
            }
            Cell { column: t!("sessions-column-agent"),
                {session.agent.clone()}
                if let Some(address) = session.address.clone() {
                    span { class: "cell-meta", {address} }
                }
            }
            Cell { column: t!("sessions-column-key"),
                Link { class: "link mono", to: Route::Key { fingerprint: Fingerprint(session.key) }, {short(&session.key)} }
            }
            Cell { column: t!("sessions-column-since"),
                {format::date_time(language, session.since)}
                span { class: "cell-meta", {t!("sessions-for", span = format::duration(language, now.seconds_since(session.since)))} }
            }
            Cell { column: t!("sessions-column-heard"),
                match session.heard {
                    Some(heard) => format::ago(language, now, heard),
                    None => "–".to_owned(),
                }
            }
            Cell { numeric: true, Cut { session } }
        }
    }
}
