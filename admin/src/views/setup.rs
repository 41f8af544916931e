//! The set-up check.

use dioxus::prelude::*;
use gridkey_desk::office::{Check, CheckState, Command};
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    words,
};

/// Each thing the program needs, in order, and what to do about it.
#[component]
pub fn Setup() -> Element {
    let (desk, send) = (use_desk(), use_send());
    // Whoever comes here wants to know.
    let first = send.clone();
    use_hook(move || {
        if desk.setup().peek().is_empty() {
            first.send(Command::CheckSetup);
        }
    });
    let checks = desk.setup().cloned();
    let running = checks.iter().any(|check| matches!(check.state, CheckState::Running | CheckState::Waiting));
    rsx! {
        Page { title: t!("setup-title"), subtitle: t!("setup-subtitle"), narrow: true, testid: "setup",
            Card {
                Verdict { checks: checks.clone(), running }
                ol { class: "setup-list", "aria-label": t!("setup-list"),
                    for check in checks {
                        CheckLine { key: "{check.item:?}", check }
                    }
                }
                div { class: "card-foot",
                    Button {
                        kind: ButtonKind::Primary,
                        icon: IconName::Refresh,
                        busy: running,
                        testid: "check-again",
                        onclick: move |_| send.send(Command::CheckSetup),
                        {t!("setup-again")}
                    }
                }
            }
        }
    }
}

/// All in one sentence.
///
/// - `checks`: what was found.
/// - `running`: some are still being looked at.
#[component]
fn Verdict(checks: Vec<Check>, running: bool) -> Element {
    let wrong = checks.iter().filter(|check| matches!(check.state, CheckState::Failed(_))).count();
    rsx! {
        div { role: "status", class: "setup-verdict",
            if checks.is_empty() {
                {t!("setup-none")}
            } else if running {
                Spinner { what: t!("setup-running") }
            } else if wrong > 0 {
                Status { tone: Tone::Warning, {t!("setup-wrong", count = wrong)} }
            } else {
                Status { tone: Tone::Good, {t!("setup-all-well")} }
            }
        }
    }
}

/// One thing.
///
/// - `check`: what was looked at and found.
#[component]
fn CheckLine(check: Check) -> Element {
    let (state, tone, icon) = words::check_state(&check.state);
    let detail = match &check.state {
        CheckState::Ok(detail) => detail.clone(),
        _ => String::new(),
    };
    let problem = match &check.state {
        CheckState::Failed(problem) => Some(words::common_problem(problem)),
        _ => None,
    };
    rsx! {
        li { class: "setup-item",
            div { class: "setup-head",
                div { class: "setup-name",
                    strong { {words::check_name(check.item)} }
                    span { class: "setup-about", {words::check_about(check.item)} }
                }
                if check.state == CheckState::Running {
                    Spinner { what: state }
                } else {
                    Badge { tone, icon, {state} }
                }
            }
            if !detail.is_empty() {
                p { class: "setup-detail", {detail} }
            }
            if let Some(told) = problem {
                div { class: "problem {tone.class()}",
                    p { class: "problem-headline", {told.headline} }
                    p { class: "problem-text", {told.what_to_do} }
                    if let Some(cause) = told.detail {
                        p { class: "problem-detail", {cause} }
                    }
                }
            }
        }
    }
}
