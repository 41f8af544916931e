//! Who a customer is and how it is reached.

use dioxus::prelude::*;
use gridkey_domain::account::Account;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::AdminOp;

use super::contact::ContactDialog;
use crate::{context::use_may, views::parts::other_name};

/// Profile and contact.
///
/// - `account`: the customer's account.
#[component]
pub(super) fn Profile(account: Account) -> Element {
    let mut editing = use_signal(|| false);
    let may = use_may(AdminOp::CustomerUpdate);
    let or_none = |text: &str| if text.is_empty() { t!("customers-nothing") } else { text.to_owned() };
    rsx! {
        Card {
            title: t!("customers-profile"),
            testid: "profile",
            aside: rsx! {
                if may {
                    Button {
                        small: true,
                        kind: ButtonKind::Quiet,
                        label: t!("customers-contact-edit-label"),
                        testid: "edit-contact",
                        onclick: move |_| editing.set(true),
                        {t!("customers-contact-edit")}
                    }
                }
            },
            Pairs { class: "pairs-tight",
                if let Some(other) = other_name(&account.name, &account.name_zh) {
                    Pair { term: t!("customers-also"), {other.to_owned()} }
                }
                Pair { term: t!("customers-kind"), {kind(&account.kind)} }
                Pair { term: t!("customers-grade"), {account.grade.clone()} }
                Pair { term: t!("customers-contact"), testid: "contact-value", {or_none(&account.contact)} }
                Pair { term: t!("customers-address"), testid: "address-value", {or_none(&account.address)} }
                Pair { term: t!("customers-balance"), {format::signed_fen(account.balance)} }
            }
        }
        if editing() {
            ContactDialog {
                customer: account.customer.clone(),
                contact: account.contact.clone(),
                address: account.address.clone(),
                onclose: move |()| editing.set(false),
            }
        }
    }
}

/// What a customer is, in words; a kind of a newer platform as it is.
pub(super) fn kind(word: &str) -> String {
    match word {
        "industrial" => t!("customers-kind-industrial"),
        "commercial" => t!("customers-kind-commercial"),
        "agricultural" => t!("customers-kind-agricultural"),
        other => other.to_owned(),
    }
}
