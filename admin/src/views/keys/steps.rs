//! The steps of making a key.

use dioxus::prelude::*;
use gridkey_desk::office::{StepState, StepView};
use gridkey_kit::prelude::*;

use crate::logic::making::step_word;

/// Each step and where it stands; the one under way says what it does.
///
/// - `steps`: the steps.
#[component]
pub(super) fn Steps(steps: Vec<StepView>) -> Element {
    rsx! {
        ol { class: "make-steps", "data-testid": "make-steps",
            for step in steps {
                li {
                    key: "{step_word(step.step)}",
                    class: "make-step {class(step.state)}",
                    "aria-current": (step.state == StepState::Running).then_some("step"),
                    span { class: "make-mark", Mark { state: step.state } }
                    div {
                        p { class: "make-name", {t!(&format!("keys-make-{}", step_word(step.step)))} }
                        if step.state == StepState::Running {
                            p { class: "cell-meta", {t!(&format!("keys-make-{}-doing", step_word(step.step)))} }
                        }
                    }
                    span { class: "visually-hidden", {state(step.state)} }
                }
            }
        }
    }
}

/// Where a step stands, as a sign.
///
/// - `state`: where.
#[component]
fn Mark(state: StepState) -> Element {
    match state {
        StepState::Waiting => rsx! {
            span { class: "make-dot" }
        },
        StepState::Running => rsx! {
            span { class: "spinner-wheel" }
        },
        StepState::Done => rsx! {
            Icon { name: IconName::Check, size: 18 }
        },
        StepState::Failed => rsx! {
            Icon { name: IconName::Close, size: 18 }
        },
    }
}

const fn class(state: StepState) -> &'static str {
    match state {
        StepState::Waiting => "is-waiting",
        StepState::Running => "is-running",
        StepState::Done => "is-done",
        StepState::Failed => "is-failed",
    }
}

fn state(state: StepState) -> String {
    match state {
        StepState::Waiting => t!("keys-step-waiting"),
        StepState::Running => t!("keys-step-running"),
        StepState::Done => t!("keys-step-done"),
        StepState::Failed => t!("keys-step-failed"),
    }
}
