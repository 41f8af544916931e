//! The one state machine through which money moves, and the record of a payment.

use serde::{Deserialize, Serialize};

use crate::{BillId, CustomerNo, Fen, PaymentId, RefundId, Timestamp};

/// Where a payment stands. Every name means one thing, so that a person can act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentState {
    /// Signed and kept by the client only; nobody else knows of it.
    Queued,
    /// Verified and stored by the security server; its bills are reserved.
    Submitted,
    /// Taken over by the payment platform.
    Accepted,
    /// The payer can pay at the bank; the outcome is open.
    Pending,
    /// Booked: the gateway confirmed the debit on a query.
    Paid,
    /// Refused for good; nothing was debited.
    Refused,
    /// Its time passed without a debit.
    Expired,
    /// Withdrawn by the customer before the gateway had it.
    Cancelled,
    /// The gateway's outcome is not known yet; it is asked again, never guessed.
    Unknown,
    /// A refund is under way.
    Refunding,
    /// The money went back.
    Refunded,
}

impl PaymentState {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Queued,
        Self::Submitted,
        Self::Accepted,
        Self::Pending,
        Self::Paid,
        Self::Refused,
        Self::Expired,
        Self::Cancelled,
        Self::Unknown,
        Self::Refunding,
        Self::Refunded,
    ];

    /// Whether a payment may go from this state to `next`. Staying is no transition.
    pub const fn can_become(self, next: Self) -> bool {
        use PaymentState as S;
        match self {
            S::Queued => matches!(next, S::Submitted | S::Refused | S::Expired | S::Cancelled),
            S::Submitted => matches!(next, S::Accepted | S::Pending | S::Refused | S::Expired | S::Cancelled),
            S::Accepted => matches!(next, S::Pending | S::Refused | S::Expired | S::Cancelled),
            S::Pending => matches!(next, S::Paid | S::Refused | S::Expired | S::Cancelled | S::Unknown),
            S::Unknown => matches!(next, S::Paid | S::Refused | S::Expired),
            S::Paid => matches!(next, S::Refunding),
            S::Refunding => matches!(next, S::Refunded | S::Paid),
            S::Refused | S::Expired | S::Cancelled | S::Refunded => false,
        }
    }

    /// Whether the order holds its bills (`submitted` … `unknown`).
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Accepted | Self::Pending | Self::Unknown)
    }

    /// Whether it ended without money having moved, so that its bills are free again.
    pub const fn frees_bills(self) -> bool {
        matches!(self, Self::Refused | Self::Expired | Self::Cancelled)
    }

    /// The name on the wire and in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
            Self::Refunding => "refunding",
            Self::Refunded => "refunded",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl std::fmt::Display for PaymentState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// How the money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// The payer confirms on the bank's page, reached through the UnionPay gateway.
    Gateway,
    /// A debit under a mandate that the payer signed before.
    Mandate,
}

impl Method {
    /// The name on the wire and in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Mandate => "mandate",
        }
    }
}

/// One bill's part of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillShare {
    /// The bill.
    pub bill: BillId,
    /// The part paid on it, fen.
    pub amount: Fen,
}

/// A payment as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The order's id.
    pub payment: PaymentId,
    /// How it is paid.
    pub method: Method,
    /// Where it stands.
    pub state: PaymentState,
    /// When the order was signed.
    pub created: Timestamp,
    /// When the state last changed.
    pub updated: Timestamp,
    /// The whole amount, fen.
    pub amount: Fen,
    /// What it pays; empty for a payment on account.
    pub bills: Vec<BillShare>,
    /// The gateway's reference (queryId), once known.
    pub reference: Option<String>,
    /// Why it is in this state, a stable word (`gateway-refused`, `pay-timeout`, …); `null` when the state says it all.
    pub reason: Option<String>,
}

/// One change of a payment's state, kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// The state entered.
    pub state: PaymentState,
    /// When.
    pub at: Timestamp,
    /// Why, a stable word.
    pub reason: String,
}

/// What the security server asks the platform to give back: the whole of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// Drawn before it was asked for the first time, the idempotency key.
    pub refund: RefundId,
}

/// What the platform tells of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTold {
    /// The payment.
    #[serde(flatten)]
    pub payment: Payment,
    /// The refund that the news is about.
    #[serde(default)]
    pub refund: Option<RefundTold>,
}

/// A refund in what the platform tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundTold {
    /// Which.
    pub refund: RefundId,
    /// The gateway's reference of the refund, once it is done.
    pub reference: Option<String>,
}

/// What the security server asks the platform to collect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRequest {
    /// The order's id, the idempotency key.
    pub payment: PaymentId,
    /// SHA-256 of the signed order, hex: another order under the same id is a conflict.
    pub order_hash: String,
    /// Whose money.
    pub customer: CustomerNo,
    /// The whole amount, fen.
    pub amount: Fen,
    /// What it pays; empty for a payment on account.
    pub bills: Vec<BillShare>,
    /// How it is paid.
    pub method: Method,
    /// When the order was signed.
    pub created: Timestamp,
    /// Until when the order may be executed.
    pub not_after: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_confirmed_debit_makes_a_payment_paid() {
        for state in PaymentState::ALL {
            let asked_the_gateway = matches!(state, PaymentState::Pending | PaymentState::Unknown);
            let refund_refused = state == PaymentState::Refunding;
            assert_eq!(state.can_become(PaymentState::Paid), asked_the_gateway || refund_refused, "{state}");
        }
    }

    #[test]
    fn an_end_without_money_is_final() {
        for state in PaymentState::ALL.into_iter().filter(|state| state.frees_bills()) {
            assert!(PaymentState::ALL.into_iter().all(|next| !state.can_become(next)), "{state}");
            assert!(!state.is_open());
        }
    }

    #[test]
    fn an_unknown_outcome_cannot_be_withdrawn() {
        assert!(!PaymentState::Unknown.can_become(PaymentState::Cancelled));
    }

    #[test]
    fn names_read_back() {
        for state in PaymentState::ALL {
            assert_eq!(PaymentState::from_name(state.as_str()), Some(state));
        }
    }
}
