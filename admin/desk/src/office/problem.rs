//! What can go wrong, so that a person is told what happened and what to do.

use gridkey_client::app::Problem as Common;

/// A problem, each with a message of its own in every language ([`Problem::word`]). Texts in it are for support only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// One that the customers' program has, too: keys, PINs, the line.
    Common(Common),
    /// The key is a customer's (its number) and opens nothing here.
    CustomersKey(String),
    /// The server does not know this key as an administrator's.
    NotAdministrator,
    /// The role does not allow it.
    NotAllowed,
    /// Nobody acts on the own key.
    OwnKey,
    /// The key is bound already.
    KeyBound,
    /// The key's state does not allow it.
    KeyState,
    /// The key's place is taken, or cannot be taken.
    KeySucceeded,
    /// These pairs or certificates are known already.
    KeyKnown,
    /// The challenge was answered or ran out, or the proof was refused: begin anew.
    ProofRefused,
    /// A customer of this number exists, or a meter is another customer's.
    CustomerExists,
    /// There is no such thing (any more).
    NotFound,
    /// A part of the service can't be reached: later it may work.
    Unavailable,
    /// The server does not offer this.
    Unsupported,
    /// The payment is not paid, is being given back, or is older than the gateway gives back.
    NotRefundable,
    /// What the payment left on the account was used: it cannot be given back.
    CreditUsed,
    /// Something in what was typed is not acceptable; the server's sentence names it.
    BadRequest(String),
    /// There is no module for the reader with the blank tokens.
    NoReaderModule,
    /// The token is not in a reader (any more).
    TokenGone,
    /// The token is not blank: erase it or take another.
    TokenNotBlank,
    /// The token is full.
    TokenFull,
    /// This is another token than the one that was begun with.
    OtherToken,
    /// The certificates that came are for other keys than the token's.
    OtherKeys,
    /// The token failed; the driver's words.
    TokenFailed(String),
    /// The token's security officer's PIN is wrong.
    WrongSoPin,
    /// The token's security officer's PIN is locked: the token is lost.
    SoPinLocked,
    /// The label is empty or longer than 32 bytes.
    BadLabel,
    /// It was stopped before it was done.
    Stopped,
}

impl Problem {
    /// The stable word, part of the message's name. The words of [`Problem::Common`] are the customers' program's.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Common(problem) => problem.word(),
            Self::CustomersKey(_) => "customers-key",
            Self::NotAdministrator => "not-administrator",
            Self::NotAllowed => "not-allowed",
            Self::OwnKey => "own-key",
            Self::KeyBound => "key-bound",
            Self::KeyState => "key-state",
            Self::KeySucceeded => "key-succeeded",
            Self::KeyKnown => "key-known",
            Self::ProofRefused => "proof-refused",
            Self::CustomerExists => "customer-exists",
            Self::NotFound => "not-found",
            Self::Unavailable => "unavailable",
            Self::Unsupported => "unsupported",
            Self::NotRefundable => "not-refundable",
            Self::CreditUsed => "credit-used",
            Self::BadRequest(_) => "bad-request",
            Self::NoReaderModule => "no-reader-module",
            Self::TokenGone => "token-gone",
            Self::TokenNotBlank => "token-not-blank",
            Self::TokenFull => "token-full",
            Self::OtherToken => "other-token",
            Self::OtherKeys => "other-keys",
            Self::TokenFailed(_) => "token-failed",
            Self::WrongSoPin => "wrong-so-pin",
            Self::SoPinLocked => "so-pin-locked",
            Self::BadLabel => "bad-label",
            Self::Stopped => "stopped",
        }
    }

    /// The problem that the customers' program has, too.
    pub const fn common(&self) -> Option<&Common> {
        match self {
            Self::Common(problem) => Some(problem),
            _ => None,
        }
    }
}

impl From<Common> for Problem {
    fn from(problem: Common) -> Self {
        Self::Common(problem)
    }
}
