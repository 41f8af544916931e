//! A section of the program's state on the screen: an outline while it is first loaded, what to do when it failed, else the
//! content with its age unless that is just now.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Section, Topic};
use gridkey_domain::Timestamp;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    words,
};

/// The section as it stands; `show` draws its value.
///
/// - `topic`: what to ask for when the person tries again.
/// - `what`: says what is being loaded.
/// - `shape`: what the outline resembles.
pub fn shown<T>(
    section: &Section<T>,
    topic: Topic,
    what: String,
    shape: Shape,
    show: impl FnOnce(&T) -> Element,
) -> Element {
    let Some(value) = section.get() else {
        return match &section.problem {
            None => rsx! { Skeleton { what, shape, lines: 5 } },
            Some(problem) => {
                let told = words::problem(problem);
                rsx! {
                    ErrorState {
                        headline: told.headline,
                        what_to_do: told.what_to_do,
                        detail: told.detail,
                        action: rsx! { Retry { topic, busy: section.loading } },
                    }
                }
            }
        };
    };
    let at = section.at();
    let live = section.value.as_deref().is_some_and(|fetched| fetched.live);
    rsx! {
        if let Some(at) = at && !live {
            Age { at, topic }
        }
        {show(value)}
    }
}

/// Asks again.
///
/// - `topic`: for what.
/// - `busy`: an answer is awaited.
#[component]
fn Retry(topic: Topic, busy: bool) -> Element {
    let send = use_send();
    rsx! {
        Button {
            kind: ButtonKind::Primary,
            icon: IconName::Refresh,
            busy,
            testid: "retry",
            onclick: move |_| send.send(Command::Refresh(topic.clone())),
            {t!("do-retry")}
        }
    }
}

/// Says that what is shown is no longer fresh, and since when it stands; a way to ask anew while connected.
///
/// - `at`: when the server said so.
/// - `topic`: what to ask for.
#[component]
pub fn Age(at: Timestamp, topic: Topic) -> Element {
    let send = use_send();
    let online = use_desk().connection().read().is_online();
    let time = format::date_time(language(), at);
    rsx! {
        p { class: "age", "data-testid": "age",
            Icon { name: IconName::Clock, size: 16 }
            span { {t!("admin-age", time = time)} }
            if online {
                LinkButton { onclick: move |_| send.send(Command::Refresh(topic.clone())), {t!("do-refresh")} }
            }
        }
    }
}
