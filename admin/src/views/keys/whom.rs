//! For whom a key is made: a customer, beside its keys or in the place of one, or an administrator's post.

use dioxus::prelude::*;
use gridkey_desk::office::{KeyName, Topic};
use gridkey_domain::{CustomerNo, key::AdminRole};
use gridkey_kit::{form::Choice, prelude::*};
use gridkey_protocol::{
    frame::Role,
    ops::admin::{customers::CustomerLine, keys::KeyDetail},
};

use super::{
    bind_dialog::Places,
    end_dialog::bad_reason,
    find::{FindCustomer, name_of},
    words::is_typed,
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_me, use_wants},
    logic::{
        keys::KeyAct,
        making::is_post,
        reason::{BadReason, reason},
    },
    views::parts::ProblemNote,
    words,
};

/// What is known so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whom {
    /// The customer.
    pub customer: Option<CustomerNo>,
    /// Its name, for the letter.
    pub name: String,
    /// The key in whose place the new one is bound.
    pub instead: Option<KeyName>,
    /// Why, as typed.
    pub reason: String,
    /// Whether it is bound at once.
    pub bind: bool,
    /// The administrator's post.
    pub post: String,
    /// What that administrator may do.
    pub role: AdminRole,
}

impl Default for Whom {
    fn default() -> Self {
        Self {
            customer: None,
            name: String::new(),
            instead: None,
            reason: String::new(),
            bind: true,
            post: String::new(),
            role: AdminRole::Operator,
        }
    }
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhomError {
    /// No customer was chosen.
    Customer,
    /// The post is none that a certificate takes.
    Post,
    /// The reason for taking another's place.
    Reason(BadReason),
}

impl Whom {
    /// Whether a key can be made for it.
    pub(super) fn check(&self, makes: Role) -> Result<(), WhomError> {
        match makes {
            Role::Customer if self.customer.is_none() => Err(WhomError::Customer),
            Role::Customer if self.instead.is_some() => reason(&self.reason).map(|_| ()).map_err(WhomError::Reason),
            Role::Customer => Ok(()),
            _ if is_post(&self.post) => Ok(()),
            _ => Err(WhomError::Post),
        }
    }
}

/// For whom the key is.
///
/// - `makes`: whose keys the administrator makes.
/// - `whom`: what is known; receives what is chosen.
/// - `error`: what is wrong with it.
#[component]
pub(super) fn WhomFor(makes: Role, whom: Signal<Whom>, error: Option<WhomError>) -> Element {
    match (makes, whom.read().customer.clone()) {
        (Role::Customer, Some(customer)) => rsx! {
            Chosen { key: "{customer}", customer, whom, error }
        },
        (Role::Customer, None) => rsx! {
            FindCustomer {
                label: t!("keys-find"),
                error: (error == Some(WhomError::Customer)).then(|| t!("keys-find-first")),
                autofocus: true,
                onchoose: move |line: CustomerLine| {
                    let mut whom = whom;
                    let mut now = whom.write();
                    now.name = name_of(&line);
                    now.customer = Some(line.customer);
                },
            }
        },
        _ => rsx! {
            Post { whom, error }
        },
    }
}

/// The customer chosen, its keys, and where the new one goes.
///
/// - `customer`: the customer.
/// - `whom`: receives what is chosen.
/// - `error`: what is wrong with it.
#[component]
fn Chosen(customer: CustomerNo, whom: Signal<Whom>, error: Option<WhomError>) -> Element {
    let mut whom = whom;
    use_wants(vec![Topic::Customer(customer.clone())]);
    let section = use_desk().customer().read().get(&customer).cloned().unwrap_or_default();
    let me = use_me();
    let account = section.get().map(|detail| detail.account.clone());
    let name = account.map(|account| match language() {
        Language::Chinese if !account.name_zh.is_empty() => account.name_zh,
        _ => account.name,
    });
    let known = name.clone().unwrap_or_default();
    use_effect(use_reactive!(|known| {
        if !known.is_empty() && whom.peek().name != known {
            whom.write().name = known;
        }
    }));
    let others: Vec<KeyDetail> = section
        .get()
        .map(|detail| detail.keys.clone())
        .unwrap_or_default()
        .into_iter()
        .filter(|key| me.as_ref().is_some_and(|me| KeyAct::Replace.is_offered(me, key)))
        .collect();
    // Why a key ended is why another takes its place.
    let told = others.iter().find(|key| Some(key.key) == whom.read().instead && key.state.is_ended());
    let told = told.map(|key| key.reason.clone()).filter(|reason| is_typed(reason));
    use_effect(use_reactive!(|told| {
        if let Some(reason) = told.filter(|_| whom.peek().reason.is_empty()) {
            whom.write().reason = reason;
        }
    }));
    let now = whom();
    rsx! {
        div { class: "stack",
            div { class: "hit row-between", "data-testid": "chosen-customer",
                div {
                    p { class: "hit-name", {name.unwrap_or_else(|| now.name.clone())} }
                    p { class: "hit-more", {t!("keys-holder-customer", customer = customer.as_str())} }
                }
                Button {
                    small: true,
                    testid: "other-customer",
                    onclick: move |_| whom.set(Whom::default()),
                    {t!("keys-other-customer")}
                }
            }
            if let Some(problem) = section.problem.clone().filter(|_| section.get().is_none()) {
                ProblemNote { problem }
            }
            if !others.is_empty() {
                Places { others, chosen: now.instead, onchoose: move |place| whom.write().instead = place }
            }
            if now.instead.is_some() {
                Field {
                    label: t!("keys-reason"),
                    value: now.reason,
                    hint: t!("keys-reason-hint"),
                    placeholder: t!("keys-reason-like-replace"),
                    error: match error {
                        Some(WhomError::Reason(bad)) => Some(bad_reason(bad)),
                        _ => None,
                    },
                    testid: "replace-reason",
                    oninput: move |text| whom.write().reason = text,
                }
            } else {
                Checkbox {
                    label: t!("keys-bind-later"),
                    hint: t!("keys-bind-later-hint"),
                    checked: !now.bind,
                    testid: "bind-later",
                    onchange: move |later: bool| whom.write().bind = !later,
                }
            }
        }
    }
}

/// An administrator's post and role.
///
/// - `whom`: receives what is typed.
/// - `error`: what is wrong with it.
#[component]
fn Post(whom: Signal<Whom>, error: Option<WhomError>) -> Element {
    let mut whom = whom;
    let now = whom();
    rsx! {
        div { class: "stack",
            Field {
                label: t!("keys-post"),
                value: now.post,
                hint: t!("keys-post-hint"),
                error: (error == Some(WhomError::Post)).then(|| t!("keys-post-bad")),
                autofocus: true,
                testid: "post",
                oninput: move |text: String| whom.write().post = text.trim().to_owned(),
            }
            div { class: "field",
                span { class: "field-label", "aria-hidden": "true", {t!("keys-post-role")} }
                Segmented {
                    label: t!("keys-post-role"),
                    choices: AdminRole::ALL.map(|role| Choice::new(role, words::role(role))).to_vec(),
                    value: now.role,
                    testid: "post-role",
                    onchange: move |role| whom.write().role = role,
                }
                p { class: "field-hint", {t!(&format!("keys-role-{}-may", now.role))} }
            }
        }
    }
}
