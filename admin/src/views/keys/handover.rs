//! The key is made: the record and the PIN letter, and the next one.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Handover, MakingCommand, PinLetter};
use gridkey_domain::key::KeyState;
use gridkey_kit::prelude::*;

use super::{
    KeyStateBadge,
    paper::{RecordRows, record_text},
    printing::{Papers, Printer, PrinterHandle, use_printer},
    ways,
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_platform, use_send},
    views::parts::AskOnce,
};

/// The record on the screen and on paper, the PIN letter on paper, and the way to the next key.
///
/// - `handover`: what goes to the holder.
/// - `number`: the job's number.
#[component]
pub(super) fn HandOver(handover: Handover, number: usize) -> Element {
    let (send, platform) = (use_send(), use_platform());
    let navigator = use_navigator();
    let mut printer = use_printer();
    let mut asking = use_signal(|| false);
    let mut saved = use_signal(|| None::<bool>);
    let file = handover.clone();
    let company = use_desk().company();
    let record = {
        let company = company.read();
        record_text(&handover, company.name.as_deref(), company.support.as_deref())
    };
    let open = handover.letter.is_some();
    let bound = handover.key.state == KeyState::Bound;
    let next = move || {
        send.send(Command::Making(MakingCommand::Forget));
        navigator.push(ways::make(None, None));
    };
    let go = next.clone();
    rsx! {
        div { class: "split", "data-testid": "handover",
            div { class: "split-main",
                Card {
                    title: t!("keys-record"),
                    aside: rsx! { KeyStateBadge { state: handover.key.state } },
                    if !bound {
                        Banner { tone: Tone::Accent, {t!("keys-made-not-bound")} }
                    }
                    RecordRows { handover: handover.clone() }
                    div { class: "row card-actions",
                        Button {
                            kind: ButtonKind::Primary,
                            icon: IconName::Print,
                            testid: "print-record",
                            onclick: {
                                let handover = handover.clone();
                                move |_| printer.print(Papers::records(vec![handover.clone()]))
                            },
                            {t!("keys-print-record")}
                        }
                        Button {
                            icon: IconName::Download,
                            testid: "save-record",
                            onclick: move |_| {
                                let name = format!("gridkey-record-{}.txt", file.key.name);
                                saved.set(Some(platform.files.save(&name, record.as_bytes()).is_ok()));
                            },
                            {t!("keys-save-record")}
                        }
                        Link { class: ButtonKind::Quiet.class(), to: ways::key(&handover.key.key), {t!("keys-show-key")} }
                    }
                    p { class: "card-note", role: "status",
                        match saved() {
                            None => String::new(),
                            Some(true) => t!("keys-record-saved"),
                            Some(false) => t!("keys-record-not-saved"),
                        }
                    }
                }
            }
            div { class: "split-side",
                Letter { letter: handover.letter.clone().map(|letter| *letter), number, printer }
                Card { title: t!("keys-next-title"),
                    p { class: "card-note", {t!("keys-next-text")} }
                    div { class: "card-actions",
                        Button {
                            kind: if open { ButtonKind::Secondary } else { ButtonKind::Primary },
                            icon: IconName::Key,
                            wide: true,
                            testid: "next-key",
                            onclick: move |_| if open { asking.set(true) } else { next() },
                            {t!("keys-next")}
                        }
                    }
                }
            }
        }
        Printer { printer }
        if asking() {
            AskOnce {
                title: t!("keys-letter-lost-title", count = 1),
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

/// The PIN letter: printed, put into its envelope, wiped here.
///
/// - `letter`: the letter, until it is in its envelope.
/// - `number`: the job's number.
/// - `printer`: the page's; one prints at a time.
#[component]
pub(super) fn Letter(letter: Option<PinLetter>, number: usize, printer: PrinterHandle) -> Element {
    let send = use_send();
    let mut printer = printer;
    let Some(letter) = letter else {
        return rsx! {
            Card { title: t!("keys-letter"), testid: "letter-done",
                p { class: "row",
                    Icon { name: IconName::Check, size: 18 }
                    span { {t!("keys-letter-done")} }
                }
            }
        };
    };
    rsx! {
        Card { title: t!("keys-letter"), testid: "letter",
            p { class: "card-note", {t!("keys-letter-text")} }
            PinShown { letter: letter.clone() }
            div { class: "stack-tight card-actions",
                Button {
                    kind: ButtonKind::Primary,
                    icon: IconName::Print,
                    wide: true,
                    testid: "print-letter",
                    onclick: move |_| printer.print(Papers::letters(vec![letter.clone()])),
                    {t!("keys-print-letter")}
                }
                Button {
                    icon: IconName::Check,
                    wide: true,
                    testid: "letter-in-envelope",
                    onclick: move |_| {
                        printer.clear();
                        send.send(Command::Making(MakingCommand::LetterDone(number)));
                    },
                    {t!("keys-letter-envelope")}
                }
            }
        }
    }
}

/// The PIN, hidden until somebody without a printer asks for it.
///
/// - `letter`: the letter.
#[component]
pub(super) fn PinShown(letter: PinLetter) -> Element {
    let mut shown = use_signal(|| false);
    rsx! {
        div { class: "pin-shown",
            if shown() {
                p { class: "pin-digits", "data-testid": "pin-digits", {letter.pin.expose().to_owned()} }
            } else {
                span { class: "pin-digits is-hidden", "aria-hidden": "true", "••••••••" }
            }
            button {
                class: "icon-button",
                r#type: "button",
                "aria-pressed": if shown() { "true" } else { "false" },
                "aria-label": t!("kit-pin-show"),
                title: if shown() { t!("kit-pin-hide") } else { t!("kit-pin-show") },
                "data-testid": "show-pin",
                onclick: move |_| shown.toggle(),
                Icon { name: if shown() { IconName::EyeOff } else { IconName::Eye } }
            }
        }
    }
}
