//! The two traits every backend implements, and what a token tells about itself.

use zeroize::Zeroizing;

use crate::certificate::TokenCertificate;
use crate::error::TokenError;
use crate::key::{KeyId, KeyKind, KeyRef, TokenKey};
use crate::pin::Pin;

/// A token that may be present or not; cheap to keep.
pub trait Token: Send + Sync {
    /// What the token says about itself, read anew on each call.
    ///
    /// # Errors
    /// [`TokenError::NoToken`], [`TokenError::SeveralTokens`], [`TokenError::Busy`], [`TokenError::Device`].
    fn info(&self) -> Result<TokenInfo, TokenError>;

    /// The certificates readable before the PIN; empty when there are none.
    ///
    /// # Errors
    /// As [`Token::info`].
    fn certificates(&self) -> Result<Vec<TokenCertificate>, TokenError>;

    /// Tries `pin` once.
    ///
    /// Refuses without a try when the token tells that it is locked, that only one try is left (unless
    /// [`Caution::LastTryConfirmed`]), or when the PIN's length is outside the token's limits.
    ///
    /// # Errors
    /// [`TokenError::WrongPin`], [`TokenError::LastTry`], [`TokenError::Locked`], [`TokenError::PinExpired`],
    /// [`TokenError::PinLength`], [`TokenError::PinNotInitialised`], [`TokenError::AlreadyLoggedIn`], and those of
    /// [`Token::info`].
    fn login(&self, pin: &Pin, caution: Caution) -> Result<Box<dyn TokenSession>, TokenError>;

    /// Whether [`Token::login_to_write`] may work: some tokens' keys are made once and for all.
    fn makes_keys(&self) -> bool {
        false
    }

    /// As [`Token::login`], with the right to make keys and write certificates ([`TokenSession::maker`]).
    ///
    /// # Errors
    /// As [`Token::login`]; [`TokenError::UnsupportedMechanism`] for a token whose keys are made once and for all.
    fn login_to_write(&self, pin: &Pin, caution: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        let _ = (pin, caution);
        Err(TokenError::UnsupportedMechanism("making new keys"))
    }

    /// Changes the PIN from `old` to `new`. A wrong `old` costs a try, so the same cautions hold as at login.
    ///
    /// # Errors
    /// As [`Token::login`]; [`TokenError::PinLength`] or [`TokenError::PinRefused`] for a `new` the token won't take.
    fn change_pin(&self, old: &Pin, new: &Pin, caution: Caution) -> Result<(), TokenError>;

    /// The first certificate whose key is of `kind`.
    ///
    /// # Errors
    /// [`TokenError::CertificateMissing`], and those of [`Token::info`].
    fn certificate_for(&self, kind: KeyKind) -> Result<TokenCertificate, TokenError> {
        self.certificates()?
            .into_iter()
            .find(|certificate| certificate.is_for(kind))
            .ok_or(TokenError::CertificateMissing(kind))
    }
}

/// A logged-in token. Dropping it logs the token out: the PIN's state lives in the token and is shared by every program
/// on the machine, so a session is held no longer than it is needed.
///
/// After [`TokenError::Removed`] or [`TokenError::LoggedOut`] a session stays dead, even if the token comes back: log
/// in again.
pub trait TokenSession: Send {
    /// The private keys of the two kinds used here.
    ///
    /// # Errors
    /// [`TokenError::Removed`], [`TokenError::LoggedOut`], [`TokenError::Device`].
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError>;

    /// Signs `message` (pure Ed25519, RFC 8032). Keep it short, up to 1,024 bytes: smart cards take no more.
    ///
    /// # Errors
    /// [`TokenError::KeyMissing`], [`TokenError::UnsupportedMechanism`], and those of [`TokenSession::keys`].
    fn sign_ed25519(&self, key: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError>;

    /// X25519 (RFC 7748) of the key and `peer`, unhashed.
    ///
    /// # Errors
    /// [`TokenError::WeakPeer`] when the result is all zero; otherwise as [`TokenSession::sign_ed25519`].
    fn agree_x25519(&self, key: &KeyRef, peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError>;

    /// What makes keys on this token, if the login allows it.
    fn maker(&self) -> Option<&dyn KeyMaker> {
        None
    }

    /// Logs out and tells whether that worked. Dropping the session does the same silently.
    ///
    /// # Errors
    /// [`TokenError::Removed`], [`TokenError::Device`].
    fn logout(self: Box<Self>) -> Result<(), TokenError>;
}

/// Makes key pairs and writes certificates on a logged-in token.
pub trait KeyMaker {
    /// Makes one pair that never leaves the token, with an identifier of its own.
    ///
    /// # Errors
    /// [`TokenError::UnsupportedMechanism`], [`TokenError::Device`], and those of [`TokenSession::keys`].
    fn make_key(&self, kind: KeyKind, label: &str) -> Result<TokenKey, TokenError>;

    /// Stores a certificate beside its key and reads it back.
    ///
    /// # Errors
    /// [`TokenError::KeyMissing`] when the token does not hold the certified key, [`TokenError::BadCertificate`], and those of
    /// [`TokenSession::keys`].
    fn store_certificate(&self, der: &[u8], label: &str) -> Result<KeyId, TokenError>;

    /// Deletes a pair and its certificates for good. What was sealed to it can never be opened again.
    ///
    /// # Errors
    /// [`TokenError::KeyMissing`], and those of [`TokenSession::keys`].
    fn remove_key(&self, kind: KeyKind, key: &KeyRef) -> Result<(), TokenError>;
}

/// Whether the person has agreed to spend the last try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// Refuse with [`TokenError::LastTry`] rather than spend the last try.
    Normal,
    /// The person was told that this is the last try, and wants it.
    LastTryConfirmed,
}

/// What a token tells about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenInfo {
    /// The label given at initialisation.
    pub label: String,
    /// The serial number, as text.
    pub serial: String,
    /// The manufacturer's name.
    pub manufacturer: String,
    /// The model's name.
    pub model: String,
    /// How many PIN tries are left, as far as the token tells.
    pub tries: Tries,
    /// What state the PIN is in.
    pub pin: PinState,
    /// The shortest and longest PIN in bytes that the token takes.
    pub pin_length: (usize, usize),
}

impl TokenInfo {
    /// Whether the PIN should be changed before anything else.
    pub fn must_change_pin(&self) -> bool {
        self.pin == PinState::MustChange
    }
}

/// How many PIN tries are left, as exactly as the token tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tries {
    /// Exactly so many.
    Exact(u32),
    /// Fewer than at first, by at least one wrong PIN (`CKF_USER_PIN_COUNT_LOW`).
    Low,
    /// One (`CKF_USER_PIN_FINAL_TRY`).
    Final,
    /// None (`CKF_USER_PIN_LOCKED`).
    Locked,
    /// The token says nothing: all tries may be left, or the token does not count.
    NotTold,
}

impl Tries {
    /// Whether the token tells that the next wrong PIN locks it.
    pub fn is_last(self) -> bool {
        matches!(self, Self::Final | Self::Exact(1))
    }

    /// Whether the token tells that no try is left.
    pub fn is_locked(self) -> bool {
        matches!(self, Self::Locked | Self::Exact(0))
    }
}

/// What state the user PIN is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinState {
    /// Set.
    Usable,
    /// Still the one set at manufacture or by the issuer, or expired: it should be changed (`CKF_USER_PIN_TO_BE_CHANGED`).
    MustChange,
    /// Never set: the token has not been handed out.
    NotInitialised,
}
