//! What happened to a payment.

use dioxus::prelude::*;
use gridkey_domain::{PaymentState, payment::Transition};
use gridkey_kit::prelude::*;

use super::reason::reason_words;
use crate::views::parts::{state_words, tone};

/// Every state with its time and reason, the newest first.
///
/// - `history`: oldest first.
/// - `state`: where it stands.
#[component]
pub(super) fn Story(history: Vec<Transition>, state: PaymentState) -> Element {
    let language = language();
    let last = history.len().saturating_sub(1);
    rsx! {
        Card { title: t!("admin-payments-story"), testid: "story",
            ol { class: "timeline",
                for (place , step) in history.into_iter().enumerate().rev() {
                    li {
                        key: "{place}",
                        class: "timeline-step {tone(step.state).class()}",
                        class: if place == last { "is-now" },
                        "aria-current": (place == last).then_some("step"),
                        span { class: "timeline-dot", "aria-hidden": "true" }
                        div { class: "timeline-body",
                            p { class: "timeline-title", {state_words(step.state)} }
                            p { class: "cell-meta",
                                time { datetime: "{step.at}", {format::date_time(language, step.at)} }
                                if let Some(reason) = reason_words(&step.reason) {
                                    " · {reason}"
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
