//! One alarm.

use dioxus::prelude::*;
use gridkey_client::app::Command;
use gridkey_domain::{
    Fen,
    arrears::{ArrearsChange, ArrearsEvent, Level},
};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::alarms::Alarm;

use crate::context::{AppStateStoreExt as _, use_app, use_send};

/// What happened, when, to how much; and saying that it was seen.
///
/// - `alarm`: the alarm.
#[component]
pub(super) fn AlarmEntry(alarm: Alarm) -> Element {
    let send = use_send();
    let language = language();
    let online = use_app().connection().read().is_online();
    let Alarm { event, acknowledged } = alarm;
    let what = happened(&event);
    let at = format::date_time(language, event.at);
    let label = t!("alarms-got-it-one", what = &what, date = &at);
    let id = event.alarm.clone();
    rsx! {
        li {
            class: "timeline-step {level_tone(event.level).class()}",
            class: if acknowledged.is_none() { "is-now" },
            "data-testid": "alarm",
            span { class: "timeline-dot", "aria-hidden": "true" }
            div { class: "timeline-body",
                p { class: "timeline-title",
                    {what}
                    if event.level != Level::None {
                        Badge { tone: level_tone(event.level), {level_name(event.level)} }
                    }
                }
                p { class: "cell-meta",
                    time { datetime: "{event.at}", {at} }
                    if event.open > Fen::ZERO {
                        " · "
                        if event.late > Fen::ZERO {
                            {t!(
                                "alarms-amounts",
                                open = format::money_text(event.open),
                                late = format::money_text(event.late)
                            )}
                        } else {
                            {t!("alarms-amount", open = format::money_text(event.open))}
                        }
                    }
                }
            }
            div { class: "timeline-side",
                if let Some(seen) = acknowledged {
                    span { class: "muted", {t!("alarms-acknowledged", at = format::date_time(language, seen))} }
                } else {
                    Button {
                        small: true,
                        disabled: !online,
                        label: if online { label } else { t!("alarms-acknowledge-offline") },
                        testid: "acknowledge-{id}",
                        onclick: move |_| send.send(Command::Acknowledge(id.clone())),
                        {t!("alarms-got-it")}
                    }
                }
            }
        }
    }
}

fn happened(event: &ArrearsEvent) -> String {
    match event.change {
        ArrearsChange::Raised => t!("alarm-raised"),
        ArrearsChange::Escalated => t!("alarm-escalated"),
        ArrearsChange::Eased => t!("alarm-eased"),
        ArrearsChange::Cleared => t!("alarm-cleared"),
    }
}

/// A level's name.
pub(super) fn level_name(level: Level) -> String {
    match level {
        Level::None => t!("level-none"),
        Level::Reminder => t!("level-reminder"),
        Level::Warning => t!("level-warning"),
        Level::Final => t!("level-final"),
    }
}

/// What a level means, as a colour.
pub(super) const fn level_tone(level: Level) -> Tone {
    match level {
        Level::None => Tone::Good,
        Level::Reminder => Tone::Warning,
        Level::Warning | Level::Final => Tone::Danger,
    }
}
