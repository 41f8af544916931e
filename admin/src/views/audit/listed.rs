//! The entries that came.

use dioxus::prelude::*;
use gridkey_desk::office::{AuditLine, AuditQuery, Paged, Topic};
use gridkey_kit::prelude::*;

use super::entry::{Entry, Opened};
use crate::{logic::audit::Filter, views::parts::More};

/// The table, and what stands where it would be empty.
///
/// - `paged`: the entries that came, the newest first.
/// - `query`: what was asked for.
/// - `filter`: which of them are shown.
/// - `until`: the newest entry shown.
#[component]
pub(super) fn Listed(
    paged: Paged<AuditLine>,
    query: AuditQuery,
    filter: Signal<Filter>,
    until: Signal<Option<u64>>,
) -> Element {
    let mut filter = filter;
    let mut open = use_signal(|| None::<u64>);
    let (known, more, loading) = (paged.items.len(), paged.more, paged.loading);
    let found: Vec<AuditLine> = paged.items.into_iter().filter(|line| filter.read().finds(line)).collect();
    let count = found.len();
    let columns = vec![
        Column::number(t!("audit-column-number")),
        Column::text(t!("audit-column-time")),
        Column::text(t!("audit-column-event")),
        Column::text(t!("audit-column-customer")),
        Column::text(t!("audit-column-actor")),
        Column::hidden(t!("audit-column-open")),
    ];
    rsx! {
        if found.is_empty() && filter.read().is_narrow() {
            Empty {
                icon: IconName::Receipt,
                title: t!("audit-none-found"),
                text: if more { t!("audit-none-found-more", count = known) } else { t!("audit-none-found-text") },
                action: rsx! {
                    Button { testid: "clear-audit", onclick: move |_| filter.set(Filter::default()), {t!("audit-clear")} }
                },
            }
        } else if found.is_empty() {
            Empty {
                icon: IconName::Receipt,
                title: t!("audit-none"),
                text: if until().is_some() { t!("audit-none-until") } else { t!("audit-none-text") },
            }
        } else {
            Table { caption: t!("audit-title"), columns, testid: "audit-table",
                for line in found {
                    Entry {
                        key: "{line.number}",
                        open: open() == Some(line.number),
                        onopen: {
                            let number = line.number;
                            move |()| open.set((open() != Some(number)).then_some(number))
                        },
                        line: line.clone(),
                    }
                    if open() == Some(line.number) {
                        Opened { key: "{line.number}-open", line }
                    }
                }
            }
        }
        if known > 0 || more {
            More { topic: Topic::Audit(query), shown: count, more, loading }
        }
    }
}
