//! Changing the PIN of the own key.

use dioxus::prelude::*;
use gridkey_client::app::Problem as Common;
use gridkey_desk::office::{AdminCard, Command, Deed, Doing, Problem};
use gridkey_kit::{form::Pin as Typed, prelude::*};

use crate::{
    context::{use_doing, use_send},
    views::{
        gate::{NewPinError, new_pin, pin_hint, typed_pin},
        parts::ProblemNote,
    },
};

/// Present PIN, new PIN, new PIN again. Stays until the key took the new one.
///
/// - `card`: the key.
/// - `onclose`: it is done, or not wanted.
#[component]
pub(super) fn PinDialog(card: AdminCard, onclose: EventHandler<()>) -> Element {
    let send = use_send();
    let mut old = use_signal(Typed::default);
    let mut new = use_signal(Typed::default);
    let mut again = use_signal(Typed::default);
    let mut refused = use_signal(|| None::<NewPinError>);
    let mut no_old = use_signal(|| None::<String>);
    let mut agreed = use_signal(|| false);
    // What failed before this dialog was opened is of no interest.
    let mut sent = use_signal(|| false);
    let deed = Deed::ChangePin(card.id.clone());
    let doing = use_doing(&deed);
    let doing = if sent() { doing } else { Doing::Idle };
    let busy = doing.is_running();
    let problem = doing.problem().cloned();
    let last = card.tries.is_last() || problem == Some(Problem::Common(Common::LastTry));
    let done = matches!(doing, Doing::Done(_));
    let forget = send.clone();
    use_effect(use_reactive!(|done| {
        if done {
            forget.send(Command::Forget(deed.clone()));
            onclose.call(());
        }
    }));
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
        Dialog {
            title: t!("admin-settings-pin-change"),
            onclose: (!busy).then_some(onclose),
            testid: "pin-dialog",
            form { class: "stack", onsubmit: submit,
                if let Some(problem) = problem {
                    ProblemNote { problem }
                }
                PinField { label: t!("admin-settings-pin-old"), pin: old, error: no_old(), disabled: busy, autofocus: true, testid: "old-pin" }
                PinField {
                    label: t!("admin-settings-pin-new"),
                    pin: new,
                    hint: pin_hint(length),
                    error: error(false),
                    disabled: busy,
                    fresh: true,
                    testid: "new-pin",
                }
                PinField {
                    label: t!("admin-settings-pin-again"),
                    pin: again,
                    error: error(true),
                    disabled: busy,
                    fresh: true,
                    testid: "new-pin-again",
                }
                if last {
                    p { class: "field-error", role: "alert", {t!("admin-settings-pin-last")} }
                    Checkbox {
                        label: t!("admin-settings-pin-last-agree"),
                        checked: agreed(),
                        testid: "last-agree",
                        onchange: move |on| agreed.set(on),
                    }
                }
                div { class: "dialog-actions",
                    if busy {
                        Spinner { what: t!("admin-settings-pin-busy") }
                    }
                    Button { disabled: busy, onclick: move |_| onclose.call(()), {t!("do-cancel")} }
                    Button {
                        kind: ButtonKind::Primary,
                        submit: true,
                        busy,
                        disabled: last && !agreed(),
                        testid: "save-pin",
                        {t!("admin-settings-pin-save")}
                    }
                }
            }
        }
    }
}
