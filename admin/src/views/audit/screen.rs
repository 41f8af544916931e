//! The audit chain as a whole.

use dioxus::prelude::*;
use gridkey_desk::office::{AuditQuery, Topic};
use gridkey_kit::prelude::*;

use super::{export::Export, filters::Filters, listed::Listed, verdict::Chain};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_wants},
    kept::use_kept,
    logic::audit::Filter,
    views::{keys::admins, parts::shown},
};

/// Entries, the newest first, with the ways to find, verify and export them.
#[component]
pub fn Audit() -> Element {
    let filter = use_kept(Filter::default);
    let until = use_signal(|| None::<u64>);
    let mut exporting = use_signal(|| false);
    let query = AuditQuery { until: until() };
    let topic = Topic::Audit(query.clone());
    use_wants(vec![topic.clone(), admins()]);
    let section = use_desk().audit().read().get(&query).cloned().unwrap_or_default();
    rsx! {
        Page {
            title: t!("audit-title"),
            testid: "audit",
            aside: rsx! {
                Button { icon: IconName::Download, testid: "export-case", onclick: move |_| exporting.set(true),
                    {t!("audit-export")}
                }
            },
            Chain {}
            Filters { filter, until }
            Card { class: "card-flush dense",
                {shown(&section, topic, t!("audit-loading"), Shape::Rows, |paged| rsx! {
                    Listed { paged: paged.clone(), query: query.clone(), filter, until }
                })}
            }
            if exporting() {
                Export { onclose: move |()| exporting.set(false) }
            }
        }
    }
}
