//! signMethod 11: a digest keyed with a secret shared with the gateway. Not used by the products here, but sandboxes and
//! older contracts speak it, so that it can be checked.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::Message;

/// The `signature` of `message` under `key`: the hex SHA-256 of `sign string & hex SHA-256 of the key`.
pub fn sign(message: &Message, key: &[u8]) -> String {
    let keyed = zeroize::Zeroizing::new(format!("{}&{}", message.sign_string(), hex::encode(Sha256::digest(key))));
    hex::encode(Sha256::digest(keyed.as_bytes()))
}

/// Whether `message` carries that signature; compared in constant time.
pub fn verify(message: &Message, key: &[u8]) -> bool {
    let expected = sign(message, key);
    message.get("signature").is_some_and(|found| bool::from(found.as_bytes().ct_eq(expected.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> Message {
        Message::new()
            .with("accessType", "0")
            .with("bizType", "000000")
            .with("encoding", "UTF-8")
            .with("merId", "777290058110048")
            .with("orderId", "20180130120000")
            .with("signMethod", "11")
            .with("txnSubType", "00")
            .with("txnTime", "20180130120000")
            .with("txnType", "00")
            .with("version", "5.1.0")
    }

    #[test]
    fn the_known_value_comes_out() {
        let mut message = query();
        let signature = sign(&message, b"88888888");
        assert_eq!(signature, "9b20004d7fd1ae2630b48a4870903db13b4a857b394eaeb1a59925c9e254a955");
        message.set("signature", &signature);
        assert!(verify(&message, b"88888888"));
    }

    #[test]
    fn another_key_or_a_missing_signature_fails() {
        let mut message = query();
        assert!(!verify(&message, b"88888888"));
        message.set("signature", &sign(&query(), b"88888889"));
        assert!(!verify(&message, b"88888888"));
    }
}
