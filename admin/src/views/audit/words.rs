//! Entries of the audit chain in words.

use gridkey_domain::{PaymentState, key::AdminRole};
use gridkey_kit::prelude::*;

use crate::{
    views::{keys::reason, parts::state_words, payments::known_reason},
    words::role,
};

/// The events with words of their own; others are shown by their stable word.
pub(super) const EVENTS: [&str; 20] = [
    "key.issued",
    "key.bound",
    "key.unbound",
    "key.lost",
    "key.revoked",
    "key.expired",
    "key.replaced",
    "order.submitted",
    "order.refused",
    "order.changed",
    "order.contradicted",
    "payment.refund",
    "customer.created",
    "customer.updated",
    "session.cut",
    "bill.pushed",
    "audit.exported",
    "envelope.issued",
    "envelope.destroyed",
    "bill.read",
];

/// The facts with names of their own; others are shown by their stable name.
pub(super) const FACTS: [&str; 26] = [
    "reason",
    "from",
    "to",
    "code",
    "payment",
    "key",
    "session",
    "bill",
    "token",
    "certificate",
    "agreement",
    "admin",
    "order",
    "signature",
    "chain",
    "reference",
    "receipt",
    "state",
    "told",
    "command",
    "case",
    "fields",
    "key_id",
    "refund",
    "amount",
    "name",
];

/// What happened.
pub(super) fn event(event: &str) -> String {
    if EVENTS.contains(&event) { t!(&format!("audit-event-{}", event.replace('.', "-"))) } else { event.to_owned() }
}

/// A fact's name.
pub(super) fn fact(name: &str) -> String {
    if FACTS.contains(&name) { t!(&format!("audit-fact-{}", name.replace('_', "-"))) } else { name.to_owned() }
}

/// A fact's value: states, roles and the reasons that programs give in words, everything else as it is.
pub(super) fn value(name: &str, value: &str) -> String {
    match name {
        "from" | "to" | "state" | "told" => {
            PaymentState::from_name(value).map_or_else(|| value.to_owned(), state_words)
        }
        "admin" => AdminRole::from_name(value).map_or_else(|| value.to_owned(), role),
        "reason" => known_reason(value).unwrap_or_else(|| reason(value)),
        _ => value.to_owned(),
    }
}

/// Name and value of a fact: "Reason: left in a taxi", with the colon of the language.
pub(super) fn named(name: &str, value: &str) -> String {
    match language() {
        Language::English => format!("{}: {value}", fact(name)),
        Language::Chinese => format!("{}：{value}", fact(name)),
    }
}
