//! The curtain before an account that stays open.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Gate as GateState};
use gridkey_kit::{form::Pin as Typed, prelude::*};

use super::{GateCard, typed_pin};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    views::parts::ProblemNote,
};

/// Asks for the PIN. Behind it nothing of the desk is drawn.
#[component]
pub fn Curtain() -> Element {
    let send = use_send();
    let log_out = send.clone();
    let problem = match &*use_desk().gate().read() {
        GateState::Locked { problem, .. } => problem.clone(),
        _ => None,
    };
    let mut typed = use_signal(Typed::default);
    let mut refused = use_signal(|| None::<String>);
    let submit = move |event: FormEvent| {
        event.prevent_default();
        match typed_pin(&mut typed.write()) {
            Ok(pin) => {
                refused.set(None);
                send.send(Command::Reveal { pin });
            }
            Err(reason) => refused.set(Some(reason)),
        }
    };
    rsx! {
        GateCard { title: t!("gate-curtain-title"), text: t!("admin-gate-curtain-text"), testid: "curtain",
            form { class: "gate-form", onsubmit: submit,
                if let Some(problem) = problem {
                    ProblemNote { problem }
                }
                PinField { label: t!("gate-pin-label"), pin: typed, error: refused(), autofocus: true, testid: "pin" }
                Button { kind: ButtonKind::Primary, wide: true, submit: true, testid: "reveal", {t!("gate-curtain-submit")} }
                Button { wide: true, onclick: move |_| log_out.send(Command::LogOut), testid: "log-out",
                    {t!("gate-curtain-logout")}
                }
            }
        }
    }
}
