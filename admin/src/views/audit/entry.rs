//! An entry of the chain: a row, and all of it below when it is opened.

use dioxus::prelude::*;
use gridkey_desk::office::AuditLine;
use gridkey_kit::prelude::*;

use super::words;
use crate::{
    logic::{
        audit::{cut, summary},
        keys::{key_name, short},
    },
    route::{Fingerprint, Route},
    views::keys::Actor,
};

/// A row: number, time, what happened, to whom, by whom.
///
/// - `line`: the entry.
/// - `open`: all of it is shown below.
/// - `onopen`: that is to change.
#[component]
pub(super) fn Entry(line: AuditLine, open: bool, onopen: EventHandler<()>) -> Element {
    let told: Vec<String> =
        summary(&line).into_iter().map(|(name, value)| words::named(name, &told(name, value))).collect();
    let number = line.number;
    rsx! {
        Row { testid: "entry-{number}",
            Cell { column: t!("audit-column-number"), numeric: true, "{number}" }
            Cell { column: t!("audit-column-time"),
                span { class: "nowrap", {format::date_time(language(), line.at)} }
            }
            Cell { header: true,
                span { title: line.event.clone(), {words::event(&line.event)} }
                if !told.is_empty() {
                    span { class: "cell-meta", {told.join(" · ")} }
                }
            }
            Cell { column: t!("audit-column-customer"),
                if let Some(customer) = line.customer.clone() {
                    Link { class: "link", to: Route::Customer { no: customer.clone() }, {customer.to_string()} }
                } else {
                    span { class: "muted", "–" }
                }
            }
            Cell { column: t!("audit-column-actor"), Actor { actor: line.actor.clone() } }
            Cell {
                button {
                    class: "icon-button",
                    r#type: "button",
                    "aria-expanded": if open { "true" } else { "false" },
                    "aria-label": t!("audit-open", number = number),
                    "data-testid": "open-{number}",
                    onclick: move |_| onopen.call(()),
                    Icon { name: if open { IconName::ChevronUp } else { IconName::ChevronDown }, size: 18 }
                }
            }
        }
    }
}

/// A fact's value for a row: a key by its beginning, what is long cut in its middle.
fn told(name: &str, value: &str) -> String {
    match key_name(value).filter(|_| name == "key") {
        Some(key) => short(&key),
        None => cut(&words::value(name, value)),
    }
}

/// All of an entry: its facts and the hashes that tie it to the chain.
///
/// - `line`: the entry.
#[component]
pub(super) fn Opened(line: AuditLine) -> Element {
    rsx! {
        tr { class: "entry-open", role: "row", "data-testid": "facts-{line.number}",
            td { role: "cell", colspan: "6",
                Pairs { class: "pairs-tight entry-facts",
                    Pair { term: t!("audit-word"),
                        span { class: "mono", {line.event.clone()} }
                    }
                    for (name , value) in line.facts.clone() {
                        Pair { key: "{name}", term: words::fact(&name), Value { name: name.clone(), value } }
                    }
                    Pair { term: t!("audit-hash"),
                        span { class: "mono", {line.hash.to_string()} }
                    }
                    Pair { term: t!("audit-previous"),
                        span { class: "mono", {line.previous.to_string()} }
                    }
                }
            }
        }
    }
}

/// A fact's value: a key leads to its page, a payment to its own; what is long folds away.
///
/// - `name`: the fact's name.
/// - `value`: its value.
#[component]
fn Value(name: String, value: String) -> Element {
    let value = words::value(&name, &value);
    if value.is_empty() || value == "–" {
        return rsx! {
            span { class: "muted", {t!("audit-nothing")} }
        };
    }
    if name == "key"
        && let Some(key) = key_name(&value)
    {
        return rsx! {
            Link { class: "link mono", to: Route::Key { fingerprint: Fingerprint(key) }, {short(&key)} }
        };
    }
    let long = value.chars().count() > 80;
    let hex = value.len() > 12 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    rsx! {
        if long {
            details { class: "fact-long",
                summary { class: "mono", {cut(&value)} }
                p { class: "mono fact-whole", {value} }
            }
        } else {
            span { class: if hex { "mono" }, {value} }
        }
    }
}
