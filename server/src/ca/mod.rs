//! The company's certification authority: every certificate of PROTOCOL, and the revocation list.
//!
//! [`Issuer`] is what the server and its commands use: it issues under the `issuing` key, which never leaves the HSM. The
//! pieces below it are [`profile`] (what each kind of certificate carries), [`certificate`] (building and signing one),
//! [`request`] (PKCS#10) and [`crl`].

pub mod certificate;
pub mod crl;
pub mod issuer;
pub mod profile;
pub mod request;
pub mod signer;

pub use certificate::{Issued, PublicKey, Validity};
pub use issuer::{Issuer, KeyCertificates, Lifetimes};
pub use profile::{Arc, Host, Profile};
pub use request::CertificateRequest;
pub use signer::{CaSigner, HsmSigner, SoftwareSigner};

use crate::hsm::HsmError;

/// Why a certificate or revocation list was not issued.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// The signing key can't be used; [`HsmError::is_transient`] says whether to try again.
    #[error(transparent)]
    Hsm(#[from] HsmError),
    /// The signing key on the root's token can't be used.
    #[error("the root key can't sign: {0}")]
    Root(String),
    /// The request is not a PKCS#10 request for an Ed25519 key, or its signature does not verify.
    #[error("the certificate request is not acceptable: {0}")]
    Request(&'static str),
    /// A subject or host name that can't stand in a certificate.
    #[error("{0} can't stand in a certificate")]
    Name(&'static str),
    /// The certificate asked for would not be valid for a second: the issuing certificate has ended.
    #[error("the issuing certificate is out of time")]
    IssuerExpired,
    /// The system's random generator failed.
    #[error("no randomness from the system")]
    Random,
    /// A stored certificate is not one that this program issued.
    #[error("a certificate can't be read")]
    Damaged(#[source] der::Error),
    /// Encoding failed: a defect of ours.
    #[error("a certificate can't be encoded")]
    Encoding(#[source] der::Error),
}

impl CaError {
    /// Whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Hsm(error) if error.is_transient())
    }
}
