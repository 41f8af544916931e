//! A key being made: for whom it is, and what is waited for.

use dioxus::prelude::*;
use gridkey_desk::{
    issue::Holder,
    office::{Command, Job, MakingCommand, Phase, TokenChoice, TokenId},
};
use gridkey_kit::prelude::*;

use super::tokens::{Looked, Tokens};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    views::parts::{AskOnce, ProblemNote},
    words,
};

/// For whom a job is: number and name, or post and role.
pub(super) fn job_holder(job: &Job) -> String {
    match &job.order.holder {
        Holder::Customer(customer) if job.name.is_empty() => t!("keys-holder-customer", customer = customer.as_str()),
        Holder::Customer(customer) => {
            t!("keys-holder-named", customer = customer.as_str(), name = &job.name)
        }
        Holder::Admin(admin) => t!("keys-holder-admin", name = &admin.name, role = words::role(admin.role)),
    }
}

/// What the person at the desk does now: put a token in, leave it, put it back, take it out.
///
/// - `phase`: what happens or is waited for.
/// - `name`: for whom; empty where the page's title says it.
#[component]
pub(super) fn Waits(phase: Phase, #[props(into)] name: String) -> Element {
    match phase {
        Phase::AwaitToken { problem } => rsx! {
            Await { problem, name }
        },
        Phase::Working => rsx! {
            Told { icon: IconName::Lock, title: t!("keys-working"), name, text: t!("keys-working-text"), busy: true }
        },
        Phase::TokenAway { serial } => rsx! {
            Away { serial, name }
        },
        Phase::TakeOut { serial } => rsx! {
            Told { icon: IconName::Check, title: t!("keys-take-out"), name, text: t!("keys-take-out-text", serial = serial) }
        },
        Phase::Finished => rsx! {
            Told { icon: IconName::Check, title: t!("keys-finished"), text: String::new() }
        },
    }
}

/// An instruction in large letters.
///
/// - `icon`: its sign.
/// - `title`: what to do.
/// - `name`: for whom, where that is not said elsewhere.
/// - `text`: what happens then.
/// - `busy`: something is being done.
#[component]
fn Told(
    icon: IconName,
    #[props(into)] title: String,
    #[props(into, default)] name: String,
    #[props(into)] text: String,
    #[props(default)] busy: bool,
) -> Element {
    rsx! {
        div { class: "told", role: "status", "data-testid": "told",
            span { class: "told-sign", class: if busy { "is-busy" }, Icon { name: icon, size: 28 } }
            div {
                p { class: "told-title", {title} }
                if !name.is_empty() {
                    p { class: "told-name", {name} }
                }
                if !text.is_empty() {
                    p { class: "muted", {text} }
                }
            }
        }
    }
}

/// A token is waited for; one that is there can be chosen.
///
/// - `problem`: why the last one will not do.
/// - `name`: for whom.
#[component]
fn Await(problem: Option<gridkey_desk::office::Problem>, name: String) -> Element {
    let send = use_send();
    let readers = use_desk().readers();
    let mut chosen = use_signal(|| None::<TokenId>);
    let mut erase = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    // The only blank one is meant; a press takes it.
    use_effect(move || {
        if let [only] = readers.read().blanks().collect::<Vec<_>>().as_slice()
            && chosen.peek().is_none()
        {
            chosen.set(Some(only.id.clone()));
        }
    });
    let token = chosen().and_then(|id| readers.read().tokens.iter().find(|token| token.id == id).cloned());
    let some = !readers.read().tokens.is_empty() || readers.read().problem.is_some();
    rsx! {
        div { class: "stack",
            Told { icon: IconName::Key, title: t!("keys-put-in"), name, text: t!("keys-put-in-text") }
            if let Some(problem) = problem {
                ProblemNote { problem }
            }
            if !some {
                Spinner { what: t!("keys-put-in-watching") }
            }
            if some {
                Tokens {
                    looked: Looked::ToMake,
                    chosen: chosen(),
                    erase: erase(),
                    error: error(),
                    onchoose: move |id| {
                        chosen.set(Some(id));
                        erase.set(false);
                        error.set(None);
                    },
                    onerase: move |on| erase.set(on),
                }
                div { class: "row",
                    Button {
                        kind: ButtonKind::Primary,
                        disabled: token.is_none(),
                        testid: "use-token",
                        onclick: move |_| {
                            let Some(token) = &token else { return };
                            if !token.blank && !erase() {
                                error.set(Some(t!("keys-token-not-erased")));
                                return;
                            }
                            let choice = TokenChoice { token: token.id.clone(), erase: !token.blank };
                            send.send(Command::Making(MakingCommand::Use(choice)));
                        },
                        {t!("keys-use-token")}
                    }
                }
            }
        }
    }
}

/// The token was pulled out in the middle.
///
/// - `serial`: the number of the only one that goes on.
/// - `name`: for whom.
#[component]
fn Away(serial: String, name: String) -> Element {
    let send = use_send();
    let mut asking = use_signal(|| false);
    let readers = use_desk().readers();
    let other = readers.read().tokens.iter().any(|token| token.serial != serial);
    rsx! {
        div { class: "stack",
            div { class: "told is-away", role: "alert", "data-testid": "token-away",
                span { class: "told-sign", Icon { name: IconName::Warning, size: 28 } }
                div {
                    p { class: "told-title", {t!("keys-away")} }
                    if !name.is_empty() {
                        p { class: "told-name", {name} }
                    }
                    p { {t!("keys-away-text", serial = &serial)} }
                    if other {
                        p { class: "muted", {t!("keys-away-other")} }
                    }
                }
            }
            div { class: "row",
                Spinner { what: t!("keys-away-waiting", serial = &serial) }
                Button { kind: ButtonKind::Quiet, testid: "give-up", onclick: move |_| asking.set(true), {t!("keys-give-up")} }
            }
            if asking() {
                AskOnce {
                    title: t!("keys-give-up-title"),
                    text: t!("keys-give-up-text"),
                    yes: t!("keys-give-up"),
                    no: t!("keys-give-up-no"),
                    onyes: move |()| {
                        asking.set(false);
                        send.send(Command::Making(MakingCommand::GiveUp));
                    },
                    onclose: move |()| asking.set(false),
                }
            }
        }
    }
}
