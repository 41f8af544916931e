//! The audit chain.

use dioxus::prelude::*;
use gridkey_desk::office::{AuditQuery, Topic};
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    views::parts::shown,
};

/// Entries, the newest first.
#[component]
pub fn Audit() -> Element {
    let query = AuditQuery::default();
    let topic = Topic::Audit(query.clone());
    use_want(topic.clone());
    let entries = use_desk().audit().read().get(&query).cloned().unwrap_or_default();
    rsx! {
        Page { title: t!("admin-place-audit"), testid: "audit",
            {shown(&entries, topic, t!("admin-audit-loading"), Shape::Rows, |entries| rsx! {
                ul { class: "list",
                    for line in entries.items.clone() {
                        li { key: "{line.number}", "{line.number} {line.event}" }
                    }
                }
            })}
        }
    }
}
