//! The end of a batch: what came of it, and the papers printed together.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Handover, JobState, Making, MakingCommand, PinLetter};
use gridkey_kit::prelude::*;

use super::printing::{Papers, Printer, use_printer};
use crate::{
    context::use_send,
    logic::making::{Tally, letter},
    views::parts::AskOnce,
};

/// How many keys were made and how many were not, and their records and PIN letters.
///
/// - `making`: the keys that were made.
#[component]
pub(super) fn BatchOver(making: Making) -> Element {
    let send = use_send();
    let mut printer = use_printer();
    let mut asking = use_signal(|| false);
    let tally = Tally::of(&making);
    let records: Vec<Handover> = making
        .jobs
        .iter()
        .filter_map(|job| match &job.state {
            JobState::Made(handover) => Some((**handover).clone()),
            _ => None,
        })
        .collect();
    let letters: Vec<(usize, PinLetter)> =
        making.jobs.iter().enumerate().filter_map(|(number, job)| Some((number, letter(job)?.clone()))).collect();
    let open = letters.len();
    let numbers: Vec<usize> = letters.iter().map(|(number, _)| *number).collect();
    let sheets: Vec<PinLetter> = letters.into_iter().map(|(_, letter)| letter).collect();
    let (done, leave) = (send.clone(), send);
    let forget = move || leave.send(Command::Making(MakingCommand::Forget));
    let go = forget.clone();
    rsx! {
        Card { testid: "batch-over",
            div { class: "tally",
                Count { count: tally.made, label: t!("keys-tally-made"), tone: Tone::Good }
                if tally.unbound > 0 {
                    Count { count: tally.unbound, label: t!("keys-tally-unbound"), tone: Tone::Warning }
                }
                if tally.failed > 0 {
                    Count { count: tally.failed, label: t!("keys-tally-failed"), tone: Tone::Danger }
                }
                if tally.skipped > 0 {
                    Count { count: tally.skipped, label: t!("keys-tally-skipped"), tone: Tone::Neutral }
                }
            }
            div { class: "row card-actions",
                Button {
                    kind: if open > 0 { ButtonKind::Primary } else { ButtonKind::Secondary },
                    icon: IconName::Print,
                    disabled: records.is_empty(),
                    testid: "print-records",
                    onclick: {
                        let records = records.clone();
                        move |_| printer.print(Papers::records(records.clone()))
                    },
                    {t!("keys-print-records", count = records.len())}
                }
                if open > 0 {
                    Button {
                        icon: IconName::Print,
                        testid: "print-letters",
                        onclick: move |_| printer.print(Papers::letters(sheets.clone())),
                        {t!("keys-print-letters", count = open)}
                    }
                    Button {
                        icon: IconName::Check,
                        testid: "letters-in-envelopes",
                        onclick: move |_| {
                            printer.clear();
                            for number in &numbers {
                                done.send(Command::Making(MakingCommand::LetterDone(*number)));
                            }
                        },
                        {t!("keys-letters-envelopes")}
                    }
                }
                Button {
                    kind: if open > 0 { ButtonKind::Quiet } else { ButtonKind::Primary },
                    testid: "batch-leave",
                    onclick: move |_| if open > 0 { asking.set(true) } else { forget() },
                    {t!("keys-batch-leave")}
                }
            }
            p { class: "card-note", {t!("keys-batch-papers")} }
        }
        Printer { printer }
        if asking() {
            AskOnce {
                title: t!("keys-letter-lost-title", count = open),
                text: t!("keys-letter-lost-text"),
                yes: t!("keys-letter-lost-yes"),
                no: t!("keys-letter-lost-no"),
                onyes: move |()| {
                    asking.set(false);
                    go();
                },
                onclose: move |()| asking.set(false),
            }
        }
    }
}

/// A figure with its word.
///
/// - `count`: the figure.
/// - `label`: what it counts.
/// - `tone`: what its colour says.
#[component]
fn Count(count: usize, #[props(into)] label: String, tone: Tone) -> Element {
    rsx! {
        div { class: "tally-one {tone.class()}",
            p { class: "figure", {count.to_string()} }
            p { class: "figure-note", {label} }
        }
    }
}
