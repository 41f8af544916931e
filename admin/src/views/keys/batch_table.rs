//! The jobs of a batch in a table.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, JobState, JobView, Making, MakingCommand, StepState};
use gridkey_kit::prelude::*;

use super::{job::job_holder, ways};
use crate::{context::use_send, logic::making::step_word, words};

/// Each job with where it stands and the way on.
///
/// - `making`: the keys being made.
#[component]
pub(super) fn BatchTable(making: Making) -> Element {
    let columns = vec![
        Column::number(t!("keys-batch-place")),
        Column::text(t!("keys-column-holder")),
        Column::text(t!("keys-column-token")),
        Column::text(t!("keys-batch-result")),
        Column::hidden(t!("keys-column-action")),
    ];
    rsx! {
        Card { class: "card-flush dense",
            Table { caption: t!("keys-batch"), columns, testid: "batch-table",
                for (number , job) in making.jobs.into_iter().enumerate() {
                    JobRow { key: "{number}", number, job, here: making.current == Some(number) }
                }
            }
        }
    }
}

/// A job.
///
/// - `number`: its number.
/// - `job`: the job.
/// - `here`: it is its turn.
#[component]
fn JobRow(number: usize, job: JobView, here: bool) -> Element {
    let send = use_send();
    let again = matches!(job.state, JobState::Failed(_) | JobState::Skipped);
    let serial = job.serial.clone().unwrap_or_else(|| "–".to_owned());
    let key = match &job.state {
        JobState::Made(handover) => Some(handover.key.key),
        JobState::Unbound { key, .. } => Some(*key),
        _ => None,
    };
    rsx! {
        Row { strong: here, testid: "job-{number}",
            Cell { column: t!("keys-batch-place"), numeric: true, "{number + 1}" }
            Cell { header: true, {job_holder(&job.job)} }
            Cell { column: t!("keys-column-token"),
                span { class: "mono", {serial} }
            }
            Cell { column: t!("keys-batch-result"), Result { job: job.clone() } }
            Cell {
                if again {
                    Button {
                        small: true,
                        testid: "again-{number}",
                        onclick: move |_| send.send(Command::Making(MakingCommand::Again(number))),
                        {t!("keys-batch-again")}
                    }
                } else if let Some(key) = key {
                    Link { class: "link", to: ways::key(&key), {t!("keys-show-key")} }
                }
            }
        }
    }
}

/// Where a job stands, in words.
///
/// - `job`: the job.
#[component]
fn Result(job: JobView) -> Element {
    let (tone, icon, label, more) = match &job.state {
        JobState::Waiting => (Tone::Neutral, None, t!("keys-job-waiting"), None),
        JobState::Running => {
            let running = job.steps.iter().find(|step| step.state == StepState::Running);
            let step = running.map(|step| t!(&format!("keys-make-{}", step_word(step.step))));
            (Tone::Accent, None, t!("keys-job-running"), step)
        }
        JobState::Made(handover) => {
            let more = handover.letter.is_some().then(|| t!("keys-job-letter"));
            (Tone::Good, Some(IconName::Check), t!("keys-job-made"), more)
        }
        JobState::Failed(problem) => {
            (Tone::Danger, Some(IconName::Warning), t!("keys-job-failed"), Some(words::problem(problem).headline))
        }
        JobState::Unbound { problem, .. } => {
            (Tone::Warning, Some(IconName::Warning), t!("keys-job-unbound"), Some(words::problem(problem).headline))
        }
        JobState::Skipped => (Tone::Neutral, None, t!("keys-job-skipped"), None),
    };
    rsx! {
        span { class: "cell-lines",
            Badge { tone, icon, {label} }
            if let Some(more) = more {
                span { class: "cell-meta", {more} }
            }
        }
    }
}
