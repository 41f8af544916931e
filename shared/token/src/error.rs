//! What can go wrong with a token, told apart by what helps.

use std::path::PathBuf;

use thiserror::Error;

use crate::key::KeyKind;
use crate::pin::PinRejected;
use crate::token::Tries;

/// Why a token did not do what was asked. Never holds a PIN or a key.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The PIN was wrong; a try is spent.
    #[error("the PIN is wrong{}", tries_suffix(*.tries))]
    WrongPin {
        /// What the token tells after this try.
        tries: Tries,
    },
    /// Only one try is left and the caller did not say that the person agreed. No try was spent.
    #[error("only one PIN try is left: a wrong PIN now locks the key")]
    LastTry,
    /// No try is left.
    #[error("the PIN is locked")]
    Locked,
    /// The token wants the PIN changed first.
    #[error("the PIN has expired and must be changed")]
    PinExpired,
    /// The token never got a user PIN.
    #[error("no PIN has been set on this key yet")]
    PinNotInitialised,
    /// Outside what the token takes; no try was spent. `(0, 0)` when the token does not tell its limits.
    #[error("the PIN must be {min} to {max} bytes long")]
    PinLength {
        /// Shortest, in bytes.
        min: usize,
        /// Longest, in bytes.
        max: usize,
    },
    /// The token does not take this new PIN (characters or weakness).
    #[error("the key does not accept this PIN")]
    PinRefused,
    /// The text is no PIN at all.
    #[error(transparent)]
    NotAPin(#[from] PinRejected),
    /// This program holds a login on the token already; use that session or drop it first.
    #[error("this program is logged in to the key already")]
    AlreadyLoggedIn,
    /// The session's login is gone: another program logged the token out or reset it.
    #[error("the key was logged out by another program")]
    LoggedOut,
    /// The token was pulled out in mid-use; this session stays dead.
    #[error("the key was removed")]
    Removed,
    /// No token, or none that matches.
    #[error("no key found{}", if .0.is_empty() { String::new() } else { format!(" for {}", .0) })]
    NoToken(
        /// What was looked for.
        String,
    ),
    /// More than one token matches; the URI must say which.
    #[error("several keys match: {}", .0.join(", "))]
    SeveralTokens(
        /// Label and serial of each.
        Vec<String>,
    ),
    /// Another program holds the token for itself, or all its sessions are taken.
    #[error("another program is using the key")]
    Busy,
    /// The PKCS#11 module cannot be loaded or started.
    #[error("the PKCS#11 module {} cannot be used: {reason}", path.display())]
    ModuleNotLoadable {
        /// The module's path.
        path: PathBuf,
        /// The loader's or the module's words.
        reason: String,
    },
    /// The token holds no such key.
    #[error("the key holds no {kind} private key ({wanted})")]
    KeyMissing {
        /// The kind looked for.
        kind: KeyKind,
        /// The reference looked for.
        wanted: String,
    },
    /// The token shows no certificate for that kind of key.
    #[error("the key holds no certificate for an {0} key")]
    CertificateMissing(KeyKind),
    /// A certificate does not parse or does not fit its key.
    #[error("bad certificate: {0}")]
    BadCertificate(String),
    /// The token cannot do that.
    #[error("the key does not support {0}")]
    UnsupportedMechanism(&'static str),
    /// The peer's public key gives an all-zero secret.
    #[error("the peer's X25519 key is weak")]
    WeakPeer,
    /// The caller's argument is outside what the token takes (an empty or overlong message, say).
    #[error("not possible: {0}")]
    Argument(String),
    /// The token or its module failed.
    #[error("the key failed ({function}: {code})")]
    Device {
        /// The PKCS#11 function, or the step.
        function: String,
        /// The return code's name.
        code: String,
    },
    /// A software key's file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A software key's file is damaged, or of a version not known here.
    #[error("{}: {reason}", path.display())]
    FileFormat {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system gave no random bytes.
    #[error("no randomness from the system")]
    Randomness,
}

/// What helps against a [`TokenError`], for screens and retry loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Ask the person for the PIN again.
    TypePinAgain,
    /// Ask whether to spend the last try.
    ConfirmLastTry,
    /// Have the PIN changed.
    ChangePin,
    /// Only the issuer can help: unlock, set up or replace the key.
    AskIssuer,
    /// Plug in the (right) key, then log in again.
    InsertAndLogIn,
    /// Log in again.
    LogIn,
    /// Say which of several keys is meant.
    Choose,
    /// Try again later; another program is in the way.
    TryLater,
    /// The set-up of this machine is wrong: module path, file, permission.
    FixSetup,
    /// The other side of the key agreement is at fault; do not go on with it.
    DistrustPeer,
    /// The calling program is at fault.
    FixProgram,
}

impl TokenError {
    /// What helps.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::WrongPin { tries } if tries.is_locked() => Remedy::AskIssuer,
            Self::WrongPin { .. } | Self::PinLength { .. } | Self::PinRefused | Self::NotAPin(_) => {
                Remedy::TypePinAgain
            }
            Self::LastTry => Remedy::ConfirmLastTry,
            Self::PinExpired => Remedy::ChangePin,
            Self::Locked | Self::PinNotInitialised | Self::KeyMissing { .. } | Self::CertificateMissing(_) => {
                Remedy::AskIssuer
            }
            Self::BadCertificate(_) | Self::UnsupportedMechanism(_) => Remedy::AskIssuer,
            Self::Removed | Self::NoToken(_) => Remedy::InsertAndLogIn,
            Self::LoggedOut => Remedy::LogIn,
            Self::SeveralTokens(_) => Remedy::Choose,
            Self::Busy | Self::Device { .. } | Self::Randomness => Remedy::TryLater,
            Self::ModuleNotLoadable { .. } | Self::File { .. } | Self::FileFormat { .. } => Remedy::FixSetup,
            Self::WeakPeer => Remedy::DistrustPeer,
            Self::AlreadyLoggedIn | Self::Argument(_) => Remedy::FixProgram,
        }
    }
}

/// `, N tries left` as far as it is told.
fn tries_suffix(tries: Tries) -> String {
    match tries {
        Tries::Exact(1) | Tries::Final => "; one try is left".to_owned(),
        Tries::Exact(n) => format!("; {n} tries are left"),
        Tries::Low => "; the key says that tries are running low".to_owned(),
        Tries::Locked => "; the PIN is locked now".to_owned(),
        Tries::NotTold => "; the key does not tell how many tries are left".to_owned(),
    }
}
