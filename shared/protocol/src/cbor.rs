//! The strict CBOR (RFC 8949) of the contract.
//!
//! One spelling for each value: definite lengths, shortest heads, text map keys without duplicates, no tags, no floats, no
//! `undefined`, integers within ±2^63, valid UTF-8, nothing after the value. Map order is free. [`decode`] and
//! [`from_value`] go on to a type and name the field that is missing, unknown or of the wrong type.

mod de;
mod parse;

use std::fmt;

pub use parse::{CborError, CborFault, parse};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, ser::SerializeMap};

/// A decoded value.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// 0 to 2^63 − 1.
    Unsigned(u64),
    /// −2^63 to −1.
    Negative(i64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text string.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// A map with text keys, in the order received, none twice.
    Map(Vec<(String, Value)>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

/// A value in its encoding, the one that [`parse`] takes.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded(Vec<u8>);

impl Encoded {
    /// Writes `message`.
    ///
    /// # Errors
    /// If it says what the contract's CBOR cannot.
    pub fn new<T: Serialize + ?Sized>(message: &T) -> Result<Self, CborError> {
        let bytes = encode(message);
        parse(&bytes)?;
        Ok(Self(bytes))
    }

    /// The encoding.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Value> for Encoded {
    fn from(value: Value) -> Self {
        Self(encode(&value))
    }
}

impl fmt::Debug for Encoded {
    /// Length only: values may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "encoded({})", self.0.len())
    }
}

/// Why bytes are not the message expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not the CBOR of the contract.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR, but not of this shape; the text names the field.
    #[error("{0}")]
    Shape(String),
}

impl Value {
    /// The empty map.
    pub const fn empty_map() -> Self {
        Self::Map(Vec::new())
    }

    /// The value under `key`, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Reads a message: strict CBOR of the shape of `T`.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    from_value(parse(bytes)?)
}

/// Reads a `T` from a decoded value.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, DecodeError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.inner();
        DecodeError::Shape(if path == "." { inner.to_string() } else { format!("{path}: {inner}") })
    })
}

/// Writes a message. Structs become maps in the order of their fields.
///
/// # Panics
/// Never for the types of this crate: they hold only what the contract's CBOR can say.
pub fn encode<T: Serialize + ?Sized>(message: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(message, &mut bytes).expect("messages hold only what CBOR can say");
    bytes
}

/// `message` as a value.
pub fn to_value<T: Serialize + ?Sized>(message: &T) -> Result<Value, DecodeError> {
    Ok(parse(&encode(message))?)
}

/// For `#[serde(deserialize_with)]`: the field must be there and may be `null`. (Serde takes a missing `Option` for `None`.)
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unsigned(number) => serializer.serialize_u64(*number),
            Self::Negative(number) => serializer.serialize_i64(*number),
            Self::Bytes(bytes) if serializer.is_human_readable() => serializer.serialize_str(&crate::bytes::hex(bytes)),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Array(items) => items.serialize(serializer),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Null => serializer.serialize_none(),
        }
    }
}

impl fmt::Debug for Value {
    /// Shape only: values may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned(_) | Self::Negative(_) => f.write_str("integer"),
            Self::Bytes(bytes) => write!(f, "bytes({})", bytes.len()),
            Self::Text(text) => write!(f, "text({})", text.len()),
            Self::Array(items) => f.debug_list().entries(items).finish(),
            Self::Map(entries) => f.debug_map().entries(entries.iter().map(|(k, v)| (k, v))).finish(),
            Self::Bool(_) => f.write_str("bool"),
            Self::Null => f.write_str("null"),
        }
    }
}

#[cfg(test)]
mod tests;
