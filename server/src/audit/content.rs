//! The content of an entry: what is hashed, and read again by an auditor.

use ciborium::Value;
use gridkey_domain::{CustomerNo, Timestamp};

use crate::store::AuditDraft;

/// An entry's content, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// When it happened.
    pub at: Timestamp,
    /// What happened, a stable word with a dot.
    pub event: String,
    /// Who did it.
    pub actor: String,
    /// The customer concerned.
    pub customer: Option<CustomerNo>,
    /// The facts, CBOR.
    pub facts: Vec<u8>,
}

/// The bytes are not an entry's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the content of an audit entry")]
pub struct ContentError;

/// The content of the entry that `draft` becomes: deterministic CBOR (RFC 8949, 4.2.1) of
/// `{"at": text, "actor": text, "event": text, "facts": bytes, "customer": text | null}`.
pub fn content(draft: &AuditDraft) -> Vec<u8> {
    let text = |text: &str| Value::Text(text.to_owned());
    // In the order of their encoded keys: shorter first, then by bytes.
    let map = Value::Map(vec![
        (text("at"), text(&draft.at.to_string())),
        (text("actor"), text(&draft.actor)),
        (text("event"), text(draft.event)),
        (text("facts"), Value::Bytes(draft.facts.clone())),
        (text("customer"), draft.customer.as_ref().map_or(Value::Null, |customer| text(customer.as_str()))),
    ]);
    let mut bytes = Vec::with_capacity(draft.facts.len() + 128);
    ciborium::into_writer(&map, &mut bytes).expect("a vector takes every byte and the map holds only plain values");
    bytes
}

/// Reads what [`content`] wrote, and nothing else.
///
/// # Errors
/// [`ContentError`] for anything that [`content`] does not write.
pub fn read_content(bytes: &[u8]) -> Result<Content, ContentError> {
    let Ok(Value::Map(map)) = ciborium::from_reader::<Value, _>(bytes) else { return Err(ContentError) };
    let keys: Vec<&str> = map.iter().filter_map(|(key, _)| key.as_text()).collect();
    if keys != ["at", "actor", "event", "facts", "customer"] {
        return Err(ContentError);
    }
    let [at, actor, event, facts, customer]: [Value; 5] =
        map.into_iter().map(|(_, value)| value).collect::<Vec<_>>().try_into().map_err(|_| ContentError)?;
    let text = |value: Value| value.into_text().map_err(|_| ContentError);
    Ok(Content {
        at: text(at)?.parse().map_err(|_| ContentError)?,
        actor: text(actor)?,
        event: text(event)?,
        facts: facts.into_bytes().map_err(|_| ContentError)?,
        customer: match customer {
            Value::Null => None,
            value => Some(text(value)?.parse().map_err(|_| ContentError)?),
        },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft(customer: Option<&str>, actor: &str, facts: &[u8]) -> AuditDraft {
        AuditDraft {
            at: Timestamp::from_seconds(1_795_334_400),
            event: "key.bound",
            actor: actor.to_owned(),
            customer: customer.map(|number| number.parse().unwrap()),
            facts: facts.to_vec(),
        }
    }

    #[test]
    fn the_encoding_is_fixed() {
        let bytes = content(&draft(Some("1100000001"), "server", &[0xa0]));
        let expected = "a562617474323032362d31312d32325430383a30303a30305a656163746f7266736572766572656576656e746\
                        96b65792e626f756e6465666163747341a068637573746f6d65726a31313030303030303031";
        assert_eq!(hex::encode(bytes), expected);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            customer in proptest::option::of("[0-9]{10}"), actor in ".{0,40}", facts: Vec<u8>
        ) {
            let draft = draft(customer.as_deref(), &actor, &facts);
            let read = read_content(&content(&draft)).unwrap();
            prop_assert_eq!(read.at, draft.at);
            prop_assert_eq!(read.event, draft.event);
            prop_assert_eq!(read.actor, draft.actor);
            prop_assert_eq!(read.customer, draft.customer);
            prop_assert_eq!(read.facts, draft.facts);
        }

        #[test]
        fn arbitrary_bytes_are_no_content(bytes: Vec<u8>) {
            prop_assert_eq!(read_content(&bytes), Err(ContentError));
        }
    }
}
