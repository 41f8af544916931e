//! What of all keys is shown.

use dioxus::prelude::*;
use gridkey_desk::office::KeyQuery;
use gridkey_domain::{CustomerNo, key::KeyState};
use gridkey_kit::{form::Choice, prelude::*};

use super::words;

/// The fewest characters of a search that may be a customer's whole number.
const NUMBER: usize = 8;

/// What is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    /// In this state.
    pub state: Option<KeyState>,
    /// Administrators' or customers' only.
    pub admins: Option<bool>,
    /// What is searched for.
    pub text: String,
}

impl Chosen {
    /// The list to ask for.
    pub(super) fn query(&self) -> KeyQuery {
        KeyQuery { state: self.state, admins: self.admins, ..KeyQuery::default() }
    }

    /// The list of the customer whose number was typed, if it may be one.
    pub(super) fn of_customer(&self) -> Option<KeyQuery> {
        let text = self.text.trim();
        let digits = text.len() >= NUMBER && text.bytes().all(|byte| byte.is_ascii_digit());
        let customer = digits.then(|| text.parse::<CustomerNo>().ok()).flatten()?;
        Some(KeyQuery { customer: Some(customer), ..self.query() })
    }

    /// Whether anything is left out.
    pub(super) fn is_narrow(&self) -> bool {
        *self != Self::default()
    }
}

/// Search, whose, and state.
///
/// - `chosen`: what is chosen; receives what is.
#[component]
pub(super) fn Filters(chosen: Signal<Chosen>) -> Element {
    let mut chosen = chosen;
    let now = chosen();
    let states = KeyState::ALL.into_iter().filter(|state| *state != KeyState::Blank);
    let states: Vec<_> = std::iter::once(Choice::new(None, t!("keys-state-any")))
        .chain(states.map(|state| Choice::new(Some(state), words::state(state))))
        .collect();
    rsx! {
        div { class: "toolbar", role: "search",
            div { class: "keys-search",
                Field {
                    label: t!("keys-search"),
                    label_hidden: true,
                    kind: InputKind::Search,
                    placeholder: t!("keys-search"),
                    value: now.text,
                    testid: "key-search",
                    oninput: move |text| chosen.write().text = text,
                }
            }
            div { class: "row",
                Segmented {
                    label: t!("keys-whose"),
                    choices: vec![
                        Choice::new(None, t!("keys-whose-all")),
                        Choice::new(Some(false), t!("keys-whose-customers")),
                        Choice::new(Some(true), t!("keys-whose-admins")),
                    ],
                    value: now.admins,
                    testid: "key-whose",
                    onchange: move |admins| chosen.write().admins = admins,
                }
                div { class: "keys-select",
                    Select {
                        label: t!("keys-column-state"),
                        label_hidden: true,
                        choices: states,
                        value: now.state,
                        testid: "key-state-filter",
                        onchange: move |state| chosen.write().state = state,
                    }
                }
            }
        }
    }
}
