//! Renewing the key's certificate.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Problem, RenewStep, Renewal};
use gridkey_kit::{form::Pin as Typed, prelude::*};

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    views::{gate::typed_pin, parts::ProblemNote},
    words,
};

const STEPS: [RenewStep; 6] =
    [RenewStep::Pin, RenewStep::Pairs, RenewStep::Certify, RenewStep::Write, RenewStep::Store, RenewStep::Session];

/// What is going to happen and the PIN, then the steps, then what came of it.
///
/// - `onclose`: it is to go.
#[component]
pub(super) fn RenewDialog(onclose: EventHandler<()>) -> Element {
    let renewal = use_app().renewal().cloned();
    // What failed before this dialog was opened is of no interest.
    let sent = use_signal(|| false);
    // While the key is being written there is nothing to go back to.
    let close = (!renewal.is_busy()).then(|| EventHandler::new(move |()| onclose.call(())));
    rsx! {
        Dialog { title: t!("renewal-title"), onclose: close, testid: "renew-dialog",
            match renewal {
                Renewal::UnderWay(step) => rsx! { Steps { step } },
                Renewal::Done { until } => rsx! {
                    Banner { tone: Tone::Good, title: t!("renewal-done"), testid: "renewed",
                        {t!("renewal-done-text", until = format::date(language(), until.date()))}
                    }
                    div { class: "dialog-actions",
                        Button { kind: ButtonKind::Primary, testid: "renew-close", onclick: move |_| onclose.call(()),
                            {t!("renewal-close")}
                        }
                    }
                },
                Renewal::Failed(problem) if sent() => rsx! { Ask { problem, sent, onclose } },
                Renewal::Failed(_) | Renewal::NotDue | Renewal::Due | Renewal::Offered { .. } => rsx! { Ask { sent, onclose } },
            }
        }
    }
}

/// The PIN.
///
/// - `problem`: what the last try failed of.
/// - `sent`: a try was made.
/// - `onclose`: it is to go.
#[component]
fn Ask(problem: Option<Problem>, sent: Signal<bool>, onclose: EventHandler<()>) -> Element {
    let (app, send) = (use_app(), use_send());
    let online = app.connection().read().is_online();
    let mut pin = use_signal(Typed::default);
    let mut refused = use_signal(|| None::<String>);
    let submit = move |event: FormEvent| {
        event.prevent_default();
        if !online {
            return;
        }
        match typed_pin(&mut pin.write()) {
            Ok(pin) => {
                refused.set(None);
                sent.set(true);
                send.send(Command::Renew { pin });
            }
            Err(wrong) => refused.set(Some(wrong)),
        }
    };
    // After a wrong PIN nothing had begun.
    let begun = problem.as_ref().is_some_and(|problem| {
        !matches!(
            problem,
            Problem::WrongPin(_) | Problem::WrongPinHere { .. } | Problem::KeyNotRenewable | Problem::Offline
        )
    });
    rsx! {
        form { class: "stack", onsubmit: submit,
            if let Some(problem) = problem {
                ProblemNote { problem, detail: true }
                if begun {
                    p { class: "card-note", {t!("renewal-failed")} }
                }
            } else {
                p { {t!("renewal-text")} }
            }
            PinField {
                label: t!("renewal-pin"),
                pin,
                error: refused(),
                disabled: !online,
                autofocus: true,
                testid: "renew-pin",
            }
            if !online {
                p { class: "card-note", {t!("renewal-offline")} }
            }
            div { class: "dialog-actions",
                Button { onclick: move |_| onclose.call(()), {t!("do-cancel")} }
                Button { kind: ButtonKind::Primary, submit: true, disabled: !online, testid: "renew-start", {t!("renewal-start")} }
            }
        }
    }
}

/// What is done, what is under way and what comes next.
///
/// - `step`: what is under way.
#[component]
fn Steps(step: RenewStep) -> Element {
    let at = STEPS.iter().position(|other| *other == step).unwrap_or(0);
    rsx! {
        ol { class: "steps", "data-testid": "renew-steps",
            for (index , step) in STEPS.into_iter().enumerate() {
                li { key: "{index}", class: "step", "aria-current": (index == at).then_some("step"),
                    if index < at {
                        span { class: "step-mark tone-good", Icon { name: IconName::Check, label: t!("gate-step-done") } }
                        span { {words::renew_step(step)} }
                    } else if index == at {
                        Spinner { what: words::renew_step(step) }
                    } else {
                        span { class: "step-mark", "aria-label": t!("gate-step-waiting"), role: "img" }
                        span { class: "step-next", {words::renew_step(step)} }
                    }
                }
            }
        }
    }
}
