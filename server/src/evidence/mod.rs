//! What the audit chain says of orders and keys, and the lodging of its head at the platform.

pub mod lodge;

use gridkey_protocol::cbor::Value;

use crate::{
    actor::Actor,
    ca::KeyCertificates,
    issue::draft,
    store::{AuditDraft, Fingerprint, KeyStep, NewOrder, OrderChange, OrderRecord},
};
use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::bytes::hex;

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn order_facts(order: &NewOrder) -> Vec<(String, Value)> {
    vec![
        ("payment".into(), bytes(order.id.as_bytes())),
        ("order".into(), bytes(&order.order)),
        ("signature".into(), bytes(&order.signature)),
        ("chain".into(), Value::Array(order.chain.iter().map(|der| bytes(der)).collect())),
    ]
}

/// A verified order was taken in.
pub fn order_submitted(order: &NewOrder) -> AuditDraft {
    draft("order.submitted", &hex(&order.key), Some(&order.customer), order_facts(order), order.received)
}

/// A signed order was refused for good.
pub fn order_refused(order: &NewOrder, code: &str) -> AuditDraft {
    let mut facts = order_facts(order);
    facts.push(("code".into(), text(code)));
    draft("order.refused", &hex(&order.key), Some(&order.customer), facts, order.received)
}

/// An order changed its state.
pub fn order_changed(record: &OrderRecord, change: &OrderChange) -> AuditDraft {
    draft("order.changed", "server", Some(&change.customer), change_facts(record, change), change.at)
}

/// An administrator asks for a payment to be given back, in words of their own.
pub fn refund_asked(record: &OrderRecord, change: &OrderChange, words: &str, actor: &Actor) -> AuditDraft {
    let mut facts = change_facts(record, change);
    facts.push(("words".into(), text(words)));
    facts.extend_from_slice(actor.proof());
    draft("payment.refund", actor.name(), Some(&change.customer), facts, change.at)
}

fn change_facts(record: &OrderRecord, change: &OrderChange) -> Vec<(String, Value)> {
    let mut facts = vec![
        ("payment".into(), bytes(change.id.as_bytes())),
        ("order".into(), bytes(&record.order.hash)),
        ("from".into(), text(record.state.as_str())),
        ("to".into(), text(change.to.as_str())),
        ("reason".into(), text(&change.reason)),
        ("reference".into(), change.reference.as_ref().map_or(Value::Null, text)),
        ("receipt".into(), change.receipt.as_deref().map_or(Value::Null, bytes)),
    ];
    if let Some(refund) = &change.refund {
        facts.push(("refund".into(), bytes(refund.id.as_bytes())));
        facts.push(("refund_reference".into(), refund.reference.as_ref().map_or(Value::Null, text)));
    }
    facts
}

/// An order was refused because the key that signed it ended.
pub fn order_ended_with_key(record: &OrderRecord) -> AuditDraft {
    let before = record.history.iter().rev().nth(1).map_or(record.state, |transition| transition.state);
    let change = OrderChange {
        id: record.order.id,
        customer: record.order.customer.clone(),
        to: record.state,
        reason: record.reason.clone(),
        reference: None,
        receipt: None,
        refund: None,
        at: record.updated,
    };
    order_changed(&OrderRecord { state: before, ..record.clone() }, &change)
}

/// The platform told an outcome that does not fit the order's state here; a person must look.
pub fn order_contradicted(record: &OrderRecord, told: &str, at: Timestamp) -> AuditDraft {
    let facts = vec![
        ("payment".into(), bytes(record.order.id.as_bytes())),
        ("state".into(), text(record.state.as_str())),
        ("told".into(), text(told)),
    ];
    draft("order.contradicted", "platform", Some(&record.order.customer), facts, at)
}

/// A key's pairs were certified.
pub fn key_issued(made: &KeyCertificates, customer: Option<&CustomerNo>, actor: &Actor, at: Timestamp) -> AuditDraft {
    let mut facts = vec![
        ("agreement".to_owned(), made.agreement.as_ref().map_or(Value::Null, |issued| bytes(&issued.der))),
        ("certificate".to_owned(), bytes(&made.authentication.der)),
        ("admin".to_owned(), made.record.admin.map_or(Value::Null, |role| text(role.as_str()))),
        ("token".to_owned(), made.record.token.as_ref().map_or(Value::Null, text)),
    ];
    facts.extend_from_slice(actor.proof());
    draft(KeyStep::Issue.event(), actor.name(), customer, facts, at)
}

/// A key entered another state.
pub fn key_moved(
    step: KeyStep,
    key: Fingerprint,
    customer: Option<&CustomerNo>,
    reason: &str,
    actor: &Actor,
    at: Timestamp,
) -> AuditDraft {
    let mut facts = vec![("key".to_owned(), bytes(&key)), ("reason".to_owned(), text(reason))];
    facts.extend_from_slice(actor.proof());
    draft(step.event(), actor.name(), customer, facts, at)
}
