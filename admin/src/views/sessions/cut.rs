//! Ending a session.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Deed};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::{
    AdminOp,
    admin::sessions::{CutBody, LiveSession},
};

use crate::{
    context::{use_may, use_me},
    views::parts::AskReason,
};

/// A button that ends a session, after one question; not offered for the own key.
///
/// - `session`: the session.
#[component]
pub fn Cut(session: LiveSession) -> Element {
    let mut asking = use_signal(|| false);
    let own = use_me().is_some_and(|me| me.key == session.key);
    if own || !use_may(AdminOp::SessionCut) {
        return rsx! {};
    }
    let who = match &session.customer {
        Some(customer) => t!("sessions-who-customer", customer = customer.as_str()),
        None => t!("sessions-who-admin"),
    };
    let name = session.session.clone();
    rsx! {
        Button {
            small: true,
            kind: ButtonKind::Quiet,
            label: t!("sessions-cut-label", who = who.as_str()),
            testid: "cut-{session.session}",
            onclick: move |_| asking.set(true),
            {t!("sessions-cut")}
        }
        if asking() {
            AskReason {
                title: t!("sessions-cut-title", who = who.as_str()),
                text: t!("sessions-cut-text", agent = session.agent.as_str()),
                yes: t!("sessions-cut-yes"),
                deed: Deed::CutSession(session.session.clone()),
                act: Callback::new(move |reason| Act::CutSession(CutBody { session: name.clone(), reason })),
                onclose: move |()| asking.set(false),
            }
        }
    }
}
