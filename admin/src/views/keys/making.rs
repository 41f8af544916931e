//! One key being made, and what came of it.

use dioxus::prelude::*;
use gridkey_desk::{
    issue::Holder,
    office::{Command, JobState, JobView, Making, MakingCommand, Phase},
};
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;

use super::{
    back::back,
    failed::{Failed, Unbound},
    handover::HandOver,
    job::{Waits, job_holder},
    make_key::WaitsToo,
    steps::Steps,
};
use crate::context::use_send;

/// The steps of the only job, then what came of it.
///
/// - `making`: the key being made.
/// - `waits`: for whom the next one was asked for.
#[component]
pub(super) fn OneMaking(making: Making, waits: Option<CustomerNo>) -> Element {
    // Its own making is not waited for.
    let own = |job: &JobView| matches!(&job.job.order.holder, Holder::Customer(own) if Some(own) == waits.as_ref());
    let waits = waits.clone().filter(|_| !making.jobs.first().is_some_and(own));
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
            WaitsToo { customer: waits }
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
                Waits { phase, name: String::new() }
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
