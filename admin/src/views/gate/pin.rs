//! The PIN of the chosen key.

use dioxus::prelude::*;
use gridkey_client::app::Problem as Common;
use gridkey_desk::office::{AdminCard, Command, KeyId, Problem};
use gridkey_kit::{form::Pin as Typed, prelude::*};
use gridkey_token::Tries;

use super::{GateCard, KeyFace, pin_hint, typed_pin};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    views::parts::ProblemNote,
    words,
};

/// Asks for the PIN, tells the tries left, and asks again before the last one.
///
/// - `card`: the key.
/// - `key_id`: its name.
/// - `problem`: what went wrong with the last attempt.
#[component]
pub fn PinGate(card: Option<AdminCard>, key_id: KeyId, problem: Option<Problem>) -> Element {
    let send = use_send();
    let tries = card.as_ref().map_or(Tries::NotTold, |card| card.tries);
    let useless = card.as_ref().and_then(|card| card.problem.clone());
    let locked = tries.is_locked() || problem == Some(Problem::Common(Common::PinLocked));
    let several = use_desk().cards().read().len() > 1;
    let title = if locked { t!("gate-locked-key-title") } else { t!("gate-pin-title") };
    rsx! {
        GateCard {
            title,
            text: (!locked && useless.is_none()).then(|| t!("gate-pin-text")),
            testid: "gate-pin",
            if let Some(card) = card.clone() {
                div { class: "key-panel", KeyFace { card } }
            }
            if locked {
                ProblemNote { problem: Problem::Common(Common::PinLocked) }
                div { class: "gate-part",
                    Button { wide: true, onclick: move |_| send.send(Command::Choose(key_id.clone())),
                        {t!("gate-locked-key-again")}
                    }
                }
            } else if let Some(problem) = useless {
                ProblemNote { problem, detail: true }
            } else {
                PinForm { tries, problem, first: card.as_ref().is_some_and(|card| card.must_change_pin), card }
            }
            Ways { several }
        }
    }
}

/// Field and button.
///
/// - `tries`: the tries left.
/// - `problem`: what went wrong with the last attempt.
/// - `first`: the PIN is still the issued one.
/// - `card`: the key.
#[component]
fn PinForm(tries: Tries, problem: Option<Problem>, first: bool, card: Option<AdminCard>) -> Element {
    let send = use_send();
    let mut typed = use_signal(Typed::default);
    let mut refused = use_signal(|| None::<String>);
    let mut asking = use_signal(|| false);
    let last = tries.is_last() || problem == Some(Problem::Common(Common::LastTry));
    let mut unlock = move |last_try: bool| match typed_pin(&mut typed.write()) {
        Ok(pin) => {
            refused.set(None);
            send.send(Command::Unlock { pin, last_try });
        }
        Err(reason) => refused.set(Some(reason)),
    };
    let mut confirmed = unlock.clone();
    // The sentence at the field tells of the tries then.
    let said = matches!(problem, Some(Problem::Common(Common::WrongPin(_) | Common::LastTry)));
    let hint = match (tries, &card) {
        (Tries::Exact(1) | Tries::Final, _) if !said => Some(t!("gate-tries-final")),
        (Tries::Exact(left), _) if !said => Some(t!("gate-tries-exact", tries = left)),
        (Tries::Low, _) if !said => Some(t!("gate-tries-low")),
        (_, Some(card)) => Some(pin_hint(card.pin_length)),
        _ => None,
    };
    // A wrong PIN stands at its field; what is not about the PIN stands above it.
    let at_field =
        matches!(problem, Some(Problem::Common(Common::WrongPin(_) | Common::PinLength { .. } | Common::LastTry)));
    let error =
        refused().or_else(|| problem.as_ref().filter(|_| at_field).map(|problem| words::problem(problem).headline));
    rsx! {
        form {
            class: "gate-form",
            onsubmit: move |event| {
                event.prevent_default();
                if last && !typed.peek().is_empty() {
                    asking.set(true);
                } else {
                    unlock(false);
                }
            },
            if let Some(problem) = problem.clone().filter(|_| !at_field) {
                ProblemNote { problem, detail: true }
            }
            if first {
                p { class: "gate-text", {t!("gate-pin-first")} }
            }
            PinField { label: t!("gate-pin-label"), pin: typed, hint, error, autofocus: true, testid: "pin" }
            Button { kind: ButtonKind::Primary, wide: true, submit: true, testid: "unlock", {t!("gate-pin-submit")} }
        }
        if asking() {
            LastTry {
                onyes: move |()| {
                    asking.set(false);
                    confirmed(true);
                },
                onno: move |()| {
                    asking.set(false);
                    typed.write().clear();
                },
            }
        }
    }
}

/// Asks before the last try is spent.
///
/// - `onyes`: it is wanted.
/// - `onno`: it is not.
#[component]
fn LastTry(onyes: EventHandler<()>, onno: EventHandler<()>) -> Element {
    let company = use_desk().company().cloned();
    rsx! {
        Dialog {
            title: t!("gate-last-title"),
            alert: true,
            onclose: move |()| onno.call(()),
            testid: "last-try",
            actions: rsx! {
                Button { autofocus: true, onclick: move |_| onno.call(()), testid: "last-try-no", {t!("gate-last-cancel")} }
                Button { kind: ButtonKind::Danger, onclick: move |_| onyes.call(()), testid: "last-try-yes",
                    {t!("gate-last-confirm")}
                }
            },
            p { {t!("admin-gate-last-text")} }
            p { {words::call(&company)} }
        }
    }
}

/// The ways back.
///
/// - `several`: there is another key to choose.
#[component]
fn Ways(several: bool) -> Element {
    let send = use_send();
    rsx! {
        if several {
            p { class: "gate-ways",
                LinkButton { onclick: move |_| send.send(Command::BackToKeys), {t!("gate-other-key")} }
            }
        }
    }
}
