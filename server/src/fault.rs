//! What a client is told when the store, the platform or the server itself did not do its part: the cause goes to the log, a stable word to
//! the client.

use gridkey_protocol::{frame::OpError, ops::error};

use crate::{
    intranet::PlatformError,
    issue::IssueError,
    store::{Conflict, StoreError},
};

/// What a client is told of a fault of ours.
pub(crate) fn internal() -> OpError {
    OpError::fatal(error::INTERNAL, "the server has a fault; it was noted")
}

/// What a client is told while a part of the service is away.
pub(crate) fn unavailable() -> OpError {
    OpError::passing(error::UNAVAILABLE, "a part of the service is away; try again")
}

pub(crate) fn not_found(what: &str) -> OpError {
    OpError::fatal(error::NOT_FOUND, format!("no such {what}"))
}

impl From<StoreError> for OpError {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Unavailable(_) | StoreError::Busy => {
                tracing::warn!(%error, cause = ?std::error::Error::source(&error), "the store did not answer");
                unavailable()
            }
            StoreError::NotFound(what) => not_found(what),
            StoreError::Conflict(_) | StoreError::Damaged(_) | StoreError::Internal(_) => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "the store refused an operation");
                internal()
            }
        }
    }
}

impl From<IssueError> for OpError {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Store(error) => of_key(error),
            IssueError::Ca(error) if error.is_transient() => {
                tracing::warn!(%error, "the authority did not sign");
                unavailable()
            }
            IssueError::Ca(error) => {
                tracing::error!(%error, "the authority did not sign");
                internal()
            }
        }
    }
}

/// What whoever acts on keys is told: where another key or step stands in the way is no fault.
pub(crate) fn of_key(error: StoreError) -> OpError {
    let StoreError::Conflict(conflict) = &error else { return error.into() };
    let code = match conflict {
        Conflict::KeyExists => error::KEY_KNOWN,
        Conflict::KeyBound => error::KEY_BOUND,
        Conflict::KeyState(_) => error::KEY_STATE,
        Conflict::Successor => error::KEY_SUCCEEDED,
        Conflict::OrderExists | Conflict::BillInPayment(_) | Conflict::OrderState(_) | Conflict::DataKeyExists => {
            return error.into();
        }
    };
    OpError::fatal(code, conflict.to_string())
}

impl From<PlatformError> for OpError {
    fn from(error: PlatformError) -> Self {
        match error {
            PlatformError::Refused { code, message, retry } => Self { code, message, retry },
            PlatformError::Unavailable(cause) => {
                tracing::warn!(%cause, "the platform did not answer");
                unavailable()
            }
            PlatformError::Malformed(cause) => {
                tracing::error!(%cause, "the platform's answer is malformed");
                internal()
            }
        }
    }
}
