//! How a customer's arrears came and went, and what it acknowledged.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_domain::{CustomerNo, arrears::ArrearsChange};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::alarms::Alarm;

use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    views::parts::{LevelBadge, More, shown},
};

/// The alarms, the newest first.
///
/// - `customer`: whose.
#[component]
pub(super) fn Alarms(customer: CustomerNo) -> Element {
    let desk = use_desk();
    let alarms = desk.alarms();
    let section = alarms.read().get(&customer).cloned().unwrap_or_default();
    let topic = Topic::Alarms(customer);
    rsx! {
        Card { title: t!("customers-alarms"), testid: "customer-alarms",
            {shown(&section, topic.clone(), t!("customers-alarms-loading"), Shape::Rows, |list| rsx! {
                AlarmList { alarms: list.items.clone() }
                if list.more {
                    More { topic, shown: list.items.len(), more: true, loading: list.loading }
                }
            })}
        }
    }
}

/// Alarms one under the other, each with whether it was acknowledged.
///
/// - `alarms`: them.
#[component]
pub fn AlarmList(alarms: Vec<Alarm>) -> Element {
    let language = language();
    if alarms.is_empty() {
        return rsx! {
            p { class: "muted", {t!("customers-alarms-none")} }
        };
    }
    rsx! {
        ul { class: "list",
            for alarm in alarms {
                li { key: "{alarm.event.alarm}",
                    div { class: "list-main",
                        p { class: "list-title",
                            {t!("customers-alarm", what = change(alarm.event.change), amount = format::money_text(alarm.event.open))}
                        }
                        p { class: "list-meta", {format::date_time(language, alarm.event.at)} }
                        p { class: "list-meta",
                            match alarm.acknowledged {
                                Some(at) => t!("customers-alarm-seen", time = format::date_time(language, at)),
                                None => t!("customers-alarm-unseen"),
                            }
                        }
                    }
                    div { class: "list-end", LevelBadge { level: alarm.event.level } }
                }
            }
        }
    }
}

fn change(change: ArrearsChange) -> String {
    match change {
        ArrearsChange::Raised => t!("customers-alarm-raised"),
        ArrearsChange::Escalated => t!("customers-alarm-escalated"),
        ArrearsChange::Eased => t!("customers-alarm-eased"),
        ArrearsChange::Cleared => t!("customers-alarm-cleared"),
    }
}
