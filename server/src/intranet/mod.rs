//! The way to the payment platform: HTTPS with this server's own certificate, which is the only one the platform lets in.
//!
//! [`Platform`] is the client; [`outbox`] follows what the platform has to tell.

mod accounts;
mod client;
pub mod outbox;

use base64::{Engine as _, engine::general_purpose::STANDARD};
pub use client::Platform;
use gridkey_domain::{
    CustomerNo, Timestamp,
    arrears::{Arrears, ArrearsEvent},
    payment::{Payment, Transition},
};
use gridkey_protocol::bytes::{hex, unhex};
use serde::{Deserialize, Serialize};

use crate::store::AuditHead;

/// Why the platform did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// It refused, in the protocol's own words.
    #[error("the platform refused: {code}")]
    Refused {
        /// The stable word.
        code: String,
        /// A sentence for the client.
        message: String,
        /// Whether the same may succeed later.
        retry: bool,
    },
    /// It can't be reached, or is not able to answer now.
    #[error("the platform is unavailable: {0}")]
    Unavailable(String),
    /// Its answer is not what the contract says.
    #[error("the platform's answer is malformed: {0}")]
    Malformed(String),
}

/// A page of the arrears history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrearsPage {
    /// Newest first.
    pub events: Vec<ArrearsEvent>,
    /// Where to go on; null at the end.
    pub next: Option<String>,
}

/// A page of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomersPage<T> {
    /// By number.
    pub customers: Vec<T>,
    /// Where to go on; null at the end.
    pub next: Option<CustomerNo>,
}

/// A customer in arrears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InArrears {
    /// Who.
    pub customer: CustomerNo,
    /// How much, and how grave.
    pub arrears: Arrears,
}

/// A payment as the platform holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentStatus {
    /// The payment.
    pub payment: Payment,
    /// Every state it was in there.
    pub history: Vec<Transition>,
}

/// The form that takes the payer's browser to the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayForm {
    /// Where it is posted.
    pub action: String,
    /// Its hidden fields, signed.
    pub fields: Vec<(String, String)>,
}

/// Something the platform has to tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxEvent {
    /// 1, 2, 3 … without gaps.
    pub number: u64,
    /// When it came about.
    pub at: Timestamp,
    /// Whom it concerns.
    pub customer: CustomerNo,
    /// `bill`, `arrears`, `payment` or `account`.
    pub kind: String,
    /// Unique to what it tells; a second message of the same source says nothing new.
    pub source: String,
    /// By kind.
    pub body: serde_json::Value,
}

/// A page of the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxPage {
    /// Oldest first.
    pub events: Vec<OutboxEvent>,
    /// The newest number there is.
    pub head: u64,
    /// The outbox's epoch: another one since the platform was restored.
    pub epoch: String,
    /// In an epoch that is not the reader's: the last number that both have.
    pub back: Option<u64>,
}

/// A signed head of the audit chain, as the platform keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LodgedHead {
    /// How many entries.
    pub length: u64,
    /// Hash of the newest, hex.
    pub hash: String,
    /// When it was signed.
    pub at: Timestamp,
    /// The receipt key's signature, hex.
    pub signature: String,
    /// The receipt certificate's chain, base64 DER, leaf first.
    pub certificate: Vec<String>,
}

impl LodgedHead {
    /// A head with its signature.
    pub fn new(head: &AuditHead, at: Timestamp, signature: &[u8; 64], chain: &[Vec<u8>]) -> Self {
        Self {
            length: head.length,
            hash: hex(&head.hash),
            at,
            signature: hex(signature),
            certificate: chain.iter().map(|der| STANDARD.encode(der)).collect(),
        }
    }

    /// The head, its signature and the chain; `None` if a part is not what it should be.
    pub fn parts(&self) -> Option<(AuditHead, [u8; 64], Vec<Vec<u8>>)> {
        let hash = unhex(&self.hash)?.try_into().ok()?;
        let signature = unhex(&self.signature)?.try_into().ok()?;
        let chain = self.certificate.iter().map(|text| STANDARD.decode(text).ok()).collect::<Option<_>>()?;
        Some((AuditHead { length: self.length, hash }, signature, chain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lodged_head_reads_back() {
        let head = AuditHead { length: 7, hash: [3; 32] };
        let lodged = LodgedHead::new(&head, Timestamp::from_seconds(0), &[5; 64], &[vec![1, 2]]);
        assert_eq!(lodged.parts(), Some((head, [5; 64], vec![vec![1, 2]])));
        assert_eq!(LodgedHead { hash: "zz".into(), ..lodged }.parts(), None);
    }
}
