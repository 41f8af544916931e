//! `audit.*` and `crl.get`.

use gridkey_domain::{CustomerNo, PaymentId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bytes::{ByteArray, ByteString};

/// Where in the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListBody {
    /// The first number; absent begins `limit` entries before the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// At most so many; the server's own limit is 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// An entry of the audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// 0, 1, 2 … without gaps.
    pub number: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened, a stable word with a dot.
    pub event: String,
    /// Who did it: a key's fingerprint in hex, `server`, `platform` or `operator`.
    pub actor: String,
    /// The customer concerned.
    pub customer: Option<CustomerNo>,
    /// The facts, CBOR.
    pub facts: ByteString,
    /// The entry as it is hashed, CBOR.
    pub content: ByteString,
    /// Hash of the entry before.
    pub previous: ByteArray<32>,
    /// Its hash.
    pub hash: ByteArray<32>,
}

/// A page of entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPage {
    /// In the chain's order.
    pub entries: Vec<Entry>,
    /// The number to go on from; null at the end.
    pub next: Option<u64>,
}

/// Whether the chain holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether every entry holds and the newest lodged head stands in the chain.
    pub ok: bool,
    /// How many entries hold together.
    pub entries: u64,
    /// The length of the newest head lodged at the platform; null if none was, or the platform could not be asked.
    pub lodged: Option<u64>,
    /// What is wrong, or why it could not be told; null if nothing is.
    pub fault: Option<String>,
}

/// Which case: at least one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportBody {
    /// Entries that concern this customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerNo>,
    /// Entries that name this payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentId>,
    /// The `next` of the page before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
}

/// The newest revocation list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crl {
    /// RFC 5280, DER.
    pub crl: ByteString,
}
