//! Entries of the audit chain as a person reads them.

use gridkey_protocol::{
    bytes::hex,
    cbor::{self, Value},
    ops::admin::audit::Entry,
};

use super::AuditLine;

/// The longest text of a fact that is shown, characters.
const LONGEST: usize = 400;

/// An entry as a person reads it.
pub(super) fn line(entry: &Entry) -> AuditLine {
    let facts = match cbor::parse(&entry.facts.0) {
        Ok(Value::Map(facts)) => facts.into_iter().map(|(name, value)| (name, text(&value))).collect(),
        Ok(other) => vec![(String::new(), text(&other))],
        Err(_) => vec![(String::new(), hex(&entry.facts.0))],
    };
    AuditLine {
        number: entry.number,
        at: entry.at,
        event: entry.event.clone(),
        actor: entry.actor.clone(),
        customer: entry.customer.clone(),
        facts,
        hash: entry.hash,
        previous: entry.previous,
    }
}

fn text(value: &Value) -> String {
    let text = match value {
        Value::Unsigned(number) => number.to_string(),
        Value::Negative(number) => number.to_string(),
        Value::Bytes(bytes) => hex(bytes),
        Value::Text(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Map(fields) => {
            fields.iter().map(|(name, value)| format!("{name}: {}", text(value))).collect::<Vec<_>>().join(", ")
        }
        Value::Bool(truth) => truth.to_string(),
        Value::Null => "–".to_owned(),
    };
    if text.chars().count() > LONGEST { text.chars().take(LONGEST).chain(['…']).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_text_whatever_they_are() {
        let value = Value::Map(vec![
            ("key".into(), Value::Bytes(vec![0xab, 1])),
            ("meters".into(), Value::Array(vec![Value::Text("a".into()), Value::Unsigned(7)])),
            ("none".into(), Value::Null),
        ]);
        assert_eq!(text(&value), "key: ab01, meters: a, 7, none: –");
        assert!(text(&Value::Bytes(vec![1; 1000])).ends_with('…'));
    }
}
