//! What can go wrong for a person who uses the client.

use std::sync::Arc;

use gridkey_domain::{BillId, PaymentId};
use gridkey_protocol::receipt::ReceiptError;

use crate::{
    key::KeyError,
    queue::{AdmitError, CancelError},
    random::NoRandomness,
    session::{CallError, SessionFailure},
    store::StoreError,
};

/// Why something was not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ClientError {
    /// There is no session and none was asked for.
    #[error("offline, and nothing about this was kept on this machine")]
    Offline,
    /// There is no session because this failed.
    #[error(transparent)]
    Session(Arc<SessionFailure>),
    /// The server did not do it.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store did not do it.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// The key did not do it.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// This key has never been logged in on this machine, so its customer is not known.
    #[error("this key was never logged in on this computer: log in once while connected")]
    NeverLoggedIn,
    /// No such payment here or at the server.
    #[error("no payment {0}")]
    NoSuchPayment(PaymentId),
    /// The payment has no receipt, since it is not paid.
    #[error("payment {0} has no receipt: it is {1}")]
    NoReceipt(PaymentId, gridkey_domain::PaymentState),
    /// The receipt proves nothing.
    #[error("the receipt is not genuine: {0}")]
    Receipt(#[from] ReceiptError),
    /// Withdrawing is not possible.
    #[error(transparent)]
    Cancel(#[from] CancelError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl From<StoreError> for ClientError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl ClientError {
    /// Whether the server could not be asked, so that what was kept may answer instead. A server that disowned this key has
    /// answered.
    pub fn is_offline(&self) -> bool {
        match self {
            Self::Offline => true,
            Self::Session(failure) => !failure.disowns_key(),
            Self::Call(error) => matches!(error, CallError::NotConnected | CallError::Lost | CallError::NoAnswer),
            _ => false,
        }
    }
}

/// Why an order did not come about or did not arrive.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PayError {
    /// Something general.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The order is not one to make.
    #[error(transparent)]
    Admit(#[from] AdmitError),
    /// The bill is not known on this machine, so its amount must be given.
    #[error("the amount of bill {0} is not known offline: give it")]
    AmountUnknown(BillId),
    /// The bill has nothing left to pay.
    #[error("bill {0} has nothing left to pay")]
    NothingOpen(BillId),
    /// A bill is named twice, or nothing is to be paid, or the sum is too large.
    #[error("the order pays nothing, or names a bill twice")]
    Malformed,
    /// The key has no store to keep orders in.
    #[error("this key cannot keep orders offline: it has no X25519 key")]
    NoStore,
    /// The order went out and no answer came: it may have arrived.
    #[error("payment {0} was sent and no answer came: its outcome is not known yet")]
    OutcomeUnknown(PaymentId),
    /// The server refused the order for good; nothing is paid.
    #[error("payment {payment} was refused: {error}")]
    Refused {
        /// The payment.
        payment: PaymentId,
        /// The server's word and sentence.
        error: gridkey_protocol::frame::OpError,
    },
    /// The order surely did not arrive and was given up; nothing is paid.
    #[error("payment {payment} did not reach the server and was given up; nothing is paid: {error}")]
    GivenUp {
        /// The payment.
        payment: PaymentId,
        /// Why.
        error: CallError,
    },
}

impl From<StoreError> for PayError {
    fn from(error: StoreError) -> Self {
        Self::Client(error.into())
    }
}

impl From<KeyError> for PayError {
    fn from(error: KeyError) -> Self {
        Self::Client(error.into())
    }
}

impl From<NoRandomness> for PayError {
    fn from(error: NoRandomness) -> Self {
        Self::Client(error.into())
    }
}
