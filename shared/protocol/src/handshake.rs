//! `hello` and `authenticate`: the handshake of both sides as state machines named by what they await.
//!
//! Server: [`ServerHandshake`] awaits `authenticate`, [`ExpectAgreement`] awaits the HSM's X25519 answer.
//! Client: [`ClientHandshake`] awaits `hello`, [`ExpectSignature`] awaits the USBKEY's signature.

mod client;
mod messages;
mod server;

pub use client::{ClientHandshake, ExpectSignature, ProofParts};
pub use messages::{Authenticate, Binding, Hello, Proof, Resume};
pub use server::{ExpectAgreement, HelloParts, ServerHandshake};

use crate::{
    cbor::DecodeError,
    certificate::ChainError,
    close::CloseCode,
    crypto::{self, CryptoError, Secret32},
    frame::SessionKeys,
};

/// Why a handshake ended without a session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// The peer's message is not what the contract says.
    #[error("the peer's message is malformed: {0}")]
    Malformed(#[from] DecodeError),
    /// The server speaks a version this client does not know.
    #[error("the server speaks version {0} of the protocol")]
    UnknownVersion(u64),
    /// The peer's ephemeral key, or its answer, gives an all-zero secret.
    #[error("the peer sent a key of small order")]
    AllZero,
    /// `sealed` does not open: the two sides saw different hellos, channels or keys.
    #[error("the proof does not open")]
    DoesNotOpen,
    /// The peer's certificates are not trusted for this.
    #[error("the peer's certificates are not trusted: {0}")]
    Chain(#[from] ChainError),
    /// The proof's signature is not the certificate's key's.
    #[error("the proof's signature is not valid")]
    Signature,
    /// The certificate's time is over or has not come.
    #[error("the certificate is out of its time")]
    Expired,
    /// The server offers no channel binding and this client's configuration does not allow that.
    #[error("the server does not bind the session to its TLS channel")]
    Unbound,
    /// The server binds to a TLS channel, but there is no exporter value.
    #[error("the channel has no exporter to bind to")]
    NoExporter,
}

impl HandshakeError {
    /// The close code to send.
    pub const fn close(&self) -> CloseCode {
        match self {
            Self::Malformed(_) => CloseCode::Malformed,
            Self::UnknownVersion(_) => CloseCode::UnknownVersion,
            Self::Expired => CloseCode::Expired,
            Self::NoExporter => CloseCode::Internal,
            Self::AllZero | Self::DoesNotOpen | Self::Chain(_) | Self::Signature | Self::Unbound => {
                CloseCode::NotAuthenticated
            }
        }
    }
}

impl From<CryptoError> for HandshakeError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::AllZero => Self::AllZero,
            CryptoError::DoesNotOpen => Self::DoesNotOpen,
            CryptoError::Signature => Self::Signature,
        }
    }
}

/// `th1 = H("gridkey.v1/hello" || LP(hello) || LP(cb) || client ephemeral)`.
fn first_transcript(hello: &[u8], channel_binding: &[u8], client_ephemeral: &[u8; 32]) -> [u8; 32] {
    crypto::sha256(&[
        b"gridkey.v1/hello",
        &crypto::length_prefix(hello),
        hello,
        &crypto::length_prefix(channel_binding),
        channel_binding,
        client_ephemeral,
    ])
}

/// `k_auth`, which seals the proof.
fn proof_key(th1: &[u8; 32], ee: &Secret32) -> Secret32 {
    crypto::hkdf(th1, &ee[..], b"gridkey.v1/authenticate")
}

/// What the USBKEY signs to log in.
fn proof_message(th1: &[u8; 32]) -> Vec<u8> {
    [&b"gridkey.v1/authenticate\0"[..], th1].concat()
}

/// The session's keys from both agreements and the whole transcript.
fn session_keys(th1: &[u8; 32], authenticate: &[u8], ee: &Secret32, es: &Secret32) -> SessionKeys {
    let th2 = crypto::sha256(&[b"gridkey.v1/session", th1, &crypto::length_prefix(authenticate), authenticate]);
    let mut ikm = zeroize::Zeroizing::new([0; 64]);
    ikm[..32].copy_from_slice(&ee[..]);
    ikm[32..].copy_from_slice(&es[..]);
    let keys = crypto::hkdf::<64>(&th2, &ikm[..], b"gridkey.v1/session");
    let half = |from: usize| {
        let mut key = Secret32::default();
        key.copy_from_slice(&keys[from..from + 32]);
        key
    };
    SessionKeys { client_to_server: half(0), server_to_client: half(32) }
}

/// `plain` sealed as a proof for this hello by whoever holds `secret`.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn seal_any_proof(
    sent: &[u8],
    hello: &Hello,
    secret: &[u8; 32],
    exporter: Option<[u8; 32]>,
    plain: &[u8],
) -> Option<Vec<u8>> {
    let channel_binding = exporter.as_ref().map_or(&[][..], |exporter| &exporter[..]);
    let th1 = first_transcript(sent, channel_binding, &crypto::x25519_public(secret));
    let ee = crypto::x25519(secret, &hello.ephemeral.0).ok()?;
    Some(crypto::secretbox_seal(&proof_key(&th1, &ee), &[0; 24], plain))
}

#[cfg(test)]
pub(crate) mod tests;
