//! An own PIN in place of the issued one.

use dioxus::prelude::*;
use gridkey_desk::office::{AdminCard, Command, Problem};
use gridkey_kit::{form::Pin as Typed, prelude::*};

use super::{GateCard, NewPinError, new_pin, pin_hint, typed_pin};
use crate::{context::use_send, views::parts::ProblemNote};

/// Asks for a new PIN, twice.
///
/// - `card`: the key.
/// - `problem`: what went wrong with the last attempt.
/// - `busy`: the key takes it.
#[component]
pub fn FirstPin(card: Option<AdminCard>, problem: Option<Problem>, busy: bool) -> Element {
    let send = use_send();
    let mut new = use_signal(Typed::default);
    let mut again = use_signal(Typed::default);
    let mut refused = use_signal(|| None::<NewPinError>);
    let (min, max) = card.as_ref().map_or((1, 255), |card| card.pin_length);
    let submit = move |event: FormEvent| {
        event.prevent_default();
        let judged = new_pin(&new.peek(), &again.peek(), (min, max));
        refused.set(judged.err());
        if judged.is_ok() && !busy {
            again.write().clear();
            if let Ok(pin) = typed_pin(&mut new.write()) {
                send.send(Command::ChooseFirstPin { new: pin });
            }
        }
    };
    let error = |second: bool| refused().filter(|error| error.is_second() == second).map(NewPinError::text);
    rsx! {
        GateCard { title: t!("gate-first-title"), text: t!("gate-first-text"), testid: "gate-first-pin",
            form { class: "gate-form", onsubmit: submit,
                if let Some(problem) = problem {
                    ProblemNote { problem, detail: true }
                }
                PinField {
                    label: t!("gate-first-new"),
                    pin: new,
                    hint: pin_hint((min, max)),
                    error: error(false),
                    disabled: busy,
                    autofocus: true,
                    fresh: true,
                    testid: "new-pin",
                }
                PinField {
                    label: t!("gate-first-again"),
                    pin: again,
                    error: error(true),
                    disabled: busy,
                    fresh: true,
                    testid: "new-pin-again",
                }
                Button { kind: ButtonKind::Primary, wide: true, submit: true, busy, testid: "set-pin",
                    {t!("gate-first-submit")}
                }
                if busy {
                    Spinner { what: t!("gate-first-busy") }
                }
            }
        }
    }
}
