//! Between PIN and account.

use dioxus::prelude::*;
use gridkey_client::app::UnlockStep;
use gridkey_kit::prelude::*;

use super::GateCard;
use crate::words;

const STEPS: [UnlockStep; 3] = [UnlockStep::Pin, UnlockStep::Store, UnlockStep::Session];

/// What is done, what is under way and what comes next.
///
/// - `step`: what is under way.
#[component]
pub fn Unlocking(step: UnlockStep) -> Element {
    let at = STEPS.iter().position(|other| *other == step).unwrap_or(0);
    rsx! {
        GateCard { title: t!("gate-unlocking-title"), testid: "gate-unlocking",
            ol { class: "steps",
                for (index , step) in STEPS.into_iter().enumerate() {
                    li { key: "{index}", class: "step", "aria-current": (index == at).then_some("step"),
                        if index < at {
                            span { class: "step-mark tone-good", Icon { name: IconName::Check, label: t!("gate-step-done") } }
                            span { {words::step(step)} }
                        } else if index == at {
                            Spinner { what: words::step(step) }
                        } else {
                            span { class: "step-mark", "aria-label": t!("gate-step-waiting"), role: "img" }
                            span { class: "step-next", {words::step(step)} }
                        }
                    }
                }
            }
        }
    }
}
