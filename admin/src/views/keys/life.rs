//! A key's life: every state it was in.

use dioxus::prelude::*;
use gridkey_domain::key::KeyTransition;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::keys::KeyDetail;

use super::{Actor, words};

/// The states, the newest first, each with who, why and when.
///
/// - `detail`: the key.
/// - `history`: its states, oldest first.
#[component]
pub(super) fn Life(detail: KeyDetail, history: Vec<KeyTransition>) -> Element {
    let language = language();
    let last = history.len();
    rsx! {
        Card { title: t!("keys-life"), testid: "key-life",
            ol { class: "timeline",
                for (index , step) in history.into_iter().enumerate().rev() {
                    li {
                        key: "{index}",
                        class: "timeline-step {words::state_tone(step.state).class()}",
                        class: if index + 1 == last { "is-now" },
                        span { class: "timeline-dot", "aria-hidden": "true" }
                        div { class: "timeline-body",
                            p { class: "timeline-title", {words::state(step.state)} }
                            p { class: "list-meta",
                                {words::reason(&step.reason)}
                                " · "
                                Actor { actor: step.actor.clone() }
                            }
                        }
                        time { class: "timeline-side muted", {format::date_time(language, step.at)} }
                    }
                }
            }
        }
    }
}
