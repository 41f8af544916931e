//! The way on at the end of a list.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Topic};
use gridkey_kit::prelude::*;

use crate::context::use_send;

/// How much of a list is shown, and the way to the rest of it.
///
/// - `topic`: the list.
/// - `shown`: how many lines are there.
/// - `more`: there is more.
/// - `loading`: the next page is being fetched.
#[component]
pub fn More(topic: Topic, shown: usize, more: bool, #[props(default)] loading: bool) -> Element {
    let send = use_send();
    rsx! {
        div { class: "list-foot",
            span { class: "muted small", role: "status",
                if more {
                    {t!("parts-shown-so-far", count = shown)}
                } else {
                    {t!("parts-shown-all", count = shown)}
                }
            }
            if more {
                Button {
                    small: true,
                    busy: loading,
                    testid: "more",
                    onclick: move |_| send.send(Command::More(topic.clone())),
                    {t!("parts-more")}
                }
            }
        }
    }
}
