//! The newest alarms.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Topic};
use gridkey_domain::{Fen, arrears::ArrearsChange};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::alarms::Alarm;

use super::part::part;
use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    route::Route,
};

/// How many are shown.
const SHOWN: usize = 2;

/// Alarms that nobody has acknowledged, and the way to all.
#[component]
pub(super) fn Alarms() -> Element {
    let alarms = use_app().alarms().cloned();
    rsx! {
        section { class: "overview-list", "aria-label": t!("overview-alarms"), "data-testid": "new-alarms",
            div { class: "card-head",
                h2 { class: "card-title", {t!("overview-alarms")} }
                Link { class: "card-aside", to: Route::Alarms {}, {t!("overview-all")} }
            }
            {
                part(&alarms, Topic::Alarms, t!("overview-loading-alarms"), Shape::Rows, |alarms| {
                    let new: Vec<Alarm> = alarms.iter().filter(|alarm| alarm.acknowledged.is_none()).take(SHOWN).cloned().collect();
                    if new.is_empty() {
                        return rsx! { p { class: "card-note", {t!("overview-alarms-none")} } };
                    }
                    rsx! {
                        ul { class: "lines",
                            for alarm in new {
                                AlarmLine { key: "{alarm.event.alarm}", alarm }
                            }
                        }
                    }
                })
            }
        }
    }
}

/// An alarm, to be acknowledged while connected.
///
/// - `alarm`: the alarm.
#[component]
fn AlarmLine(alarm: Alarm) -> Element {
    let send = use_send();
    let online = use_app().connection().read().is_online();
    let event = alarm.event;
    let what = match event.change {
        ArrearsChange::Raised => t!("alarm-raised"),
        ArrearsChange::Escalated => t!("alarm-escalated"),
        ArrearsChange::Eased => t!("alarm-eased"),
        ArrearsChange::Cleared => t!("alarm-cleared"),
    };
    let date = format::day_month(language(), event.at.date());
    let more = if event.open > Fen::ZERO { format!("{} · {date}", format::money_text(event.open)) } else { date };
    let label = t!("overview-alarm-ack-label", alarm = what.clone());
    rsx! {
        li { class: "line",
            span { class: "line-text",
                strong { {what} }
                span { class: "line-more", {more} }
            }
            Button {
                small: true,
                disabled: !online,
                label,
                testid: "ack-{event.alarm}",
                onclick: move |_| send.send(Command::Acknowledge(event.alarm.clone())),
                {t!("overview-alarm-ack")}
            }
        }
    }
}
