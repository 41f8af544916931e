//! Contact and address, which the customer changes.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Doing};
use gridkey_domain::account::{Account, AccountUpdate};
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    views::parts::ProblemNote,
};

/// The most bytes the server takes.
const LONGEST: usize = 200;

/// Contact and address, to read or to change.
///
/// - `account`: the account.
#[component]
pub(super) fn Contact(account: Account) -> Element {
    let app = use_app();
    let online = app.connection().read().is_online();
    let mut editing = use_signal(|| false);
    let or_none = |text: &str| if text.is_empty() { t!("account-none") } else { text.to_owned() };
    rsx! {
        Card { title: t!("account-contact-title"), testid: "contact",
            if editing() {
                Edit { contact: account.contact.clone(), address: account.address.clone(), onend: move |()| editing.set(false) }
            } else {
                Pairs {
                    Pair { term: t!("account-contact"), testid: "contact-value", {or_none(&account.contact)} }
                    Pair { term: t!("account-address"), testid: "address-value", {or_none(&account.address)} }
                }
                div { class: "row card-actions",
                    Button { disabled: !online, testid: "edit-contact", onclick: move |_| editing.set(true),
                        {t!("account-contact-edit")}
                    }
                }
                if !online {
                    p { class: "card-note", {t!("account-contact-offline")} }
                }
            }
        }
    }
}

/// The form.
///
/// - `contact`, `address`: as they are.
/// - `onend`: it was saved or left.
#[component]
fn Edit(contact: String, address: String, onend: EventHandler<()>) -> Element {
    let (app, send) = (use_app(), use_send());
    let mut new_contact = use_signal(|| contact.clone());
    let mut new_address = use_signal(|| address.clone());
    let mut judged = use_signal(|| false);
    let doing = app.account_change();
    let busy = *doing.read() == Doing::Busy;
    use_saved(onend);
    let submit = move |event: FormEvent| {
        event.prevent_default();
        judged.set(true);
        let (new_contact, new_address) = (new_contact.peek().trim().to_owned(), new_address.peek().trim().to_owned());
        if busy || fault(&new_contact).is_some() || fault(&new_address).is_some() {
            return;
        }
        let changed = |new: String, old: &str| (new != old).then_some(new);
        let update = AccountUpdate { contact: changed(new_contact, &contact), address: changed(new_address, &address) };
        if update == AccountUpdate::default() {
            onend.call(());
        } else {
            send.send(Command::UpdateAccount(update));
        }
    };
    let error = |value: &str| fault(value.trim()).filter(|_| judged());
    rsx! {
        form { class: "stack", onsubmit: submit,
            if let Doing::Failed(problem) = doing.cloned() {
                ProblemNote { problem }
            }
            Field {
                label: t!("account-contact"),
                value: new_contact(),
                error: error(&new_contact.read()),
                disabled: busy,
                autofocus: true,
                autocomplete: "on",
                testid: "contact-field",
                oninput: move |value| new_contact.set(value),
            }
            Field {
                label: t!("account-address"),
                value: new_address(),
                error: error(&new_address.read()),
                disabled: busy,
                autocomplete: "street-address",
                testid: "address-field",
                oninput: move |value| new_address.set(value),
            }
            div { class: "row",
                Button { kind: ButtonKind::Primary, submit: true, busy, testid: "save-contact", {t!("account-contact-save")} }
                Button { disabled: busy, onclick: move |_| onend.call(()), {t!("do-cancel")} }
            }
        }
    }
}

/// What is wrong with a value, in a sentence.
fn fault(value: &str) -> Option<String> {
    if value.is_empty() {
        Some(t!("account-contact-empty"))
    } else if value.len() > LONGEST || value.chars().any(char::is_control) {
        Some(t!("account-contact-long"))
    } else {
        None
    }
}

/// Ends the form when the change that it began has come about.
fn use_saved(onend: EventHandler<()>) {
    let app = use_app();
    let mut was_busy = use_hook(|| CopyValue::new(false));
    use_effect(move || {
        let now = app.account_change().cloned();
        let began = std::mem::replace(&mut *was_busy.write(), now == Doing::Busy);
        if began && now == Doing::Idle {
            onend.call(());
        }
    });
}
