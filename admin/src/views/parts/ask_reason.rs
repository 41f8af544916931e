//! One question before something that cannot be undone, and the reason that is kept with it.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Command, Deed, Doing};
use gridkey_kit::prelude::*;

use super::ProblemNote;
use crate::{
    context::{use_doing, use_send},
    logic::reason::{BadReason, LONGEST, reason},
};

/// Asks for the reason, does the act, and stays until it is done, so that what went wrong is told where it was asked.
///
/// - `title`: the question, with the name of what it hits.
/// - `text`: what will be so afterwards.
/// - `yes`: the button, named by what it does.
/// - `hint`: what a good reason is, under the field.
/// - `deed`: the name under which the act is followed.
/// - `act`: the act, once the reason is there.
/// - `onclose`: it was done, or is not wanted.
/// - `children`: facts between text and reason.
#[component]
pub fn AskReason(
    #[props(into)] title: String,
    #[props(into)] text: String,
    #[props(into)] yes: String,
    #[props(into)] hint: Option<String>,
    deed: Deed,
    act: Callback<String, Act>,
    onclose: EventHandler<()>,
    children: Element,
) -> Element {
    let send = use_send();
    let mut typed = use_signal(String::new);
    let mut judged = use_signal(|| false);
    let mut asked = use_signal(|| false);
    let forgotten = deed.clone();
    use_hook({
        let send = send.clone();
        move || send.send(Command::Forget(forgotten))
    });
    let doing = use_doing(&deed);
    // What became of an earlier attempt is told by the screen, not here.
    let doing = if asked() { doing } else { Doing::Idle };
    let busy = doing.is_running();
    let over = matches!(doing, Doing::Done(_));
    use_effect(use_reactive!(|over| {
        if over {
            onclose.call(());
        }
    }));
    let error = reason(&typed.read()).err().filter(|_| judged()).map(bad_reason);
    let submit = move |event: FormEvent| {
        event.prevent_default();
        judged.set(true);
        if let (Ok(reason), false) = (reason(&typed.peek()), busy) {
            asked.set(true);
            send.send(Command::Do(act.call(reason)));
        }
    };
    rsx! {
        Dialog {
            title,
            alert: true,
            onclose: if busy { None } else { Some(onclose) },
            testid: "ask-reason",
            form { class: "form", onsubmit: submit,
                p { class: "muted", {text} }
                {children}
                Field {
                    label: t!("parts-reason"),
                    value: typed(),
                    error,
                    hint: hint.clone().unwrap_or_else(|| t!("parts-reason-hint")),
                    lines: 2,
                    autofocus: true,
                    required: true,
                    disabled: busy,
                    testid: "reason",
                    oninput: move |value| typed.set(value),
                }
                if let Some(problem) = doing.problem().cloned() {
                    ProblemNote { problem }
                }
                div { class: "dialog-actions",
                    Button { disabled: busy, testid: "ask-no", onclick: move |_| onclose.call(()), {t!("do-cancel")} }
                    Button { kind: ButtonKind::Danger, submit: true, busy, testid: "ask-yes", {yes} }
                }
            }
        }
    }
}

/// What is wrong with a reason, in a sentence.
fn bad_reason(fault: BadReason) -> String {
    match fault {
        BadReason::Empty => t!("parts-reason-empty"),
        BadReason::Long(_) => t!("parts-reason-long", most = LONGEST),
    }
}
