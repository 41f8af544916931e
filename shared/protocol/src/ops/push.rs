//! Bodies of pushes by kind: `arrears` carries an [`ArrearsEvent`](gridkey_domain::arrears::ArrearsEvent), `bill` a
//! [`BillSummary`](gridkey_domain::bill::BillSummary), `payment` a [`Payment`](gridkey_domain::payment::Payment); the others
//! are here. Like results they may grow, and clients ignore what they do not know.

use gridkey_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bytes::ByteArray;

/// Body of an `account` push: which fields changed. Their values are fetched by those who show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountChanged {
    /// Names of fields of `account.get`.
    pub fields: Vec<String>,
}

/// Body of a `notice` push: something to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// One line.
    pub title: String,
    /// The notice, plain text.
    pub text: String,
}

/// Body of a `key` push: a certificate or binding of the customer's keys changed or is about to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChanged {
    /// SHA-256 of the certificate's DER.
    pub key: ByteArray<32>,
    /// What happened, a stable word: `bound`, `unbound`, `lost`, `replaced`, `renewed`, `renewal-failed`,
    /// `expiring`.
    pub event: String,
    /// The certificate's last second, where it matters.
    pub not_after: Option<Timestamp>,
}
