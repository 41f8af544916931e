//! Finding a customer by number or name.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::customers::CustomerLine;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    views::parts::ProblemNote,
};

/// The most customers shown under the field.
const SHOWN: usize = 6;

/// A customer's name in the language spoken.
pub(super) fn name_of(line: &CustomerLine) -> String {
    match language() {
        Language::Chinese if !line.name_zh.is_empty() => line.name_zh.clone(),
        _ => line.name.clone(),
    }
}

/// A search for customers, of whom one is chosen. Enter takes the first.
///
/// - `label`: what the field is for.
/// - `error`: what is wrong with the choice.
/// - `autofocus`: takes the keyboard when it appears.
/// - `onchoose`: one was chosen.
#[component]
pub(super) fn FindCustomer(
    #[props(into)] label: String,
    error: Option<String>,
    #[props(default)] autofocus: bool,
    onchoose: EventHandler<CustomerLine>,
) -> Element {
    let mut text = use_signal(String::new);
    let wanted = text.read().trim().to_owned();
    use_want(Topic::Customers(wanted.clone()));
    let section = use_desk().customers().read().get(&wanted).cloned().unwrap_or_default();
    let found: Vec<CustomerLine> = section.get().map(|paged| paged.items.clone()).unwrap_or_default();
    let more = found.len() > SHOWN || section.get().is_some_and(|paged| paged.more);
    let first = found.first().cloned();
    let known = section.get().is_some();
    rsx! {
        div {
            class: "find-customer",
            onkeydown: move |event| {
                if event.key() == Key::Enter {
                    event.prevent_default();
                    if let Some(first) = first.clone() {
                        onchoose.call(first);
                        text.set(String::new());
                    }
                }
            },
            Field {
                label,
                kind: InputKind::Search,
                value: text(),
                placeholder: t!("keys-find-like"),
                error,
                autofocus,
                testid: "find-customer",
                oninput: move |typed| text.set(typed),
            }
            if let Some(problem) = section.problem.clone().filter(|_| !known) {
                ProblemNote { problem }
            } else if !known {
                Skeleton { what: t!("keys-find-loading"), shape: Shape::Rows, lines: 2 }
            } else if found.is_empty() {
                p { class: "muted found-none", role: "status", {t!("keys-find-none", text = &wanted)} }
            } else {
                ul { class: "found", "aria-label": t!("keys-found"),
                    for line in found.into_iter().take(SHOWN) {
                        li { key: "{line.customer}",
                            button {
                                class: "found-one",
                                r#type: "button",
                                "data-testid": "found-{line.customer}",
                                onclick: {
                                    let line = line.clone();
                                    move |_| {
                                        onchoose.call(line.clone());
                                        text.set(String::new());
                                    }
                                },
                                span { class: "found-number", {line.customer.to_string()} }
                                span { class: "found-name", {name_of(&line)} }
                            }
                        }
                    }
                }
                if more {
                    p { class: "field-hint", {t!("keys-find-more")} }
                }
            }
        }
    }
}
