//! Which key: of several, or the one that is there and was not chosen by itself.

use dioxus::prelude::*;
use gridkey_desk::office::{AdminCard, Command, Problem};
use gridkey_kit::prelude::*;

use super::{GateCard, KeyFace};
use crate::{context::use_send, views::parts::ProblemNote, words};

/// The keys plugged in; one that cannot be used says why.
///
/// - `keys`: the keys.
/// - `problem`: why the last one went.
#[component]
pub fn ChooseKey(keys: Vec<AdminCard>, problem: Option<Problem>) -> Element {
    let usable = keys.iter().any(|card| card.problem.is_none());
    let (title, text) = match keys.len() {
        _ if !usable => (t!("admin-gate-insert-title"), t!("gate-choose-unusable")),
        1 => (t!("gate-choose-one-title"), t!("gate-choose-one")),
        _ => (t!("gate-choose-title"), t!("admin-gate-choose-text")),
    };
    rsx! {
        GateCard { title, text, testid: "gate-choose",
            if let Some(problem) = problem {
                ProblemNote { problem }
            }
            ul { class: "key-list", "aria-label": t!("gate-choose-list"),
                for card in keys {
                    li { key: "{card.id.0}", KeyRow { card } }
                }
            }
        }
    }
}

/// A key to press, or why it cannot be.
///
/// - `card`: the key.
#[component]
fn KeyRow(card: AdminCard) -> Element {
    let send = use_send();
    let (id, testid) = (card.id.clone(), format!("key-{}", card.serial));
    rsx! {
        match card.problem.clone() {
            None => rsx! {
                button {
                    class: "key-row",
                    r#type: "button",
                    "data-testid": testid,
                    onclick: move |_| send.send(Command::Choose(id.clone())),
                    Icon { name: IconName::Key }
                    KeyFace { card }
                    Icon { name: IconName::ChevronRight }
                }
            },
            Some(problem) => {
                let told = words::problem(&problem);
                rsx! {
                    div { class: "key-row is-useless",
                        Icon { name: IconName::Warning }
                        span { class: "key-face",
                            KeyFace { card }
                            strong { class: "key-face-problem", {told.headline} }
                            span { class: "key-face-line", {told.what_to_do} }
                        }
                    }
                }
            }
        }
    }
}
