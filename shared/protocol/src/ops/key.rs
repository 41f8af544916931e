//! `key.prepare` and `key.renew`.

use gridkey_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bytes::{ByteArray, ByteString};

/// What the holder of new pairs answers, to prove that it has their private halves; see [`crate::possession`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// 32 random bytes; good once.
    pub challenge: ByteArray<32>,
    /// A fresh X25519 public key, to agree with.
    pub ephemeral: ByteArray<32>,
    /// The name that the certificate will carry.
    pub name: String,
    /// Until when it may be answered.
    pub expires: Timestamp,
}

/// A request for new certificates over new pairs, made by the holder of the old ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewBody {
    /// A PKCS#10 request (RFC 2986) signed by the new Ed25519 key, with the challenge as its challengePassword, DER.
    pub request: ByteString,
    /// The new X25519 public key of the offline store.
    pub agreement: ByteArray<32>,
    /// Its answer: [`crate::possession::agreement_answer`].
    pub answer: ByteArray<32>,
    /// The old key's signature over [`crate::possession::renewal_message`].
    pub signature: ByteArray<64>,
}

/// The new certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// The authentication certificate's chain, leaf first, DER.
    pub chain: Vec<ByteString>,
    /// The X25519 certificate, DER.
    pub agreement: ByteString,
}
