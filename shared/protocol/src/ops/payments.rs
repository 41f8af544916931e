//! `payment.*` and `mandate.*`.

use gridkey_domain::{
    Fen, PaymentId, PaymentState, Timestamp,
    payment::{BillShare, Method, Payment, Transition},
};
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{ByteArray, ByteString},
    receipt::SignedReceipt,
};

/// A signed order, sealed to the HSM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitBody {
    /// SHA-256 of the envelope certificate's DER.
    pub to: ByteArray<32>,
    /// `crypto_box_seal` of a [`crate::order::SignedOrder`].
    pub sealed: ByteString,
}

/// Which payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentBody {
    /// The order's id.
    pub payment: PaymentId,
}

/// Where a payment stands, and the bank page while it is pending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// The order's id.
    pub payment: PaymentId,
    /// Its state.
    pub state: PaymentState,
    /// A one-time HTTPS address; null unless pending by method `gateway`.
    pub page: Option<String>,
}

/// A payment with its history and, once paid, its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentDetail {
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
    /// The gateway's reference, once known.
    pub reference: Option<String>,
    /// Why it is in this state, a stable word.
    pub reason: Option<String>,
    /// Every state it was in, oldest first.
    pub history: Vec<Transition>,
    /// The signed receipt; null unless it was paid. It stays when the money goes back: it proves that it was paid.
    pub receipt: Option<SignedReceipt>,
    /// The refund, beside the receipt; null unless the money is going or went back.
    #[serde(default)]
    pub refund: Option<Refund>,
}

/// A payment that is given back, the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// When it was asked for.
    pub asked: Timestamp,
    /// When the gateway confirmed it; null until then.
    pub done: Option<Timestamp>,
    /// The gateway's reference of the refund; null until then.
    pub reference: Option<String>,
}

impl PaymentDetail {
    /// A payment with its history and receipt.
    pub fn new(payment: Payment, history: Vec<Transition>, receipt: Option<SignedReceipt>) -> Self {
        let Payment { payment, method, state, created, updated, amount, bills, reference, reason } = payment;
        let refund = Refund::of(state, &history);
        Self { payment, method, state, created, updated, amount, bills, reference, reason, history, receipt, refund }
    }
}

impl Refund {
    /// The refund that a payment's history tells of, without its reference.
    fn of(state: PaymentState, history: &[Transition]) -> Option<Self> {
        let last = |wanted| history.iter().rev().find(|step| step.state == wanted).map(|step| step.at);
        match state {
            PaymentState::Refunding | PaymentState::Refunded => Some(Self {
                asked: last(PaymentState::Refunding)?,
                done: last(PaymentState::Refunded),
                reference: None,
            }),
            _ => None,
        }
    }
}

/// Which page of the payments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentListBody {
    /// Only those before this one (the `next` of the page before).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<PaymentId>,
    /// The `next` of the page before, as for other lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// At most so many; the server's own limit is 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Payments, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentList {
    /// This page.
    pub payments: Vec<Payment>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}

/// A standing permission to debit an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// Its id.
    pub mandate: String,
    /// The bank's name and the last digits of the account.
    pub account: String,
    /// The most it may debit at once, fen.
    pub limit: Fen,
    /// Since when.
    pub created: Timestamp,
}

/// The customer's mandates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MandateList {
    /// This page.
    pub mandates: Vec<Mandate>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}

/// A mandate to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateOpenBody {
    /// The most it may debit at once, fen.
    pub limit: Fen,
}

/// Which mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateBody {
    /// Its id.
    pub mandate: String,
}
