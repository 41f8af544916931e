//! The server's keys in hardware: the last step of a handshake, and every signature of the company.
//!
//! [`Hsm`] is what the rest of the server sees; [`Pkcs11Hsm`] reaches a token through PKCS#11 with a few threads that
//! own their sessions. Private keys never leave the token. What a call can fail with is [`HsmError`]: a caller only has
//! to ask [`HsmError::is_transient`] whether to tell its peer to come back later (close code 4503).

use std::fmt;

use zeroize::Zeroizing;

pub mod keys;
pub mod module;
pub mod pool;
mod queue;
pub mod session;
pub mod uri;

pub use pool::{HsmSettings, Pkcs11Hsm};
pub use uri::Pkcs11Uri;

/// The signing keys that have a name of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HsmKey {
    /// Signs certificates and revocation lists.
    Issuing,
    /// Signs payment receipts and the heads of the audit chain.
    Receipt,
}

impl fmt::Display for HsmKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Issuing => "issuing",
            Self::Receipt => "receipt",
        })
    }
}

/// A fresh envelope key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeKey {
    /// Its CKA_ID: 16 random bytes.
    pub key_id: Vec<u8>,
    /// The X25519 public key.
    pub public: [u8; 32],
}

/// Whether the token can be used, for health reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HsmState {
    /// No session was opened yet.
    Starting,
    /// At least one session is open and logged in.
    Ready,
    /// The token is lost; sessions are reopened with back-off. The word says what was seen last.
    Lost(String),
    /// The PIN was refused; it is not tried again before a restart, so that the token isn't locked.
    PinRefused(String),
}

impl HsmState {
    /// Whether calls can be expected to succeed.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready)
    }
}

impl fmt::Display for HsmState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starting => f.write_str("starting"),
            Self::Ready => f.write_str("ready"),
            Self::Lost(why) => write!(f, "lost: {why}"),
            Self::PinRefused(why) => write!(f, "the PIN was refused: {why}"),
        }
    }
}

/// Why the HSM did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HsmError {
    /// The token is lost, busy or late: try again later.
    #[error("the HSM is unavailable: {0}")]
    Unavailable(String),
    /// The token holds no key of that id (an envelope key long past its end).
    #[error("the HSM holds no such key")]
    NoSuchKey,
    /// What was to be unwrapped was not wrapped by this `kek`, or was changed.
    #[error("the wrapped data key does not open")]
    NotOpened,
    /// The token refused the operation; the configuration or the token is at fault, not the peer.
    #[error("the HSM refused the operation: {0}")]
    Refused(String),
}

impl HsmError {
    /// Whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// What the server asks of its HSM. Every call has a time limit.
#[async_trait::async_trait]
pub trait Hsm: Send + Sync + 'static {
    /// An Ed25519 signature over `message`.
    async fn sign(&self, key: HsmKey, message: &[u8]) -> Result<[u8; 64], HsmError>;

    /// X25519 of the envelope key `key_id` (its CKA_ID) and `peer`. An all-zero result is given as it is: the protocol
    /// decides about it.
    async fn agree(&self, key_id: &[u8], peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, HsmError>;

    /// Encrypts a data key under `kek` inside the token.
    async fn wrap_data_key(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, HsmError>;

    /// Opens what [`wrap_data_key`](Self::wrap_data_key) gave.
    async fn unwrap_data_key(&self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, HsmError>;

    /// Makes a new envelope key (X25519) in the token.
    async fn generate_envelope_key(&self) -> Result<EnvelopeKey, HsmError>;

    /// Destroys an envelope key; whether there was one.
    async fn destroy_envelope_key(&self, key_id: &[u8]) -> Result<bool, HsmError>;

    /// The Ed25519 public key of `key`.
    async fn public_key(&self, key: HsmKey) -> Result<[u8; 32], HsmError>;

    /// Asks the token itself whether it is there with its keys.
    async fn check(&self) -> Result<(), HsmError>;

    /// Whether the token can be used, without asking it.
    fn state(&self) -> HsmState;
}
