//! Between PIN and desk.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Connection, UnlockStep};
use gridkey_kit::prelude::*;

use super::GateCard;
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    words,
};

const STEPS: [UnlockStep; 3] = [UnlockStep::Pin, UnlockStep::Session, UnlockStep::Rights];

/// What is done, what is under way and what comes next; while the server is not reached, why, and the ways on.
///
/// - `step`: what is under way.
#[component]
pub fn Unlocking(step: UnlockStep) -> Element {
    let at = STEPS.iter().position(|other| *other == step).unwrap_or(0);
    rsx! {
        GateCard { title: t!("admin-gate-unlocking-title"), testid: "gate-unlocking",
            ol { class: "steps",
                for (index , step) in STEPS.into_iter().enumerate() {
                    li { key: "{index}", class: "step", "aria-current": (index == at).then_some("step"),
                        if index < at {
                            span { class: "step-mark tone-good", Icon { name: IconName::Check, label: t!("gate-step-done") } }
                            span { {words::step(step)} }
                        } else if index == at {
                            Spinner { what: words::step(step) }
                        } else {
                            span { class: "step-mark", "aria-label": t!("gate-step-waiting"), role: "img" }
                            span { class: "step-next", {words::step(step)} }
                        }
                    }
                }
            }
            if step == UnlockStep::Session {
                Line {}
            }
        }
    }
}

/// The line to the server, if it does not come about: there is no desk without it.
#[component]
fn Line() -> Element {
    let (desk, send) = (use_desk(), use_send());
    let leave = send.clone();
    let (problem, seconds) = match &*desk.connection().read() {
        Connection::Refused(problem) => (problem.clone(), None),
        Connection::Waiting { until, problem, .. } => {
            (problem.clone(), Some(until.seconds_since(*desk.now().read()).max(0)))
        }
        _ => return rsx! {},
    };
    let told = words::common_problem(&problem);
    rsx! {
        div { class: "problem tone-warning", role: "alert", "data-testid": "unreachable",
            p { class: "problem-headline",
                Icon { name: IconName::Offline, size: 18 }
                span { {told.headline} }
            }
            p { class: "problem-text", {told.what_to_do} }
            if let Some(seconds) = seconds {
                p { class: "problem-text", {t!("admin-gate-again", seconds = seconds)} }
            }
        }
        div { class: "gate-form gate-part",
            Button { kind: ButtonKind::Primary, wide: true, icon: IconName::Refresh, testid: "connect",
                onclick: move |_| send.send(Command::Connect),
                {t!("shell-connect-now")}
            }
            Button { wide: true, testid: "log-out", onclick: move |_| leave.send(Command::LogOut), {t!("admin-gate-leave")} }
        }
    }
}
