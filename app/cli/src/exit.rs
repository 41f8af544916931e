//! Failures and their exit status.

use gridkey_client::{
    client::{ClientError, PayError},
    config::ConfigError,
    key::KeyError,
    session::{CallError, SessionFailure},
    store::StoreError,
};
use gridkey_protocol::{frame::OpError, receipt::ReceiptError};
use gridkey_token::{TokenError, Tries};
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
    /// A stable word where there is one: the server's error code, the close reason, the token's state.
    pub(crate) code: Option<String>,
    /// For a person.
    pub(crate) message: String,
    /// PIN tries left after a wrong PIN, as the token tells them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tries: Option<String>,
}

/// What a command ends with when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// All as asked.
    Ok,
    /// Shown is what was kept: there is no connection.
    FromStore,
    /// Something is still queued, or its outcome is not known.
    Unknown,
    /// Something was refused.
    Refused,
}

impl Done {
    /// The exit status.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::FromStore => Kind::Network.status(),
            Self::Unknown => Kind::Unknown.status(),
            Self::Refused => Kind::Refused.status(),
        }
    }
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, code: None, message: message.into(), tries: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub(crate) fn other(message: impl std::fmt::Display) -> Self {
        Self::new(Kind::Other, message.to_string())
    }

    fn with_code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(Kind::Other, format!("{}: {error}", path.display()))
    }
}

/// The tries left as the token tells them.
pub(crate) fn tries_text(tries: Tries) -> String {
    match tries {
        Tries::Exact(number) => number.to_string(),
        Tries::Low => "low".into(),
        Tries::Final => "final".into(),
        Tries::Locked => "locked".into(),
        Tries::NotTold => "not told".into(),
    }
}

fn token_word(error: &TokenError) -> &'static str {
    match error {
        TokenError::WrongPin { .. } => "wrong-pin",
        TokenError::LastTry => "last-try",
        TokenError::Locked => "locked",
        TokenError::PinExpired => "pin-expired",
        TokenError::PinNotInitialised => "pin-not-set",
        TokenError::PinLength { .. } => "pin-length",
        TokenError::Removed => "removed",
        TokenError::NoToken(_) => "no-token",
        TokenError::SeveralTokens(_) => "several-tokens",
        TokenError::Busy => "busy",
        TokenError::ModuleNotLoadable { .. } => "module",
        _ => "token",
    }
}

impl From<&TokenError> for Failure {
    fn from(error: &TokenError) -> Self {
        let mut failure = Self::new(Kind::Key, error.to_string()).with_code(token_word(error));
        match error {
            TokenError::WrongPin { tries } => failure.tries = Some(tries_text(*tries)),
            TokenError::LastTry => {
                failure.message.push_str("; add --confirm-last-try to spend it");
                failure.tries = Some("final".into());
            }
            TokenError::Locked => {
                failure.message.push_str("; ask the power company to unlock or replace the key");
                failure.tries = Some("locked".into());
            }
            TokenError::PinExpired => failure.message.push_str(": `gridkey token change-pin`"),
            TokenError::NoToken(_) | TokenError::Removed => failure.message.push_str("; plug it in and try again"),
            _ => {}
        }
        failure
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self::from(&error)
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::from(&error)
    }
}

impl From<&KeyError> for Failure {
    fn from(error: &KeyError) -> Self {
        let word = match error {
            KeyError::Token(token) => return Self::from(token.as_ref()),
            KeyError::NoCertificate => "no-certificate",
            KeyError::NotTrusted(_) => "not-trusted",
            KeyError::NotYet(_) => "not-yet-valid",
            KeyError::Expired(_) => "expired",
            KeyError::NoAgreement => "no-agreement-key",
            KeyError::Driver => "driver",
        };
        Self::new(Kind::Key, error.to_string()).with_code(word)
    }
}

impl From<&SessionFailure> for Failure {
    fn from(failure: &SessionFailure) -> Self {
        let message = failure.to_string();
        if let SessionFailure::Key(error) = failure {
            return Self::from(error);
        }
        let kind = if failure.is_not_allowed_in() {
            Kind::NotLetIn
        } else {
            match failure {
                SessionFailure::Store(_) | SessionFailure::Random(_) => Kind::Other,
                _ => Kind::Network,
            }
        };
        let word = match failure {
            SessionFailure::Connect(gridkey_client::transport::ConnectError::Untrusted(_))
            | SessionFailure::Handshake(_) => "server-not-trusted",
            _ => failure.close_code().map_or("connection", gridkey_protocol::CloseCode::reason),
        };
        Self::new(kind, message).with_code(word)
    }
}

impl From<&OpError> for Failure {
    fn from(error: &OpError) -> Self {
        let kind = match error.code.as_str() {
            "unavailable" | "busy" | "internal" => Kind::Network,
            _ => Kind::Refused,
        };
        Self::new(kind, error.to_string()).with_code(&error.code)
    }
}

impl From<&CallError> for Failure {
    fn from(error: &CallError) -> Self {
        match error {
            CallError::Refused(refusal) => Self::from(refusal),
            CallError::BadRequest(_) | CallError::BadAnswer(_) => Self::other(error),
            CallError::NotConnected | CallError::Lost | CallError::NoAnswer => {
                Self::new(Kind::Network, error.to_string()).with_code("connection")
            }
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let message = error.to_string();
        match &error {
            ClientError::Session(failure) => Self::from(failure.as_ref()),
            ClientError::Call(error) => Self::from(error),
            ClientError::Key(error) => Self::from(error),
            ClientError::Offline | ClientError::NeverLoggedIn => Self::new(Kind::Network, message).with_code("offline"),
            ClientError::NoSuchPayment(_) => Self::new(Kind::Refused, message).with_code("not-found"),
            ClientError::NoReceipt(..) => Self::new(Kind::Refused, message).with_code("no-receipt"),
            ClientError::Receipt(_) => Self::new(Kind::Refused, message).with_code("receipt"),
            ClientError::Cancel(_) => Self::new(Kind::Refused, message).with_code("not-cancellable"),
            ClientError::Store(_) | ClientError::Random(_) => Self::other(message),
        }
    }
}

impl From<PayError> for Failure {
    fn from(error: PayError) -> Self {
        let message = error.to_string();
        match error {
            PayError::Client(error) => error.into(),
            PayError::Admit(_) => Self::new(Kind::Refused, message).with_code("limit"),
            PayError::NothingOpen(_) => Self::new(Kind::Refused, message).with_code("already-paid"),
            PayError::AmountUnknown(_) | PayError::Malformed => Self::usage(message),
            PayError::NoStore => Self::new(Kind::Key, message).with_code("no-agreement-key"),
            PayError::OutcomeUnknown(payment) => {
                let advice = format!("{message}; ask with `gridkey confirm {payment}` and do not pay again");
                Self::new(Kind::Unknown, advice).with_code("unknown")
            }
            PayError::Refused { error, .. } => Self { message, ..Self::new(Kind::Refused, "").with_code(&error.code) },
            PayError::GivenUp { error, .. } => Self { message, ..Self::from(&error) },
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string()).with_code("config")
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Key(error) => error.into(),
            other => Self::other(other).with_code("store"),
        }
    }
}

impl From<ReceiptError> for Failure {
    fn from(error: ReceiptError) -> Self {
        ClientError::from(error).into()
    }
}
