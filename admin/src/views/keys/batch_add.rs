//! Ways to put customers into a batch: searched, pasted, or from a file.

use dioxus::prelude::*;
use gridkey_kit::{form::Choice, prelude::*};
use gridkey_protocol::ops::admin::customers::CustomerLine;

use super::find::FindCustomer;
use crate::logic::batch::{Listed, read};

/// A way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Search,
    Paste,
}

/// Search, or paste and file.
///
/// - `onfound`: a customer was found.
/// - `onlisted`: a list was read.
#[component]
pub(super) fn Add(onfound: EventHandler<CustomerLine>, onlisted: EventHandler<Listed>) -> Element {
    let mut way = use_signal(|| Way::Search);
    rsx! {
        div { class: "stack",
            Segmented {
                label: t!("keys-batch-add"),
                choices: vec![
                    Choice::new(Way::Search, t!("keys-batch-search")),
                    Choice::new(Way::Paste, t!("keys-batch-paste")),
                ],
                value: way(),
                testid: "batch-way",
                onchange: move |chosen| way.set(chosen),
            }
            match way() {
                Way::Search => rsx! {
                    FindCustomer { label: t!("keys-find"), autofocus: true, onchoose: move |line| onfound.call(line) }
                },
                Way::Paste => rsx! {
                    Paste { onlisted }
                },
            }
        }
    }
}

/// A field for a pasted list, and a file.
///
/// - `onlisted`: a list was read.
#[component]
fn Paste(onlisted: EventHandler<Listed>) -> Element {
    let mut text = use_signal(String::new);
    let mut unreadable = use_signal(|| false);
    let open = move |event: FormEvent| async move {
        let Some(file) = event.files().into_iter().next() else { return };
        match file.read_string().await {
            Ok(content) => {
                unreadable.set(false);
                onlisted.call(read(&content));
            }
            Err(_) => unreadable.set(true),
        }
    };
    rsx! {
        div { class: "stack-tight",
            Field {
                label: t!("keys-batch-list"),
                value: text(),
                lines: 5,
                hint: t!("keys-batch-list-hint"),
                autofocus: true,
                testid: "batch-text",
                oninput: move |typed| text.set(typed),
            }
            div { class: "row",
                Button {
                    testid: "batch-take",
                    onclick: move |_| {
                        let listed = read(&text.peek());
                        text.set(String::new());
                        onlisted.call(listed);
                    },
                    {t!("keys-batch-take")}
                }
                label { class: "button button-quiet file-button",
                    Icon { name: IconName::Table, size: 18 }
                    span { {t!("keys-batch-file")} }
                    input {
                        r#type: "file",
                        class: "visually-hidden",
                        accept: ".csv,.txt,text/csv,text/plain",
                        "data-testid": "batch-file",
                        onchange: open,
                    }
                }
            }
            div { role: "alert",
                if unreadable() {
                    p { class: "field-error", {t!("keys-batch-file-bad")} }
                }
            }
        }
    }
}
