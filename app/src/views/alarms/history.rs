//! How arrears came and went.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::alarms::Alarm;

use super::entry::AlarmEntry;
use crate::logic::alarms::{AlarmFilter, unacknowledged};

/// The alarms that the filter lets through, newest first, as a timeline.
///
/// - `alarms`: all, newest first.
#[component]
pub(super) fn History(alarms: Vec<Alarm>) -> Element {
    let mut filter = use_signal(AlarmFilter::default);
    if alarms.is_empty() {
        return rsx! {
            Card { title: t!("alarms-history"),
                Empty { icon: IconName::Alarms, title: t!("alarms-history-none"), text: t!("alarms-history-none-text") }
            }
        };
    }
    let new = unacknowledged(&alarms);
    let choices = AlarmFilter::ALL.map(|filter| Choice::new(filter, t!(filter.label()))).to_vec();
    let shown: Vec<Alarm> = alarms.into_iter().filter(|alarm| filter().shows(alarm)).collect();
    rsx! {
        Card {
            title: t!("alarms-history"),
            aside: rsx! {
                if new > 0 {
                    Badge { tone: Tone::Warning, {t!("alarms-new-count", count = new)} }
                }
            },
            Segmented {
                label: t!("alarms-filter"),
                choices,
                value: filter(),
                onchange: move |value| filter.set(value),
                testid: "alarm-filter",
            }
            if shown.is_empty() {
                Empty {
                    icon: IconName::Alarms,
                    title: t!("alarms-none-found"),
                    text: t!("alarms-none-found-text"),
                    action: rsx! {
                        Button { onclick: move |_| filter.set(AlarmFilter::All), {t!("alarms-show-all")} }
                    },
                }
            } else {
                ol { class: "timeline", "data-testid": "alarm-list",
                    for alarm in shown {
                        AlarmEntry { key: "{alarm.event.alarm}", alarm }
                    }
                }
            }
        }
    }
}
