//! One key being made, and what came of it.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, JobState, JobView, Making, MakingCommand, Phase};
use gridkey_kit::prelude::*;

use super::{
    back::back,
    failed::{Failed, Unbound},
    handover::HandOver,
    job::{Waits, job_holder},
    steps::Steps,
};
use crate::context::use_send;

/// The steps of the only job, then what came of it.
///
/// - `making`: the key being made.
#[component]
pub(super) fn OneMaking(making: Making) -> Element {
    let Making { jobs, phase, .. } = making;
    let Some(job) = jobs.into_iter().next() else { return rsx! {} };
    let (title, text) = match &job.state {
        JobState::Made(_) => (t!("keys-made-title"), t!("keys-made-text")),
        JobState::Failed(_) => (t!("keys-failed-title"), job_holder(&job.job)),
        JobState::Unbound { .. } => (t!("keys-unbound-title"), job_holder(&job.job)),
        JobState::Waiting | JobState::Running | JobState::Skipped => (t!("keys-making-title"), job_holder(&job.job)),
    };
    rsx! {
        Page { title, subtitle: text, back: back(), testid: "one-making",
            match job.state.clone() {
                JobState::Made(handover) => rsx! {
                    HandOver { handover: *handover, number: 0 }
                },
                JobState::Failed(problem) => rsx! {
                    Failed { job, problem, number: 0 }
                },
                JobState::Unbound { key, problem, letter } => rsx! {
                    Unbound { fingerprint: key, problem, letter: letter.map(|letter| *letter), number: 0 }
                },
                JobState::Skipped => rsx! {
                    Left {}
                },
                JobState::Waiting | JobState::Running => rsx! {
                    UnderWay { job, phase }
                },
            }
        }
    }
}

/// The steps, and what is waited for.
///
/// - `job`: the job.
/// - `phase`: what happens now.
#[component]
fn UnderWay(job: JobView, phase: Phase) -> Element {
    let send = use_send();
    let awaits = matches!(phase, Phase::AwaitToken { .. });
    rsx! {
        div { class: "making",
            Card {
                Waits { phase, name: job.job.name.clone() }
                div { class: "making-steps", Steps { steps: job.steps } }
            }
            if awaits {
                div { class: "row making-ways",
                    Button { testid: "make-cancel", onclick: move |_| send.send(Command::Making(MakingCommand::Forget)),
                        {t!("keys-make-back")}
                    }
                }
            }
        }
    }
}

/// Nothing was made.
#[component]
fn Left() -> Element {
    let send = use_send();
    rsx! {
        Card {
            Empty {
                icon: IconName::Key,
                title: t!("keys-skipped-title"),
                text: t!("keys-skipped-text"),
                action: rsx! {
                    Button {
                        kind: ButtonKind::Primary,
                        testid: "make-next",
                        onclick: move |_| send.send(Command::Making(MakingCommand::Forget)),
                        {t!("keys-make-back")}
                    }
                },
            }
        }
    }
}
