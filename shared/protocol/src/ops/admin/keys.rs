//! `key.*` of administrators.

use gridkey_domain::{
    CustomerNo, Timestamp,
    key::{AdminRole, KeyState, KeyTransition},
};
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{ByteArray, ByteString},
    frame::Role,
};

/// A key as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDetail {
    /// SHA-256 of its certificate.
    pub key: ByteArray<32>,
    /// The certificate's serial number, big-endian.
    pub serial: ByteString,
    /// Whose kind of key it is.
    pub role: Role,
    /// The customer it is or was bound to; null while issued and for administrators.
    pub customer: Option<CustomerNo>,
    /// The name in its certificate.
    pub name: String,
    /// What its administrator may do; null for customers' keys.
    pub admin: Option<AdminRole>,
    /// Where it stands.
    pub state: KeyState,
    /// Since when.
    pub since: Timestamp,
    /// Why, in a few words.
    pub reason: String,
    /// First second of its certificate.
    pub not_before: Timestamp,
    /// Last second of its certificate.
    pub not_after: Timestamp,
    /// The serial number of its token, if its issuer's program told it.
    pub token: Option<String>,
    /// The key whose place it took.
    pub succeeds: Option<ByteArray<32>>,
    /// The key that took or takes its place.
    pub successor: Option<ByteArray<32>>,
}

/// The administrator that a key is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdminName {
    /// The name of the post, such as `desk-3`; it stands in the certificate.
    pub name: String,
    /// What it may do.
    pub role: AdminRole,
}

/// Whom a key is to be made for: exactly one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeBody {
    /// A customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerNo>,
    /// An administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<AdminName>,
}

/// The answer to a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueBody {
    /// A PKCS#10 request (RFC 2986) signed by the new Ed25519 key, with the challenge as its challengePassword, DER.
    pub request: ByteString,
    /// The new X25519 public key; a customer's key needs one, an administrator's has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<ByteArray<32>>,
    /// Its answer: [`crate::possession::agreement_answer`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ByteArray<32>>,
    /// The serial number of the token, for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// The certificates of a new key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The key, issued and not bound.
    pub key: KeyDetail,
    /// The authentication certificate's chain, leaf first, DER.
    pub chain: Vec<ByteString>,
    /// The X25519 certificate, DER; null for an administrator's key.
    pub agreement: Option<ByteString>,
}

/// Into whose hand an issued key goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindBody {
    /// The key.
    pub key: ByteArray<32>,
    /// The customer; absent for an administrator's key. It must be the one whose number stands in the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerNo>,
}

/// Which key ends, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndBody {
    /// The key.
    pub key: ByteArray<32>,
    /// Why, in a few words; 1 to 200 bytes.
    pub reason: String,
}

/// A key's life is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The key as it stands now.
    pub key: KeyDetail,
    /// Live sessions that were cut.
    pub sessions: u64,
    /// Orders that were refused.
    pub orders: u64,
}

/// Which key takes whose place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceBody {
    /// The key that goes. One that is bound still becomes `replaced`; one whose life is over stays as it is.
    pub old: ByteArray<32>,
    /// The key that comes: issued for the same customer, not bound.
    pub new: ByteArray<32>,
    /// Why, in a few words; 1 to 200 bytes.
    pub reason: String,
}

/// A key took another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The key that went.
    pub old: KeyDetail,
    /// The key that came, bound.
    pub new: KeyDetail,
    /// Live sessions of the old one that were cut.
    pub sessions: u64,
}

/// Which keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyListBody {
    /// Ever bound to this customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerNo>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<KeyState>,
    /// Of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Bound, and out of time before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending_before: Option<Timestamp>,
    /// The `next` of the page before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// At most so many; the server's own limit is 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A page of keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPage {
    /// Those issued or bound last first.
    pub keys: Vec<KeyDetail>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyBody {
    /// The key.
    pub key: ByteArray<32>,
}

/// A key and its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyLife {
    /// The key.
    pub key: KeyDetail,
    /// Every state it was in, oldest first.
    pub history: Vec<KeyTransition>,
    /// The authentication certificate's chain, leaf first, DER.
    pub chain: Vec<ByteString>,
}
