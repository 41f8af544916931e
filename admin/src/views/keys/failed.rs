//! A key that was not made, or whose binding is not known.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, JobView, KeyName, MakingCommand, PinLetter, Problem};
use gridkey_kit::prelude::*;

use super::{
    handover::Letter,
    printing::{Printer, use_printer},
    steps::Steps,
    ways,
};
use crate::{context::use_send, logic::making::Reached, views::parts::ProblemNote};

/// Nothing came of a job: what happened, what was done all the same, and the way on.
///
/// - `job`: the job.
/// - `problem`: what happened.
/// - `number`: the job's number.
#[component]
pub(super) fn Failed(job: JobView, problem: Problem, number: usize) -> Element {
    let send = use_send();
    let again = send.clone();
    let reached = Reached::of(&job);
    rsx! {
        div { class: "split",
            div { class: "split-main",
                Card { testid: "make-failed",
                    ProblemNote { problem }
                    h3 { class: "card-subtitle", {t!("keys-left-behind")} }
                    p { {t!(&format!("keys-left-{}", reached.word()))} }
                    div { class: "row card-actions",
                        Button {
                            kind: ButtonKind::Primary,
                            icon: IconName::Refresh,
                            testid: "make-again",
                            onclick: move |_| again.send(Command::Making(MakingCommand::Again(number))),
                            {t!("keys-make-again")}
                        }
                        Button {
                            testid: "make-leave",
                            onclick: move |_| send.send(Command::Making(MakingCommand::Forget)),
                            {t!("keys-make-back")}
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

/// The certificates are on the token, but whether the key is bound is not known.
///
/// - `fingerprint`: the key.
/// - `problem`: what happened.
/// - `letter`: the PIN on the token.
/// - `number`: the job's number.
#[component]
pub(super) fn Unbound(fingerprint: KeyName, problem: Problem, letter: Option<PinLetter>, number: usize) -> Element {
    let send = use_send();
    let printer = use_printer();
    rsx! {
        div { class: "split",
            div { class: "split-main",
                Card { testid: "make-unbound",
                    ProblemNote { problem }
                    p { {t!("keys-unbound-text")} }
                    div { class: "row card-actions",
                        Link { class: ButtonKind::Primary.class(), to: ways::key(&fingerprint), {t!("keys-unbound-look")} }
                        Button {
                            testid: "make-leave",
                            onclick: move |_| send.send(Command::Making(MakingCommand::Forget)),
                            {t!("keys-make-back")}
                        }
                    }
                }
            }
            div { class: "split-side",
                Letter { letter, number, printer }
            }
        }
        Printer { printer }
    }
}
