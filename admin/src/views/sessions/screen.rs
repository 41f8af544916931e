//! Who is logged in now.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Topic};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::sessions::LiveSession;

use super::row::SessionRow;
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send, use_want},
    kept::use_kept,
    logic::sessions::{Whose, shown as filtered},
    views::parts::shown,
};

/// The live sessions, the newest first. The list keeps itself fresh.
#[component]
pub fn Sessions() -> Element {
    use_want(Topic::Sessions);
    let desk = use_desk();
    let whose = use_kept(Whose::default);
    let typed = use_signal(String::new);
    let sessions = desk.sessions();
    let section = sessions.read().clone();
    rsx! {
        Page { title: t!("sessions-title"), testid: "sessions",
            Filters { whose, typed }
            Card { class: "card-flush dense",
                {shown(&section, Topic::Sessions, t!("sessions-loading"), Shape::Rows, |list| rsx! {
                    Listed { sessions: list.clone(), whose, typed }
                })}
            }
        }
    }
}

/// Whose sessions, and a field to find one.
///
/// - `whose`, `typed`: what is chosen and typed.
#[component]
fn Filters(whose: Signal<Whose>, typed: Signal<String>) -> Element {
    let (mut whose, mut typed) = (whose, typed);
    let choices = Whose::ALL.map(|value| Choice::new(value, t!(value.label()))).to_vec();
    rsx! {
        div { class: "toolbar",
            Segmented {
                label: t!("sessions-filter"),
                choices,
                value: whose(),
                testid: "sessions-whose",
                onchange: move |value| whose.set(value),
            }
            div { class: "toolbar-search",
                Field {
                    label: t!("sessions-search"),
                    label_hidden: true,
                    kind: InputKind::Search,
                    value: typed(),
                    placeholder: t!("sessions-search-hint"),
                    testid: "session-search",
                    oninput: move |text| typed.set(text),
                }
            }
        }
    }
}

/// The sessions that are left of all.
///
/// - `sessions`: all of them.
/// - `whose`, `typed`: what is chosen and typed.
#[component]
fn Listed(sessions: Vec<LiveSession>, whose: Signal<Whose>, typed: Signal<String>) -> Element {
    let (mut whose, mut typed) = (whose, typed);
    let now = *use_desk().now().read();
    let found: Vec<LiveSession> = filtered(&sessions, whose(), &typed.read()).into_iter().cloned().collect();
    let columns = vec![
        Column::text(t!("sessions-column-who")),
        Column::text(t!("sessions-column-agent")),
        Column::text(t!("sessions-column-key")),
        Column::text(t!("sessions-column-since")),
        Column::text(t!("sessions-column-heard")),
        Column::hidden(t!("sessions-cut")),
    ];
    let count = found.len();
    if found.is_empty() && !sessions.is_empty() {
        return rsx! {
            Empty {
                icon: IconName::Online,
                title: t!("sessions-none-found"),
                text: t!("sessions-none-found-text"),
                action: rsx! {
                    Button {
                        testid: "clear-filters",
                        onclick: move |_| {
                            whose.set(Whose::All);
                            typed.set(String::new());
                        },
                        {t!("sessions-show-all")}
                    }
                },
            }
        };
    }
    if found.is_empty() {
        return rsx! {
            Empty { icon: IconName::Online, title: t!("sessions-none"), text: t!("sessions-none-text") }
        };
    }
    rsx! {
        Table { caption: t!("sessions-title"), columns, testid: "session-table",
            for session in found {
                SessionRow { key: "{session.session}", session, now }
            }
        }
        div { class: "list-foot",
            span { role: "status", {t!("sessions-count", count = count, all = sessions.len())} }
            Freshness {}
        }
    }
}

/// How fresh the list is, and asking anew by hand.
#[component]
fn Freshness() -> Element {
    let (desk, send) = (use_desk(), use_send());
    let sessions = desk.sessions();
    let (at, loading) = (sessions.read().at(), sessions.read().loading);
    rsx! {
        span { class: "row",
            if let Some(at) = at {
                {t!("sessions-as-of", age = format::ago(language(), *desk.now().read(), at))}
            }
            Button {
                small: true,
                kind: ButtonKind::Quiet,
                icon: IconName::Refresh,
                busy: loading,
                testid: "refresh",
                onclick: move |_| send.send(Command::Refresh(Topic::Sessions)),
                {t!("do-refresh")}
            }
        }
    }
}
