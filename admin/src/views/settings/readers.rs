//! The readers of this computer, and the way to the set-up check.

use dioxus::prelude::*;
use gridkey_desk::office::{Check, CheckState, Command, ReaderToken, Topic};
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send, use_want},
    route::Route,
    views::parts::ProblemNote,
    words,
};

/// What is in the readers now, and what the set-up check found.
#[component]
pub(super) fn Readers() -> Element {
    use_want(Topic::Readers);
    let desk = use_desk();
    let readers = desk.readers().cloned();
    let setup = desk.setup().cloned();
    // Which driver and server these are is found out by the check.
    let send = use_send();
    use_hook(move || {
        if desk.setup().peek().is_empty() {
            send.send(Command::CheckSetup);
        }
    });
    rsx! {
        Card { title: t!("admin-settings-readers"), testid: "readers",
            if let Some(problem) = readers.problem {
                ProblemNote { problem }
            } else if !readers.known {
                Skeleton { what: t!("admin-settings-readers-loading"), shape: Shape::Rows, lines: 2 }
            } else if readers.tokens.is_empty() {
                p { class: "muted", {t!("admin-settings-readers-empty")} }
            } else {
                ul { class: "list",
                    for token in readers.tokens {
                        Token { key: "{token.id.0}", token }
                    }
                }
            }
            if !setup.is_empty() {
                h3 { class: "card-subtitle", {t!("admin-settings-setup")} }
                Pairs { class: "pairs-dense",
                    for check in setup {
                        Pair { key: "{check.item:?}", term: words::check_name(check.item), Found { check } }
                    }
                }
            }
            div { class: "row card-actions",
                Link { class: ButtonKind::Secondary.class(), to: Route::Setup {}, {t!("admin-settings-setup-open")} }
            }
        }
    }
}

/// A token in a reader.
///
/// - `token`: the token.
#[component]
fn Token(token: ReaderToken) -> Element {
    let title = if token.blank { t!("keys-token-blank") } else { token.label.clone() };
    let serial = Some(token.serial.clone()).filter(|serial| !serial.is_empty());
    rsx! {
        li {
            div { class: "list-main",
                p { class: "list-title", {title} }
                p { class: "list-meta",
                    {token.reader.clone()}
                    if let Some(serial) = serial {
                        " · "
                        {t!("keys-token-number", serial = serial)}
                    }
                    if !token.model.is_empty() {
                        " · "
                        {token.model.clone()}
                    }
                }
            }
            div { class: "list-end",
                if token.locked {
                    Badge { tone: Tone::Warning, icon: IconName::Lock, {t!("keys-token-locked")} }
                }
                if let Some(holder) = token.holder.as_ref() {
                    Badge { {holder.name.clone()} }
                }
            }
        }
    }
}

/// What a check found: its state, and a path, name or host.
///
/// - `check`: the check.
#[component]
fn Found(check: Check) -> Element {
    let (state, tone, _) = words::check_state(&check.state);
    let detail = match &check.state {
        CheckState::Ok(detail) if !detail.is_empty() => Some(detail.clone()),
        _ => None,
    };
    rsx! {
        Status { tone, {state} }
        if let Some(detail) = detail {
            span { class: "cell-meta mono setup-detail", {detail} }
        }
    }
}
