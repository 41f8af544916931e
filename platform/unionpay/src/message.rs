//! Fields of a message and the string that is signed.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use sha2::{Digest, Sha256};

/// The field left out of what is signed.
pub const SIGNATURE: &str = "signature";

/// A message: its fields in the byte order of their names, as the signature wants them.
///
/// What we make drops blank values and trims the rest ([`Message::set`]); what we receive is kept as received, since its
/// signature covers it ([`crate::parse`]).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Message(BTreeMap<String, String>);

impl Message {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field of a message of ours: the value is trimmed, and a blank one removes the field.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        let value = value.trim();
        if value.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// The same, for building.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Adds a received field as it came. `false` if the name is there already.
    pub(crate) fn add_received(&mut self, name: String, value: String) -> bool {
        match self.0.entry(name) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(value);
                true
            }
            std::collections::btree_map::Entry::Occupied(_) => false,
        }
    }

    /// A field's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All fields, ordered by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `name=value` of all fields but `signature`, joined by `&`: raw values, byte order of the names.
    pub fn sign_string(&self) -> String {
        join(self.fields().filter(|(name, _)| *name != SIGNATURE).map(|(name, value)| (name, Cow::Borrowed(value))))
    }

    /// The lower-case hex SHA-256 of [`Message::sign_string`]. The gateway signs these 64 characters, not the string, so
    /// that the digest is taken twice.
    pub fn digest_hex(&self) -> String {
        hex::encode(Sha256::digest(self.sign_string().as_bytes()))
    }

    /// The fields as `application/x-www-form-urlencoded`, each value escaped once in UTF-8 with upper-case hex.
    pub fn to_form(&self) -> String {
        join(self.fields().map(|(name, value)| (name, Cow::Owned(escape(value)))))
    }

    /// The fields as a synchronous answer of the gateway: `name=value&…`, nothing escaped.
    pub fn to_answer(&self) -> String {
        join(self.fields().map(|(name, value)| (name, Cow::Borrowed(value))))
    }
}

impl fmt::Debug for Message {
    /// Names only: values may hold account numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn join<'a>(fields: impl Iterator<Item = (&'a str, Cow<'a, str>)>) -> String {
    let mut joined = String::new();
    for (name, value) in fields {
        if !joined.is_empty() {
            joined.push('&');
        }
        joined.push_str(name);
        joined.push('=');
        joined.push_str(&value);
    }
    joined
}

fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'*') {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push_str(&hex::encode_upper([byte]));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published_request() -> Message {
        Message::new()
            .with("version", "5.1.0")
            .with("encoding", "utf-8")
            .with("backUrl", "https://yansongda.cn/unipay/notify")
            .with("currencyCode", "156")
            .with("accessType", "0")
            .with("signature", "is left out")
            .with("bizType", "000201")
            .with("certId", "69903319369")
            .with("channelType", "07")
            .with("frontUrl", "https://yansongda.cn/unipay/return")
            .with("merId", "777290058167151")
            .with("orderId", "yansongda20220903065448")
            .with("signMethod", "01")
            .with("txnAmt", " 1 ")
            .with("txnSubType", "01")
            .with("txnTime", "20220903065448")
            .with("txnType", "01")
            .with("reqReserved", "  ")
    }

    #[test]
    fn a_published_request_gives_its_sign_string_and_digest() {
        let message = published_request();
        assert_eq!(
            message.sign_string(),
            "accessType=0&backUrl=https://yansongda.cn/unipay/notify&bizType=000201&certId=69903319369&channelType=07\
             &currencyCode=156&encoding=utf-8&frontUrl=https://yansongda.cn/unipay/return&merId=777290058167151\
             &orderId=yansongda20220903065448&signMethod=01&txnAmt=1&txnSubType=01&txnTime=20220903065448&txnType=01\
             &version=5.1.0"
        );
        assert_eq!(message.digest_hex(), "ed98378474101f21eae704450b15b9495ba5ed4b23afd59e6c9ce2ca9ce9419d");
    }

    #[test]
    fn a_blank_value_removes_the_field() {
        let mut message = Message::new().with("reserved", "x");
        message.set("reserved", " \r\n");
        assert!(message.is_empty());
    }

    #[test]
    fn a_form_escapes_everything_that_could_be_read_otherwise() {
        let message = Message::new().with("respMsg", "成功[0000000]").with("signature", "a+b/c==");
        assert_eq!(message.to_form(), "respMsg=%E6%88%90%E5%8A%9F%5B0000000%5D&signature=a%2Bb%2Fc%3D%3D");
    }

    #[test]
    fn debug_output_shows_no_values() {
        let message = Message::new().with("accNo", "6216261000000000018");
        assert_eq!(format!("{message:?}"), r#"{"accNo"}"#);
    }
}
