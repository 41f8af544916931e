//! Problems from errors: many causes, fewer things that a person can do.

use gridkey_client::{
    app::Problem as Common,
    config::ConfigError,
    key::KeyError,
    session::{CallError, SessionFailure},
};
use gridkey_protocol::{frame::OpError, ops::error};
use gridkey_token::TokenError;

use super::Problem;
use crate::{desk::DeskError, issue::Trouble};

impl From<&OpError> for Problem {
    fn from(refusal: &OpError) -> Self {
        by_word(&refusal.code, &refusal.message)
    }
}

fn by_word(code: &str, message: &str) -> Problem {
    match code {
        error::NOT_ALLOWED => Problem::NotAllowed,
        error::FORBIDDEN => Problem::NotAdministrator,
        error::OWN_KEY => Problem::OwnKey,
        error::KEY_BOUND => Problem::KeyBound,
        error::KEY_STATE | error::KEY_NOT_BOUND => Problem::KeyState,
        error::KEY_SUCCEEDED => Problem::KeySucceeded,
        error::KEY_KNOWN => Problem::KeyKnown,
        error::CHALLENGE_UNKNOWN | error::PROOF_REFUSED => Problem::ProofRefused,
        error::CUSTOMER_EXISTS => Problem::CustomerExists,
        error::NOT_FOUND => Problem::NotFound,
        error::UNAVAILABLE | error::BUSY => Problem::Unavailable,
        error::UNSUPPORTED => Problem::Unsupported,
        error::NOT_REFUNDABLE => Problem::NotRefundable,
        error::CREDIT_USED => Problem::CreditUsed,
        error::BAD_REQUEST => Problem::BadRequest(message.to_owned()),
        code => Problem::Common(Common::Refused(code.to_owned())),
    }
}

impl From<&CallError> for Problem {
    fn from(error: &CallError) -> Self {
        match error {
            CallError::Refused(refusal) => refusal.into(),
            error => Self::Common(error.into()),
        }
    }
}

impl From<&DeskError> for Problem {
    fn from(error: &DeskError) -> Self {
        match error {
            DeskError::Session(failure) => failure.as_ref().into(),
            DeskError::NotAdmin => Self::NotAdministrator,
            DeskError::Call(error) => error.into(),
            DeskError::Key(error) => error.into(),
        }
    }
}

impl From<&SessionFailure> for Problem {
    fn from(failure: &SessionFailure) -> Self {
        Self::Common(failure.into())
    }
}

impl From<&KeyError> for Problem {
    fn from(error: &KeyError) -> Self {
        Self::Common(error.into())
    }
}

impl From<&TokenError> for Problem {
    fn from(error: &TokenError) -> Self {
        Self::Common(error.into())
    }
}

impl From<&ConfigError> for Problem {
    fn from(error: &ConfigError) -> Self {
        Self::Common(error.into())
    }
}

impl From<&Trouble> for Problem {
    fn from(trouble: &Trouble) -> Self {
        match trouble {
            Trouble::Removed => Self::TokenGone,
            Trouble::Full => Self::TokenFull,
            Trouble::SoPin { locked: false } => Self::WrongSoPin,
            Trouble::SoPin { locked: true } => Self::SoPinLocked,
            Trouble::Token(text) => Self::TokenFailed(text.clone()),
            Trouble::OtherToken => Self::OtherToken,
            Trouble::OtherKeys => Self::OtherKeys,
            Trouble::Refused { code, message } => by_word(code, message),
            Trouble::Lost(_) => Self::Common(Common::ConnectionLost),
        }
    }
}
