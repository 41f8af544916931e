//! What of the chain is shown.

use dioxus::prelude::*;
use gridkey_kit::{form::Choice, prelude::*};

use crate::logic::audit::{Filter, Kind};

/// Search, kind, and an entry to go back to.
///
/// - `filter`: what is chosen; receives what is.
/// - `until`: the newest entry shown; the newest of all without one.
#[component]
pub(super) fn Filters(filter: Signal<Filter>, until: Signal<Option<u64>>) -> Element {
    let (mut filter, mut until) = (filter, until);
    let mut number = use_signal(String::new);
    let now = filter();
    rsx! {
        div { class: "toolbar", role: "search",
            div { class: "keys-search",
                Field {
                    label: t!("audit-search"),
                    label_hidden: true,
                    kind: InputKind::Search,
                    placeholder: t!("audit-search"),
                    value: now.text,
                    testid: "audit-search",
                    oninput: move |text| filter.write().text = text,
                }
            }
            div { class: "row",
                div { class: "keys-select",
                    Select {
                        label: t!("audit-kind"),
                        label_hidden: true,
                        choices: Kind::ALL.map(|kind| Choice::new(kind, t!(&format!("audit-kind-{}", kind.word())))).to_vec(),
                        value: now.kind,
                        testid: "audit-kind",
                        onchange: move |kind| filter.write().kind = kind,
                    }
                }
                form {
                    class: "audit-jump",
                    onsubmit: move |event| {
                        event.prevent_default();
                        until.set(number.peek().trim().parse().ok());
                    },
                    Field {
                        label: t!("audit-jump"),
                        label_hidden: true,
                        kind: InputKind::Digits,
                        placeholder: t!("audit-jump"),
                        value: number(),
                        testid: "audit-until",
                        oninput: move |text| number.set(text),
                    }
                    Button { submit: true, testid: "audit-go", {t!("audit-go")} }
                    if until().is_some() {
                        Button {
                            kind: ButtonKind::Quiet,
                            testid: "audit-newest",
                            onclick: move |_| {
                                number.set(String::new());
                                until.set(None);
                            },
                            {t!("audit-newest")}
                        }
                    }
                }
            }
        }
    }
}
