//! Making one key, from whom it is for to its hand-over.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Making, MakingCommand, Topic};
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;
use gridkey_protocol::frame::Role;

use super::{batch_progress::BatchProgress, make_form::MakeForm, making::OneMaking};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send, use_want},
    logic::making::{is_over, letters_open},
    route::{CustomerChoice, KeyChoice},
};

/// The form, then the steps, then the hand-over. While keys are made they are shown, whatever the address says.
///
/// - `customer`: for whom, if that is known.
/// - `replaces`: the key in whose place it is bound, if that is known.
#[component]
pub fn MakeKey(customer: CustomerChoice, replaces: KeyChoice) -> Element {
    use_want(Topic::Readers);
    let (desk, send) = (use_desk(), use_send());
    // Who comes here for somebody has done with what is over.
    let (whose, instead) = (customer.clone(), replaces);
    use_effect(use_reactive!(|(whose, instead)| {
        let over = |making: &Making| is_over(making) && letters_open(making) == 0;
        let wanted = whose.0.is_some() || instead.0.is_some();
        if wanted && desk.making().peek().as_ref().is_some_and(over) {
            send.send(Command::Making(MakingCommand::Forget));
        }
    }));
    let making = desk.making().cloned();
    match making {
        Some(making) if making.jobs.len() == 1 => rsx! {
            OneMaking { making, waits: customer.0 }
        },
        Some(making) => rsx! {
            BatchProgress { making, waits: customer.0 }
        },
        None => rsx! {
            // Another address is another form.
            for address in [format!("{customer}/{replaces}")] {
                MakeForm { key: "{address}", customer: customer.clone(), replaces }
            }
        },
    }
}

/// Whose keys the administrator makes, if any.
pub(super) fn makes() -> Option<Role> {
    let me = use_desk().me();
    let me = me.read();
    let me = me.as_ref()?;
    [Role::Customer, Role::Admin].into_iter().find(|role| me.may_make(*role))
}

/// Says for whom the form opens once what is shown is over.
///
/// - `customer`: for whom.
#[component]
pub(super) fn WaitsToo(customer: Option<CustomerNo>) -> Element {
    let Some(customer) = customer else { return rsx! {} };
    rsx! {
        Banner { tone: Tone::Accent, testid: "waits-too", {t!("keys-waits-too", customer = customer.as_str())} }
    }
}

/// Stands where a role makes no keys.
#[component]
pub(super) fn MakesNone() -> Element {
    rsx! {
        Card {
            Empty { icon: IconName::Lock, title: t!("keys-makes-none"), text: t!("keys-makes-none-text") }
        }
    }
}
