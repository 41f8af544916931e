//! The first screen.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::status::Status as Figures;

use super::{
    figures::{ArrearsTile, KeysTile, LoginsTile, OpenTile, PaidTile, SessionsTile},
    health::Health,
    heed::Heed,
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    views::parts::shown,
};

/// What needs somebody first, then the live figures; each leads to its screen.
#[component]
pub fn Home() -> Element {
    use_want(Topic::Status);
    let desk = use_desk();
    let status = desk.status();
    let section = status.read().clone();
    let up = section.get().map(|status| {
        let up = format::duration(language(), status.at.seconds_since(status.started));
        t!("home-up", version = status.version.as_str(), up = up)
    });
    rsx! {
        Page { title: t!("home-title"), subtitle: up, testid: "home",
            if section.is_first_load() {
                Loading {}
            } else {
                {shown(&section, Topic::Status, t!("home-loading"), Shape::Rows, |status| rsx! {
                    Live { status: status.clone() }
                })}
            }
        }
    }
}

/// Everything of a status.
///
/// - `status`: the figures.
#[component]
fn Live(status: Figures) -> Element {
    rsx! {
        div { class: "stack",
            Heed { status: status.clone() }
            div { class: "grid",
                SessionsTile { sessions: status.sessions, keys: status.keys.clone() }
                LoginsTile { logins: status.logins.clone() }
                PaidTile { payments: status.payments.clone() }
                ArrearsTile { arrears: status.arrears, at: status.at }
                OpenTile { payments: status.payments.clone() }
                KeysTile { keys: status.keys.clone() }
                Health { status }
            }
        }
    }
}

/// The outline of the figures.
#[component]
fn Loading() -> Element {
    rsx! {
        div { class: "grid", "data-testid": "home-loading",
            for place in 0..6 {
                Card { key: "{place}", class: "span-3", Skeleton { what: t!("home-loading"), shape: Shape::Figure } }
            }
            Card { class: "span-6", Skeleton { what: t!("home-loading"), shape: Shape::Rows } }
        }
    }
}
