//! `payment.search`, `payment.story` and `payment.refund`.

use gridkey_domain::{CustomerNo, PaymentId, PaymentState, payment::Payment};
use serde::{Deserialize, Serialize};

/// Which payments: of a customer, or in a state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchBody {
    /// Of this customer, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerNo>,
    /// In this state; without a customer, the oldest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PaymentState>,
    /// The `next` of the page before; absent for the first. Pages are for one customer's payments only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A payment and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentLine {
    /// Whose.
    pub customer: CustomerNo,
    /// The payment.
    pub payment: Payment,
}

/// A page of payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentPage {
    /// This page.
    pub payments: Vec<PaymentLine>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}

/// Which payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryBody {
    /// Whose.
    pub customer: CustomerNo,
    /// The payment.
    pub payment: PaymentId,
}

/// What is given back, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundBody {
    /// Whose.
    pub customer: CustomerNo,
    /// The payment.
    pub payment: PaymentId,
    /// Why, in a few words; 1 to 200 bytes.
    pub reason: String,
}
