//! What happened to a payment.

use dioxus::prelude::*;
use gridkey_domain::{PaymentState, payment::Transition};
use gridkey_kit::prelude::*;

use crate::words;

/// Every state with its time and reason, the newest first.
///
/// - `history`: oldest first.
/// - `state`: where it stands.
#[component]
pub(super) fn Timeline(history: Vec<Transition>, state: PaymentState) -> Element {
    let language = language();
    let last = history.len().saturating_sub(1);
    rsx! {
        Card { title: t!("payment-timeline"),
            ol { class: "timeline", "data-testid": "timeline",
                for (place , step) in history.into_iter().enumerate().rev() {
                    li {
                        key: "{place}",
                        class: "timeline-step {words::payment_tone(step.state).class()}",
                        class: if place == last { "is-now" },
                        "aria-current": (place == last).then_some("step"),
                        span { class: "timeline-dot", "aria-hidden": "true" }
                        div { class: "timeline-body",
                            p { class: "timeline-title", {words::payment_state(step.state, false)} }
                            p { class: "cell-meta",
                                time { datetime: "{step.at}", {format::date_time(language, step.at)} }
                                if let Some(reason) = words::payment_reason(&step.reason) {
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
