//! Who is logged in.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    views::parts::shown,
};

/// The live sessions.
#[component]
pub fn Sessions() -> Element {
    use_want(Topic::Sessions);
    let sessions = use_desk().sessions().cloned();
    rsx! {
        Page { title: t!("admin-place-sessions"), testid: "sessions",
            {shown(&sessions, Topic::Sessions, t!("admin-sessions-loading"), Shape::Rows, |sessions| rsx! {
                ul { class: "list",
                    for session in sessions.clone() {
                        li { key: "{session.session}", {session.session.clone()} }
                    }
                }
            })}
        }
    }
}
