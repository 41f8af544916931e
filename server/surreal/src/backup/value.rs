//! Values as JSON, without loss: what JSON has no form for is an object of one key that begins with `$`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Number as JsonNumber, Value as Json};
use surrealdb::types::{Array, Number, Object, RecordId, RecordIdKey, Value};

const NONE: &str = "$none";
const BYTES: &str = "$bytes";
const RECORD: &str = "$record";
const OBJECT: &str = "$object";

/// A value that is none of those our schemas use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unsupported(pub(super) &'static str);

pub(super) fn encode(value: &Value) -> Result<Json, Unsupported> {
    Ok(match value {
        Value::None => tagged(NONE, Json::Bool(true)),
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(Number::Int(value)) => Json::Number(JsonNumber::from(*value)),
        Value::String(text) => Json::String(text.clone()),
        Value::Bytes(bytes) => tagged(BYTES, Json::String(STANDARD.encode(&**bytes))),
        Value::RecordId(record) => {
            let table = Json::String(record.table.as_str().to_owned());
            tagged(RECORD, Json::Array(vec![table, encode_key(&record.key)?]))
        }
        Value::Array(values) => Json::Array(values.iter().map(encode).collect::<Result<_, _>>()?),
        Value::Object(fields) => {
            let object = Json::Object(encode_fields(fields)?);
            if fields.keys().any(|name| name.starts_with('$')) { tagged(OBJECT, object) } else { object }
        }
        Value::Number(_) => return Err(Unsupported("a number with a fraction")),
        Value::Datetime(_) | Value::Duration(_) => return Err(Unsupported("a time")),
        _ => return Err(Unsupported("a value of a kind that is not used")),
    })
}

pub(super) fn encode_fields(fields: &Object) -> Result<Map<String, Json>, Unsupported> {
    fields.iter().map(|(name, value)| Ok((name.clone(), encode(value)?))).collect()
}

pub(super) fn encode_key(key: &RecordIdKey) -> Result<Json, Unsupported> {
    match key {
        RecordIdKey::Number(number) => Ok(Json::Number(JsonNumber::from(*number))),
        RecordIdKey::String(text) => Ok(Json::String(text.clone())),
        RecordIdKey::Array(values) => encode(&Value::Array(values.clone())),
        _ => Err(Unsupported("a key of a kind that is not used")),
    }
}

/// The value; `None` if the text was not written by [`encode`].
pub(super) fn decode(json: Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => Value::Number(Number::Int(number.as_i64()?)),
        Json::String(text) => Value::String(text),
        Json::Array(values) => Value::Array(Array::from(values.into_iter().map(decode).collect::<Option<Vec<_>>>()?)),
        Json::Object(mut fields) => match fields.keys().next().filter(|name| name.starts_with('$')).cloned() {
            None => Value::Object(decode_fields(fields)?),
            Some(_) if fields.len() != 1 => return None,
            Some(tag) => match (tag.as_str(), fields.remove(&tag)?) {
                (NONE, Json::Bool(true)) => Value::None,
                (BYTES, Json::String(text)) => Value::Bytes(STANDARD.decode(text).ok()?.into()),
                (RECORD, Json::Array(parts)) => {
                    let [Json::String(table), key] = <[Json; 2]>::try_from(parts).ok()? else { return None };
                    Value::RecordId(RecordId::new(table, decode_key(key)?))
                }
                (OBJECT, Json::Object(fields)) => Value::Object(decode_fields(fields)?),
                _ => return None,
            },
        },
    })
}

pub(super) fn decode_fields(fields: Map<String, Json>) -> Option<Object> {
    let mut object = Object::new();
    for (name, value) in fields {
        object.insert(name, decode(value)?);
    }
    Some(object)
}

pub(super) fn decode_key(json: Json) -> Option<RecordIdKey> {
    match decode(json)? {
        Value::Number(Number::Int(number)) => Some(RecordIdKey::Number(number)),
        Value::String(text) => Some(RecordIdKey::String(text)),
        Value::Array(values) => Some(RecordIdKey::Array(values)),
        _ => None,
    }
}

fn tagged(tag: &str, value: Json) -> Json {
    Json::Object(Map::from_iter([(tag.to_owned(), value)]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::None),
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|number| Value::Number(Number::Int(number))),
            ".{0,12}".prop_map(Value::String),
            any::<Vec<u8>>().prop_map(|bytes| Value::Bytes(bytes.into())),
            ("[a-z]{1,8}", any::<i64>()).prop_map(|(table, key)| Value::RecordId(RecordId::new(table, key))),
            ("[a-z]{1,8}", ".{0,8}").prop_map(|(table, key)| Value::RecordId(RecordId::new(table, key))),
        ];
        leaf.prop_recursive(3, 24, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(|values| Value::Array(Array::from(values))),
                proptest::collection::vec(("[$a-c]{0,3}", inner), 0..5).prop_map(|fields| {
                    let mut object = Object::new();
                    for (name, value) in fields {
                        object.insert(name, value);
                    }
                    Value::Object(object)
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_value_reads_back_as_it_was(value in values()) {
            let text = encode(&value).unwrap().to_string();
            prop_assert_eq!(decode(serde_json::from_str(&text).unwrap()), Some(value));
        }

        #[test]
        fn other_json_is_refused_without_a_panic(text in "[\\[\\]{}:,\"$a-z0-9.e]{0,40}") {
            if let Ok(json) = serde_json::from_str(&text) {
                let _ = decode(json);
            }
        }
    }
}
