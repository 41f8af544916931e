//! A batch under way, and its end.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Making, MakingCommand, Phase};
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;

use super::{
    back::back,
    batch_over::BatchOver,
    batch_table::BatchTable,
    job::{Waits, job_holder},
    make_key::WaitsToo,
    steps::Steps,
};
use crate::{context::use_send, logic::making::Tally};

/// The job whose turn it is in large letters, the others in a table; then what came of all.
///
/// - `making`: the keys being made.
/// - `waits`: for whom the next one was asked for.
#[component]
pub(super) fn BatchProgress(making: Making, waits: Option<CustomerNo>) -> Element {
    let tally = Tally::of(&making);
    let all = making.jobs.len();
    let over = making.phase == Phase::Finished && tally.left == 0;
    let progress = t!("keys-batch-progress", done = tally.done(), all = all);
    rsx! {
        Page {
            title: if over { t!("keys-batch-over") } else { t!("keys-batch-running") },
            subtitle: progress.clone(),
            back: back(),
            testid: "batch-progress",
            WaitsToo { customer: waits }
            Progress {
                label: t!("keys-batch-running"),
                value: u32::try_from(tally.done()).unwrap_or(u32::MAX),
                max: u32::try_from(all).unwrap_or(u32::MAX),
                text: progress,
                tone: if over && !tally.is_clean() { Tone::Warning } else { Tone::Accent },
            }
            if over {
                BatchOver { making: making.clone() }
            } else {
                Turn { making: making.clone() }
            }
            BatchTable { making }
        }
    }
}

/// The job whose turn it is: what to do, its steps, and the ways to pass over and to stop.
///
/// - `making`: the keys being made.
#[component]
fn Turn(making: Making) -> Element {
    let send = use_send();
    let (skip, stop, next) = (send.clone(), send.clone(), send);
    let job = making.current.and_then(|number| making.jobs.get(number)).cloned();
    let Some(job) = job else { return rsx! {} };
    let awaits = matches!(making.phase, Phase::AwaitToken { .. });
    let out = matches!(making.phase, Phase::TakeOut { .. });
    let stopping = making.stopping;
    let name = job_holder(&job.job);
    rsx! {
        div { class: "split batch-turn",
            div { class: "split-main",
                Card { testid: "turn",
                    Waits { phase: making.phase, name }
                    div { class: "row card-actions",
                        if out {
                            Button {
                                testid: "batch-next",
                                onclick: move |_| next.send(Command::Making(MakingCommand::Next)),
                                {t!("keys-batch-next")}
                            }
                        }
                        if awaits {
                            Button {
                                testid: "batch-skip",
                                onclick: move |_| skip.send(Command::Making(MakingCommand::Skip)),
                                {t!("keys-batch-skip")}
                            }
                        }
                        Button {
                            kind: ButtonKind::Quiet,
                            disabled: stopping,
                            testid: "batch-stop",
                            onclick: move |_| stop.send(Command::Making(MakingCommand::Stop)),
                            {t!("keys-batch-stop")}
                        }
                        if stopping {
                            span { class: "muted", role: "status", {t!("keys-batch-stopping")} }
                        }
                    }
                }
            }
            div { class: "split-side",
                Card { title: t!("keys-steps"), Steps { steps: job.steps } }
            }
        }
    }
}
