//! Changing the PIN.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Doing, KeyCard, Problem};
use gridkey_kit::{form::Pin as Typed, prelude::*};

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    views::{
        gate::{NewPinError, new_pin, pin_hint, typed_pin},
        parts::ProblemNote,
    },
};

/// Present PIN, new PIN, new PIN again.
///
/// - `card`: the key.
/// - `onclose`: it is to go.
#[component]
pub(super) fn PinDialog(card: KeyCard, onclose: EventHandler<()>) -> Element {
    let (app, send) = (use_app(), use_send());
    let mut old = use_signal(Typed::default);
    let mut new = use_signal(Typed::default);
    let mut again = use_signal(Typed::default);
    let mut refused = use_signal(|| None::<NewPinError>);
    let mut no_old = use_signal(|| None::<String>);
    let mut agreed = use_signal(|| false);
    // What failed before this dialog was opened is of no interest.
    let mut sent = use_signal(|| false);
    let doing = app.pin_change();
    let busy = *doing.read() == Doing::Busy;
    let problem = match doing.cloned() {
        Doing::Failed(problem) if sent() => Some(problem),
        _ => None,
    };
    let last = card.tries.is_last() || problem == Some(Problem::LastTry);
    use_changed(onclose);
    let length = card.pin_length;
    let submit = move |event: FormEvent| {
        event.prevent_default();
        if busy || (last && !agreed()) {
            return;
        }
        no_old.set(old.peek().is_empty().then(|| t!("gate-pin-empty")));
        let judged = new_pin(&new.peek(), &again.peek(), length);
        refused.set(judged.err());
        if judged.is_err() || old.peek().is_empty() {
            return;
        }
        again.write().clear();
        if let (Ok(new), Ok(old)) = (typed_pin(&mut new.write()), typed_pin(&mut old.write())) {
            sent.set(true);
            send.send(Command::ChangePin { old, new, last_try: last });
        }
    };
    let error = |second: bool| refused().filter(|error| error.is_second() == second).map(NewPinError::text);
    rsx! {
        Dialog { title: t!("account-pin-change"), onclose: move |()| onclose.call(()), testid: "pin-dialog",
            form { class: "stack", onsubmit: submit,
                if let Some(problem) = problem {
                    ProblemNote { problem }
                }
                PinField { label: t!("account-pin-old"), pin: old, error: no_old(), disabled: busy, autofocus: true, testid: "old-pin" }
                PinField {
                    label: t!("account-pin-new"),
                    pin: new,
                    hint: pin_hint(length),
                    error: error(false),
                    disabled: busy,
                    fresh: true,
                    testid: "new-pin",
                }
                PinField {
                    label: t!("account-pin-again"),
                    pin: again,
                    error: error(true),
                    disabled: busy,
                    fresh: true,
                    testid: "new-pin-again",
                }
                if last {
                    p { class: "field-error", role: "alert", {t!("account-pin-last")} }
                    Checkbox {
                        label: t!("account-pin-last-agree"),
                        checked: agreed(),
                        testid: "last-agree",
                        onchange: move |on| agreed.set(on),
                    }
                }
                div { class: "dialog-actions",
                    if busy {
                        Spinner { what: t!("account-pin-busy") }
                    }
                    Button { disabled: busy, onclick: move |_| onclose.call(()), {t!("do-cancel")} }
                    Button {
                        kind: ButtonKind::Primary,
                        submit: true,
                        busy,
                        disabled: last && !agreed(),
                        testid: "save-pin",
                        {t!("account-pin-save")}
                    }
                }
            }
        }
    }
}

/// Closes the dialog when the change that it began has come about.
fn use_changed(onclose: EventHandler<()>) {
    let app = use_app();
    let mut was_busy = use_hook(|| CopyValue::new(false));
    use_effect(move || {
        let now = app.pin_change().cloned();
        let began = std::mem::replace(&mut *was_busy.write(), now == Doing::Busy);
        if began && now == Doing::Idle {
            onclose.call(());
        }
    });
}
