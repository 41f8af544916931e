//! What the person has not seen yet.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Notice};
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    words,
};

/// The bell, with how many are unread; opens the list.
#[component]
pub fn NewsBell() -> Element {
    let app = use_app();
    let mut open = use_signal(|| false);
    let count = app.notices().read().len();
    rsx! {
        button {
            class: "bar-button",
            r#type: "button",
            "aria-label": t!("notices-open", count = count),
            title: t!("notices-open", count = count),
            "aria-haspopup": "dialog",
            "aria-expanded": if open() { "true" } else { "false" },
            "data-testid": "news",
            onclick: move |_| open.set(true),
            Icon { name: IconName::Alarms, size: 18 }
            if count > 0 {
                span { class: "nav-count", "aria-hidden": "true", if count > 99 { "99+" } else { "{count}" } }
            }
        }
        if open() {
            NewsPanel { notices: app.notices().cloned(), onclose: move |()| open.set(false) }
        }
    }
}

/// The list.
///
/// - `notices`: what is unread, newest first.
/// - `onclose`: it is to go.
#[component]
fn NewsPanel(notices: Vec<Notice>, onclose: EventHandler<()>) -> Element {
    let send = use_send();
    let navigator = use_navigator();
    let now = *use_app().now().read();
    let some = !notices.is_empty();
    rsx! {
        Dialog {
            title: t!("notices-title"),
            wide: true,
            onclose: move |()| onclose.call(()),
            testid: "news-panel",
            actions: some.then(|| rsx! {
                Button {
                    icon: IconName::Check,
                    testid: "news-read",
                    onclick: move |_| {
                        send.send(Command::ReadNotices);
                        onclose.call(());
                    },
                    {t!("notices-read")}
                }
            }),
            if some {
                ul { class: "news",
                    for notice in notices {
                        li { key: "{notice.id}",
                            {
                                let told = words::notice(&notice.kind);
                                let route = told.route;
                                rsx! {
                                    button {
                                        class: "news-item {told.tone.class()}",
                                        r#type: "button",
                                        onclick: move |_| {
                                            navigator.push(route.clone());
                                            onclose.call(());
                                        },
                                        span { class: "status-dot", "aria-hidden": "true" }
                                        span { class: "news-text",
                                            strong { {told.title} }
                                            if !told.text.is_empty() {
                                                span { {told.text} }
                                            }
                                            span { class: "news-when", {format::ago(language(), now, notice.at)} }
                                        }
                                        Icon { name: IconName::ChevronRight, size: 16 }
                                    }
                                }
                            }
                        }
                    }
                }
            } else {
                Empty { icon: IconName::Check, title: t!("notices-none"), text: t!("notices-none-text") }
            }
        }
    }
}
