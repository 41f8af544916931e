//! A forgotten or locked PIN, set anew on the token in the reader.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Deed, Doing, Outcome, PinLetter, TokenId, Topic};
use gridkey_kit::{form::Pin as Typed, prelude::*};

use super::{
    back::back,
    handover::PinShown,
    make_key::{MakesNone, makes},
    printing::{Papers, Printer, use_printer},
    so_pin::{BadSoPin, SoPin, take},
    tokens::{Looked, Tokens},
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send, use_want},
    views::parts::{AskOnce, ProblemNote},
};

/// Which token, the PIN of its security officer; then the letter with the new PIN.
#[component]
pub fn Unblock() -> Element {
    use_want(Topic::Readers);
    let (desk, send) = (use_desk(), use_send());
    let mut chosen = use_signal(|| None::<TokenId>);
    let mut sent = use_signal(|| None::<TokenId>);
    let mut missing = use_signal(|| false);
    let mut bad = use_signal(|| None::<BadSoPin>);
    let (pin, again) = (use_signal(Typed::default), use_signal(Typed::default));
    if makes().is_none() {
        return rsx! {
            Page { title: t!("keys-unblock"), back: back(), narrow: true, MakesNone {} }
        };
    }
    let doing = sent().and_then(|id| desk.deeds().read().get(&Deed::Unblock(id)).cloned()).unwrap_or_default();
    let busy = doing.is_running();
    let forget = send.clone();
    let done = move |()| {
        if let Some(id) = sent() {
            forget.send(Command::Forget(Deed::Unblock(id)));
        }
        sent.set(None);
        chosen.set(None);
    };
    let submit = move |event: FormEvent| {
        event.prevent_default();
        if busy {
            return;
        }
        missing.set(chosen().is_none());
        let Some(token) = chosen() else { return };
        match take(pin, again, false) {
            Err(error) => bad.set(Some(error)),
            Ok(so_pin) => {
                bad.set(None);
                sent.set(Some(token.clone()));
                send.send(Command::Unblock { token, so_pin });
            }
        }
    };
    rsx! {
        Page { title: t!("keys-unblock"), subtitle: t!("keys-unblock-text"), back: back(), testid: "unblock",
            if let Doing::Done(Outcome::Unblocked(letter)) = &doing {
                NewPin { letter: (**letter).clone(), ondone: done }
            } else {
                div { class: "split",
                    div { class: "split-main",
                        Card { title: t!("keys-unblock-token"), class: "numbered",
                            Tokens {
                                looked: Looked::SetUp,
                                chosen: chosen(),
                                error: missing().then(|| t!("keys-token-choose")),
                                onchoose: move |id| {
                                    chosen.set(Some(id));
                                    missing.set(false);
                                },
                            }
                        }
                    }
                    div { class: "split-side",
                        Card { title: t!("keys-step-pin"), class: "numbered",
                            form { class: "stack", onsubmit: submit,
                                SoPin { pin, again, fresh: false, bad: bad() }
                                if let Some(problem) = doing.problem().cloned() {
                                    ProblemNote { problem }
                                }
                                Button {
                                    kind: ButtonKind::Primary,
                                    icon: IconName::Lock,
                                    wide: true,
                                    submit: true,
                                    busy,
                                    testid: "unblock-begin",
                                    {t!("keys-unblock-begin")}
                                }
                                p { class: "field-hint", {t!("keys-unblock-sum")} }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The letter with the new PIN.
///
/// - `letter`: the letter.
/// - `ondone`: it is in its envelope.
#[component]
fn NewPin(letter: PinLetter, ondone: EventHandler<()>) -> Element {
    let mut printer = use_printer();
    let mut printed = use_signal(|| false);
    let mut asking = use_signal(|| false);
    let sheet = letter.clone();
    rsx! {
        Card { title: t!("keys-letter"), class: "making", testid: "unblocked",
            p { class: "row",
                Icon { name: IconName::Check, size: 18 }
                strong { {t!("keys-unblock-done", holder = &letter.holder)} }
            }
            p { class: "card-note", {t!("keys-letter-text")} }
            PinShown { letter: letter.clone() }
            div { class: "row card-actions",
                Button {
                    kind: ButtonKind::Primary,
                    icon: IconName::Print,
                    testid: "print-letter",
                    onclick: move |_| {
                        printed.set(true);
                        printer.print(Papers::letters(vec![sheet.clone()]));
                    },
                    {t!("keys-print-letter")}
                }
                Button {
                    icon: IconName::Check,
                    testid: "letter-in-envelope",
                    onclick: move |_| if printed() { ondone.call(()) } else { asking.set(true) },
                    {t!("keys-letter-envelope")}
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
                    ondone.call(());
                },
                onclose: move |()| asking.set(false),
            }
        }
    }
}
