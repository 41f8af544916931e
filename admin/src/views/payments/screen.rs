//! Searching payments.

use dioxus::prelude::*;
use gridkey_desk::office::{PaymentQuery, Topic};
use gridkey_domain::PaymentState;
use gridkey_kit::prelude::*;

use super::PaymentTable;
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_wants},
    kept::use_kept,
    logic::payments::{STATES, Search},
    views::parts::{More, shown, state_words},
};

/// Payments by customer and state; those whose outcome is unknown stand there at first.
#[component]
pub fn Payments() -> Element {
    let mut search = use_kept(Search::default);
    let unknown = || PaymentQuery { customer: None, state: Some(PaymentState::Unknown) };
    let mut query = use_signal(|| search.peek().query().unwrap_or_else(|_| unknown()));
    use_wants(vec![Topic::Payments(query())]);
    let desk = use_desk();
    let payments = desk.payments();
    let section = payments.read().get(&*query.read()).cloned().unwrap_or_default();
    let mut take = move |wanted: Search| {
        if let Ok(wanted) = wanted.query()
            && *query.peek() != wanted
        {
            query.set(wanted);
        }
        search.set(wanted);
    };
    let first = search.read().is_first();
    rsx! {
        Page { title: t!("admin-payments-title"), testid: "payments",
            SearchBar { search: search(), onsearch: take }
            Card { class: "card-flush dense", testid: "payments-found",
                {shown(&section, Topic::Payments(query()), t!("admin-payments-loading"), Shape::Rows, |list| rsx! {
                    if list.items.is_empty() && first {
                        Empty { icon: IconName::Check, title: t!("admin-payments-none-unknown"), text: t!("admin-payments-none-unknown-text") }
                    } else if list.items.is_empty() {
                        Empty {
                            icon: IconName::History,
                            title: t!("admin-payments-none-found"),
                            text: t!("admin-payments-none-found-text"),
                            action: rsx! {
                                Button { testid: "clear-search", onclick: move |_| take(Search::default()), {t!("admin-payments-clear")} }
                            },
                        }
                    } else {
                        PaymentTable { lines: list.items.clone() }
                        More { topic: Topic::Payments(query()), shown: list.items.len(), more: list.more, loading: list.loading }
                    }
                })}
            }
        }
    }
}

/// Customer and state.
///
/// - `search`: what is typed and chosen.
/// - `onsearch`: something else was; the customer's number counts when it is sent or left.
#[component]
fn SearchBar(search: Search, onsearch: EventHandler<Search>) -> Element {
    let mut typed = use_signal(|| search.customer.clone());
    // Taken over where something else than typing changed it.
    let outer = search.customer.clone();
    use_effect(use_reactive!(|outer| {
        if typed.peek().trim() != outer.trim() {
            typed.set(outer);
        }
    }));
    let with_customer = !search.customer.trim().is_empty();
    let wrong = Search { customer: typed(), state: None }.query().is_err();
    // Without a customer there is no "any": the list would be the whole history, oldest first.
    let any = with_customer.then(|| Choice::new(None, t!("admin-payments-state-any")));
    let states = STATES.map(|state| Choice::new(Some(state), state_words(state)));
    let choices: Vec<Choice<Option<PaymentState>>> = any.into_iter().chain(states).collect();
    let shown = if with_customer { search.state } else { Some(search.state.unwrap_or(PaymentState::Unknown)) };
    let state = search.state;
    let submit = move |event: FormEvent| {
        event.prevent_default();
        let customer = typed.peek().trim().to_owned();
        // Somebody who asks for a customer wants all of its payments, unless a state was chosen on purpose.
        onsearch.call(Search { customer, state });
    };
    rsx! {
        form { class: "toolbar", role: "search", onsubmit: submit,
            div { class: "payments-search",
                Field {
                    label: t!("admin-payments-customer"),
                    value: typed(),
                    placeholder: t!("admin-payments-customer-hint"),
                    error: wrong.then(|| t!("admin-payments-customer-wrong")),
                    testid: "payment-customer",
                    oninput: move |text: String| {
                        typed.set(text.clone());
                        if text.trim().is_empty() && with_customer {
                            onsearch.call(Search { customer: String::new(), state });
                        }
                    },
                }
                Select {
                    label: t!("admin-payments-state"),
                    choices,
                    value: shown,
                    testid: "payment-state-choice",
                    onchange: move |state| onsearch.call(Search { customer: typed.peek().trim().to_owned(), state }),
                }
                Button { submit: true, disabled: wrong, testid: "payment-find", {t!("admin-payments-find")} }
            }
        }
    }
}
