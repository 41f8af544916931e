//! The stable words of operation errors.

use crate::frame::OpError;

/// No operation of that name.
pub const UNKNOWN_OP: &str = "unknown-op";
/// The operation is the other role's, or the order another customer's.
pub const FORBIDDEN: &str = "forbidden";
/// The body has a missing, extra or ill-typed field; the message names it.
pub const BAD_REQUEST: &str = "bad-request";
/// No such object, or another customer's.
pub const NOT_FOUND: &str = "not-found";
/// Too many requests wait for an answer.
pub const BUSY: &str = "busy";
/// A part of the service can't be reached; try again.
pub const UNAVAILABLE: &str = "unavailable";
/// A fault of the server.
pub const INTERNAL: &str = "internal";
/// The order is sealed to an envelope key that is not known (any more); seal it anew.
pub const ENVELOPE_UNKNOWN: &str = "envelope-unknown";
/// An order of that id with other content is stored.
pub const ORDER_CONFLICT: &str = "order-conflict";
/// The order's signature, certificate or time is not acceptable.
pub const ORDER_REFUSED: &str = "order-refused";
/// The key that signed the order is not bound to its customer.
pub const KEY_NOT_BOUND: &str = "key-not-bound";
/// The order's `not_after` has passed.
pub const ORDER_EXPIRED: &str = "order-expired";
/// The amount is above the cap.
pub const CAP_EXCEEDED: &str = "cap-exceeded";
/// The bill has nothing left to pay.
pub const ALREADY_PAID: &str = "already-paid";
/// Another open order holds the bill.
pub const BILL_IN_PAYMENT: &str = "bill-in-payment";
/// The order pays more on a bill than is open.
pub const AMOUNT_CHANGED: &str = "amount-changed";
/// The payment can no longer be withdrawn.
pub const NOT_CANCELLABLE: &str = "not-cancellable";
/// The payment can't be given back: it is not paid, or too old, or being given back.
pub const NOT_REFUNDABLE: &str = "not-refundable";
/// The payment's credit on the account was used meanwhile, so that it can't be given back.
pub const CREDIT_USED: &str = "credit-used";
/// The server does not offer this way to pay.
pub const UNSUPPORTED_METHOD: &str = "unsupported-method";
/// The server does not offer the document in this form.
pub const UNSUPPORTED_FORMAT: &str = "unsupported-format";
/// The server does not offer this operation yet.
pub const UNSUPPORTED: &str = "unsupported";
/// The challenge is not known, was answered already, or its time is over: ask for another.
pub const CHALLENGE_UNKNOWN: &str = "challenge-unknown";
/// The request does not prove that whoever asks holds the private keys.
pub const PROOF_REFUSED: &str = "proof-refused";
/// A key of these certificates or pairs is known already.
pub const KEY_KNOWN: &str = "key-known";
/// The key is bound already.
pub const KEY_BOUND: &str = "key-bound";
/// The key's state does not allow the step.
pub const KEY_STATE: &str = "key-state";
/// The key's place can't be taken: it has a successor, or no customer.
pub const KEY_SUCCEEDED: &str = "key-succeeded";
/// The administrator's role does not allow the operation.
pub const NOT_ALLOWED: &str = "not-allowed";
/// Nobody acts on his own key.
pub const OWN_KEY: &str = "own-key";
/// A customer of this number exists, or a meter is another customer's.
pub const CUSTOMER_EXISTS: &str = "customer-exists";
/// The act's signature, session, number or time is not acceptable.
pub const COMMAND_REFUSED: &str = "command-refused";

impl OpError {
    /// An error that repeating does not mend.
    pub fn fatal(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), retry: false }
    }

    /// An error that may pass.
    pub fn passing(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), retry: true }
    }
}
