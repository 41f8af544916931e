//! A key in a list.

use dioxus::prelude::*;
use gridkey_domain::Timestamp;
use gridkey_kit::prelude::*;
use gridkey_protocol::{frame::Role, ops::admin::keys::KeyDetail};

use super::{KeyStateBadge, ways, words};
use crate::logic::keys::{SOON_DAYS, days_left, grouped};

/// A row: whose, where it stands, its names, until when.
///
/// - `detail`: the key.
/// - `now`: the time of day.
#[component]
pub(super) fn KeyRow(detail: KeyDetail, now: Timestamp) -> Element {
    let language = language();
    let days = days_left(&detail, now);
    let soon = !detail.state.is_ended() && days < SOON_DAYS;
    let token = detail.token.clone().unwrap_or_else(|| "–".to_owned());
    rsx! {
        Row { testid: "key-row",
            Cell { header: true,
                Link { class: "row-link", to: ways::key(&detail.key), {detail.name.clone()} }
                if detail.role == Role::Admin {
                    span { class: "muted holder-role", {words::whose(&detail)} }
                }
            }
            Cell { column: t!("keys-column-state"),
                KeyStateBadge { state: detail.state }
            }
            Cell { column: t!("keys-column-since"),
                {format::date(language, detail.since.date())}
                span { class: "wide-only", " " {format::time(detail.since)} }
            }
            Cell { column: t!("keys-column-key"),
                span { class: "mono", title: detail.key.to_string(),
                    {grouped(&detail.key.0, 2)}
                    span { class: "wide-only", " " {grouped(&detail.key.0[4..], 2)} }
                }
            }
            Cell { column: t!("keys-column-token"),
                span { class: "mono", {token} }
            }
            Cell { column: t!("keys-column-until"),
                {format::date(language, detail.not_after.date())}
                if soon {
                    " "
                    span { class: "text-warning small", {left(days)} }
                }
            }
        }
    }
}

/// How long a key has, in words.
pub(super) fn left(days: i64) -> String {
    match days {
        0 => t!("keys-left-today"),
        1.. => t!("keys-left", days = days),
        _ => t!("keys-left-over", days = days.saturating_neg()),
    }
}
