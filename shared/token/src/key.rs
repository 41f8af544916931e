//! Names for keys on a token: the CKA_ID, the kind, and the public half.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::error::TokenError;

/// The identifier that a token gives to a key and to the certificate made for it (PKCS#11 `CKA_ID`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct KeyId(Vec<u8>);

impl KeyId {
    /// Takes the identifier's bytes as the token stores them.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The identifier derived from a public key: the first 20 bytes of its SHA-256. Used for keys made here, so that
    /// two keys on one token never share one.
    pub fn derive_from(key: &PublicKey) -> Self {
        Self(Sha256::digest(key.bytes).iter().take(20).copied().collect())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the token gave no identifier.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// What a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Signs (RFC 8032).
    Ed25519,
    /// Agrees on a secret (RFC 7748).
    X25519,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::X25519 => "X25519",
        })
    }
}

/// A public key of one of the two kinds, in its raw 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey {
    /// Which curve use it belongs to.
    pub kind: KeyKind,
    /// The raw encoding of RFC 8032 or RFC 7748.
    pub bytes: [u8; 32],
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.kind, hex::encode(self.bytes))
    }
}

/// Points at one private key on a token, by its identifier and, when known, by its public half.
///
/// A token is searched by identifier first; when it has none under that identifier, the public half decides. With both
/// given they must agree, so that a certificate never gets paired with another key's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRef {
    /// The token's identifier; may be empty.
    pub id: KeyId,
    /// The public half, when the caller knows it (from a certificate or from making the key).
    pub public: Option<PublicKey>,
}

impl KeyRef {
    /// A reference by identifier alone.
    pub fn by_id(id: KeyId) -> Self {
        Self { id, public: None }
    }
}

impl fmt::Display for KeyRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.public, self.id.is_empty()) {
            (_, false) => write!(f, "id {}", self.id),
            (Some(public), true) => write!(f, "public key {}", hex::encode(public.bytes)),
            (None, true) => f.write_str("no id"),
        }
    }
}

/// A private key that a logged-in token holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenKey {
    /// The token's identifier.
    pub id: KeyId,
    /// The token's label; may be empty.
    pub label: String,
    /// What it can do.
    pub kind: KeyKind,
    /// The raw public half, when the token shows it.
    pub public: Option<[u8; 32]>,
}

impl TokenKey {
    /// A reference to this key.
    pub fn key_ref(&self) -> KeyRef {
        KeyRef { id: self.id.clone(), public: self.public.map(|bytes| PublicKey { kind: self.kind, bytes }) }
    }
}

/// Finds the key that `wanted` means among a token's keys.
pub(crate) fn select_key<'a>(keys: &'a [TokenKey], kind: KeyKind, wanted: &KeyRef) -> Result<&'a TokenKey, TokenError> {
    let fits = |key: &&TokenKey| {
        let public_agrees = match (wanted.public, key.public) {
            (Some(wanted), Some(public)) => wanted.kind == key.kind && wanted.bytes == public,
            (Some(wanted), None) => wanted.kind == key.kind,
            (None, _) => true,
        };
        key.kind == kind && public_agrees
    };
    let by_id = || keys.iter().filter(fits).find(|key| !wanted.id.is_empty() && key.id == wanted.id);
    let by_public = || keys.iter().filter(fits).find(|key| wanted.public.is_some() && key.public.is_some());
    by_id().or_else(by_public).ok_or_else(|| TokenError::KeyMissing { kind, wanted: wanted.to_string() })
}

#[cfg(test)]
mod tests {
    use super::{KeyId, KeyKind, KeyRef, PublicKey, TokenKey, select_key};

    fn key(id: &[u8], kind: KeyKind, public: Option<[u8; 32]>) -> TokenKey {
        TokenKey { id: KeyId::new(id), label: String::new(), kind, public }
    }

    fn wanted(id: &[u8], public: Option<(KeyKind, [u8; 32])>) -> KeyRef {
        KeyRef { id: KeyId::new(id), public: public.map(|(kind, bytes)| PublicKey { kind, bytes }) }
    }

    #[test]
    fn keys_pair_by_id_then_by_public_key_and_never_against_it() {
        use KeyKind::{Ed25519, X25519};
        let keys = [
            key(&[1], Ed25519, Some([1; 32])),
            key(&[1], X25519, Some([2; 32])),
            key(&[3], Ed25519, None),
            key(&[], Ed25519, Some([4; 32])),
        ];
        let pick = |kind, wanted: &KeyRef| {
            select_key(&keys, kind, wanted).ok().and_then(|found| keys.iter().position(|key| key == found))
        };
        assert_eq!(pick(Ed25519, &wanted(&[1], None)), Some(0));
        assert_eq!(pick(X25519, &wanted(&[1], None)), Some(1));
        assert_eq!(pick(Ed25519, &wanted(&[3], Some((Ed25519, [9; 32])))), Some(2), "the token shows no public half");
        assert_eq!(pick(Ed25519, &wanted(&[9], Some((Ed25519, [4; 32])))), Some(3), "another id, same public key");
        assert_eq!(pick(Ed25519, &wanted(&[1], Some((Ed25519, [9; 32])))), None, "same id, another public key");
        assert_eq!(pick(Ed25519, &wanted(&[1], Some((X25519, [1; 32])))), None, "a certificate of the other kind");
        assert_eq!(pick(Ed25519, &wanted(&[], None)), None, "no id means no key, not any key");
    }
}
