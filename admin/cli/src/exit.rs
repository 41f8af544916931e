//! Failures and their exit status, the same as `gridkey`'s.

use gridkey_client::{
    config::ConfigError,
    key::KeyError,
    session::{CallError, SessionFailure},
};
use gridkey_desk::DeskError;
use gridkey_token::TokenError;
use serde::Serialize;

/// The kinds of failure. Each has its exit status, which scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// 1
    Other,
    /// 2
    Usage,
    /// 3
    Key,
    /// 4
    NotLetIn,
    /// 5
    Network,
    /// 6
    Refused,
    /// 7
    Unknown,
}

impl Kind {
    /// The exit status.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Other => 1,
            Self::Usage => 2,
            Self::Key => 3,
            Self::NotLetIn => 4,
            Self::Network => 5,
            Self::Refused => 6,
            Self::Unknown => 7,
        }
    }
}

/// Why a command failed, in words for a person and in a word for a program.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    /// The kind.
    pub(crate) kind: Kind,
    /// A stable word where there is one.
    pub(crate) code: Option<String>,
    /// For a person.
    pub(crate) message: String,
}

/// What a command ends with when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// All as asked.
    Ok,
    /// What was looked at does not hold.
    Bad,
}

impl Done {
    /// The exit status.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Bad => 1,
        }
    }
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, code: None, message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub(crate) fn other(message: impl std::fmt::Display) -> Self {
        Self::new(Kind::Other, message.to_string())
    }

    pub(crate) fn coded(kind: Kind, code: &str, message: impl Into<String>) -> Self {
        Self { kind, code: Some(code.to_owned()), message: message.into() }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(Kind::Other, format!("{}: {error}", path.display()))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self::new(Kind::Key, error.to_string())
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::new(Kind::Key, error.to_string())
    }
}

impl From<&SessionFailure> for Failure {
    fn from(failure: &SessionFailure) -> Self {
        let kind = if failure.disowns_key() {
            Kind::NotLetIn
        } else if failure.invites_retry() {
            Kind::Network
        } else {
            Kind::Other
        };
        Self::new(kind, failure.to_string())
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Session(failure) => failure.as_ref().into(),
            DeskError::NotAdmin => Self::new(Kind::NotLetIn, error.to_string()),
            DeskError::Key(error) => error.into(),
            DeskError::Call(CallError::Refused(refusal)) => {
                Self::coded(Kind::Refused, &refusal.code, format!("{} ({})", refusal.message, refusal.code))
            }
            DeskError::Call(error @ (CallError::Lost | CallError::NoAnswer)) => {
                Self::new(Kind::Unknown, error.to_string())
            }
            DeskError::Call(CallError::NotConnected) => Self::new(Kind::Network, "the connection is gone"),
            DeskError::Call(error) => Self::other(error),
        }
    }
}
