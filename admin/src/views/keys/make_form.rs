//! What is needed to make a key: for whom, on which token, and the token's PIN.

use dioxus::prelude::*;
use gridkey_desk::{
    issue::{Holder, IssueOrder},
    office::{Command, Job, MakeOrder, MakingCommand, TokenChoice, TokenId},
};
use gridkey_domain::CustomerNo;
use gridkey_kit::{form::Pin as Typed, prelude::*};
use gridkey_protocol::{frame::Role, ops::admin::keys::AdminName};

use super::{
    back::back,
    make_key::{MakesNone, makes},
    so_pin::{BadSoPin, SoPin, take},
    tokens::{Looked, Tokens},
    whom::{Whom, WhomError, WhomFor},
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    logic::{
        making::{LABEL, is_label, label},
        reason::reason,
    },
    route::{CustomerChoice, KeyChoice},
};

/// Three steps on one page, in the order in which a person takes them, and one button at their end.
///
/// - `customer`: for whom, if that is known.
/// - `replaces`: the key in whose place it is bound, if that is known.
#[component]
pub(super) fn MakeForm(customer: CustomerChoice, replaces: KeyChoice) -> Element {
    let Some(makes) = makes() else {
        return rsx! {
            Page { title: t!("keys-make"), back: back(), narrow: true, testid: "make-key-form", MakesNone {} }
        };
    };
    let send = use_send();
    let readers = use_desk().readers();
    let whom = use_signal(|| Whom { customer: customer.0, instead: replaces.0, ..Whom::default() });
    let mut own_label = use_signal(|| None::<String>);
    let mut chosen = use_signal(|| None::<TokenId>);
    let mut erase = use_signal(|| false);
    let (pin, again) = (use_signal(Typed::default), use_signal(Typed::default));
    let mut told = use_signal(|| None::<Faults>);
    // A blank token that is the only one is meant.
    use_effect(move || {
        let readers = readers.read();
        let here = |id: &TokenId| readers.tokens.iter().any(|token| token.id == *id);
        if chosen.peek().as_ref().is_some_and(|id| !here(id)) {
            chosen.set(None);
            erase.set(false);
        }
        if let [only] = readers.blanks().collect::<Vec<_>>().as_slice()
            && chosen.peek().is_none()
        {
            chosen.set(Some(only.id.clone()));
        }
    });
    let token = chosen().and_then(|id| readers.read().tokens.iter().find(|token| token.id == id).cloned());
    let fresh = token.as_ref().is_none_or(|token| token.blank);
    let text = own_label().unwrap_or_else(|| label(&whom.read().default_label()));
    let asked = text.clone();
    let make = move |event: FormEvent| {
        event.prevent_default();
        let now = whom.peek().clone();
        let whom_error = now.check(makes).err();
        let label_error = (!is_label(&asked)).then_some(());
        let token_error = match &token {
            None => Some(TokenError::None),
            Some(token) if !token.blank && !erase() => Some(TokenError::NotErased),
            Some(_) => None,
        };
        let complete = whom_error.is_none() && label_error.is_none() && token_error.is_none();
        // The typed PIN is taken out of its field only when it is sent.
        let pin = if complete { take(pin, again, fresh).map_err(Some) } else { Err(None) };
        match (pin, now.job(makes, &asked), &token) {
            (Ok(so_pin), Some(job), Some(token)) => {
                let token = Some(TokenChoice { token: token.id.clone(), erase: !token.blank });
                send.send(Command::Making(MakingCommand::Begin(MakeOrder { jobs: vec![job], so_pin, token })));
            }
            (pin, ..) => {
                let so_pin = pin.err().flatten();
                told.set(Some(Faults { whom: whom_error, label: label_error.is_some(), token: token_error, so_pin }));
            }
        }
    };
    let faults = told().unwrap_or_default();
    rsx! {
        Page { title: t!("keys-make"), subtitle: t!("keys-make-text"), back: back(), testid: "make-key-form",
            div { class: "split",
                div { class: "split-main",
                    Card { title: t!("keys-step-whom"), class: "numbered",
                        WhomFor { makes, whom, error: faults.whom }
                    }
                    Card { title: t!("keys-step-token"), class: "numbered",
                        div { class: "stack",
                            Tokens {
                                looked: Looked::ToMake,
                                chosen: chosen(),
                                erase: erase(),
                                error: faults.token.map(TokenError::text),
                                onchoose: move |id| {
                                    chosen.set(Some(id));
                                    erase.set(false);
                                    told.set(None);
                                },
                                onerase: move |on| erase.set(on),
                            }
                            Field {
                                label: t!("keys-label"),
                                value: text,
                                hint: t!("keys-label-hint", most = LABEL),
                                error: faults.label.then(|| t!("keys-label-bad", most = LABEL)),
                                maxlength: 32,
                                testid: "token-label",
                                oninput: move |typed| own_label.set(Some(typed)),
                            }
                        }
                    }
                }
                div { class: "split-side",
                    Card { title: t!("keys-step-pin"), class: "numbered",
                        form { class: "stack", onsubmit: make,
                            SoPin { pin, again, fresh, bad: faults.so_pin }
                            p { class: "make-sum", role: "status", {summary(&whom.read(), makes)} }
                            Button {
                                kind: ButtonKind::Primary,
                                icon: IconName::Key,
                                wide: true,
                                submit: true,
                                testid: "make-begin",
                                {t!("keys-make-begin")}
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong with each part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Faults {
    whom: Option<WhomError>,
    label: bool,
    token: Option<TokenError>,
    so_pin: Option<BadSoPin>,
}

/// What is wrong with the choice of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenError {
    None,
    NotErased,
}

impl TokenError {
    fn text(self) -> String {
        match self {
            Self::None => t!("keys-token-choose"),
            Self::NotErased => t!("keys-token-not-erased"),
        }
    }
}

/// What the button will do, in a sentence.
fn summary(whom: &Whom, makes: Role) -> String {
    match (makes, &whom.customer) {
        (Role::Customer, Some(customer)) if whom.instead.is_some() => {
            t!("keys-make-sum-instead", customer = customer.as_str())
        }
        (Role::Customer, Some(customer)) => t!("keys-make-sum-customer", customer = customer.as_str()),
        (Role::Admin, _) if !whom.post.is_empty() => t!("keys-make-sum-admin", name = &whom.post),
        _ => t!("keys-make-sum-nobody"),
    }
}

impl Whom {
    /// What the token is called unless somebody says otherwise.
    fn default_label(&self) -> String {
        self.customer.as_ref().map_or_else(|| self.post.clone(), |customer: &CustomerNo| customer.to_string())
    }

    /// The job, if everything that it needs is there.
    fn job(&self, makes: Role, label: &str) -> Option<Job> {
        let (holder, name) = match makes {
            Role::Customer => (Holder::Customer(self.customer.clone()?), self.name.clone()),
            _ => (Holder::Admin(AdminName { name: self.post.clone(), role: self.role }), String::new()),
        };
        let replaces = match self.instead.filter(|_| makes == Role::Customer) {
            Some(old) => Some((old, reason(&self.reason).ok()?)),
            None => None,
        };
        let bind = self.bind || replaces.is_some();
        Some(Job { order: IssueOrder { holder, replaces, bind }, label: label.trim().to_owned(), name })
    }
}
