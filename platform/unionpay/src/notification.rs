//! The gateway's report of a payment (posted to `backUrl`). It says which payment to ask about, and nothing more.

use gridkey_domain::{Fen, Timestamp};

use crate::{query, time, verify::Verified};

/// A genuine notification names no payment of ours that could be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the notification has no usable {0}")]
pub struct NotificationError(pub &'static str);

/// What a genuine notification says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// `merId`.
    pub merchant: String,
    /// `orderId`.
    pub order: String,
    /// `txnTime`.
    pub time: Timestamp,
    /// `txnType`: 01 for a consume, 04 for a refund.
    pub kind: String,
    /// `txnAmt`, when given.
    pub amount: Option<Fen>,
    /// `currencyCode`, when given.
    pub currency: Option<String>,
    /// `respCode`: `00` or `A6` when it succeeded. Front transactions are reported only then.
    pub code: String,
    /// `queryId`.
    pub query_id: Option<String>,
}

impl Notification {
    /// Reads a verified message.
    pub fn read(message: &Verified) -> Result<Self, NotificationError> {
        let field = |name: &'static str| message.get(name).map(str::to_owned).ok_or(NotificationError(name));
        Ok(Self {
            merchant: field("merId")?,
            order: field("orderId")?,
            time: message.get("txnTime").and_then(time::parse).ok_or(NotificationError("txnTime"))?,
            kind: field("txnType")?,
            amount: query::amount(message.message(), "txnAmt"),
            currency: message.get("currencyCode").map(str::to_owned),
            code: field("respCode")?,
            query_id: message.get("queryId").map(str::to_owned),
        })
    }

    /// Whether it reports a success.
    pub fn is_success(&self) -> bool {
        self.code == "00" || self.code == "A6"
    }
}
