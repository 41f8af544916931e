//! Whether a message is the gateway's: the certificate it carries, the chain above it, the name in it, then the signature.
//!
//! The certificate comes inside the message, so it proves nothing by itself: anyone can make one with the right name. It
//! must be issued by a pinned middle certificate, which a pinned root issued.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use gridkey_domain::Timestamp;

use crate::{
    Message,
    certificate::{Certificate, CertificateError},
};

/// UnionPay's name in the third part of the common name of its production certificates.
pub const UNIONPAY: &str = "中国银联股份有限公司";

/// The same part in the certificates of UnionPay's test environment.
pub const TEST_NAME: &str = "00040000:SIGN";

/// Which third part (between `@`) of the common name is UnionPay's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRule {
    expected: String,
    allow_test: bool,
}

impl NameRule {
    /// The common name's third part must equal `expected`; with `allow_test` it may also be [`TEST_NAME`].
    pub fn new(expected: impl Into<String>, allow_test: bool) -> Self {
        Self { expected: expected.into(), allow_test }
    }

    fn accepts(&self, common_name: &str) -> bool {
        let third = common_name.split('@').nth(2);
        third.is_some_and(|name| name == self.expected || (self.allow_test && name == TEST_NAME))
    }
}

impl Default for NameRule {
    fn default() -> Self {
        Self::new(UNIONPAY, false)
    }
}

/// Why the pinned certificates can't serve. The operator's configuration erred.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// A file does not hold certificates.
    #[error("the {which} certificates: {source}")]
    Certificate {
        /// `root` or `middle`.
        which: &'static str,
        /// What is wrong.
        source: CertificateError,
    },
    /// A certificate may not issue others.
    #[error("{0} may not issue certificates")]
    NotAnAuthority(String),
    /// A root did not sign itself.
    #[error("root {0} is not signed by itself")]
    RootNotSelfSigned(String),
    /// No given root issued this middle certificate.
    #[error("middle {0} is not issued by a given root")]
    MiddleNotIssued(String),
}

/// Why a message is not taken for the gateway's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// A field that every signed message has is missing: the gateway answers so to a request it could not read.
    #[error("the message has no {0}")]
    Missing(&'static str),
    /// Another protocol version.
    #[error("version {0:?} is not 5.1.0")]
    Version(String),
    /// Another way of signing than RSA with a certificate.
    #[error("signMethod {0:?} is not 01")]
    SignMethod(String),
    /// `signPubKeyCert` is no usable certificate.
    #[error("signPubKeyCert: {0}")]
    Certificate(#[from] CertificateError),
    /// A certificate of the chain is not valid yet.
    #[error("the {which} certificate is not valid before {from}")]
    NotYetValid {
        /// `signing`, `middle` or `root`.
        which: &'static str,
        /// From when it is.
        from: Timestamp,
    },
    /// A certificate of the chain is out of date.
    #[error("the {which} certificate ended at {until}")]
    Expired {
        /// `signing`, `middle` or `root`.
        which: &'static str,
        /// When.
        until: Timestamp,
    },
    /// No pinned authority issued the certificate: forged, or the gateway changed its authority.
    #[error("the certificate with serial {0} is not issued by a pinned authority")]
    NotIssued(String),
    /// The certificate may not sign messages.
    #[error("the certificate with serial {0} may not sign messages")]
    NotForSigning(String),
    /// Issued by the right authority, but to somebody else.
    #[error("the certificate's common name {0:?} is not the gateway's")]
    Name(String),
    /// `signature` is not base64.
    #[error("the signature is not base64")]
    SignatureEncoding,
    /// The signature does not fit the message.
    #[error("the signature does not fit the message")]
    Signature,
}

/// A message that is the gateway's. Made only by [`Verifier::verify`].
#[derive(Debug, Clone)]
pub struct Verified {
    message: Message,
    fingerprint: [u8; 32],
}

impl Verified {
    /// The message.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// A field's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.message.get(name)
    }

    /// SHA-256 of the certificate that signed it, for the record.
    pub fn signer_fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }
}

/// Decides who signed. Cheap to clone behind an `Arc`; holds no state.
#[derive(Debug, Clone)]
pub struct Verifier {
    roots: Vec<Certificate>,
    middles: Vec<Certificate>,
    name: NameRule,
}

impl Verifier {
    /// Pins the authorities in these PEM texts (one or more certificates each).
    pub fn from_pem(root_pem: &str, middle_pem: &str, name: NameRule) -> Result<Self, PinError> {
        let read =
            |which, pem| Certificate::all_from_pem(pem).map_err(|source| PinError::Certificate { which, source });
        let (roots, middles) = (read("root", root_pem)?, read("middle", middle_pem)?);
        let label = |certificate: &Certificate| format!("certificate {}", certificate.serial());
        if let Some(other) = roots.iter().chain(&middles).find(|certificate| !certificate.may_issue()) {
            return Err(PinError::NotAnAuthority(label(other)));
        }
        if let Some(root) = roots.iter().find(|root| !root.is_issued_by(root)) {
            return Err(PinError::RootNotSelfSigned(label(root)));
        }
        let issued = |middle: &Certificate| {
            roots.iter().any(|root| middle.is_issued_by(root) && root.path_length().is_none_or(|below| below >= 1))
        };
        if let Some(middle) = middles.iter().find(|middle| !issued(middle)) {
            return Err(PinError::MiddleNotIssued(label(middle)));
        }
        Ok(Self { roots, middles, name })
    }

    /// Checks `message` as of `now`, in UnionPay's order: certificate, dates, chain, name, signature.
    pub fn verify(&self, message: Message, now: Timestamp) -> Result<Verified, VerifyError> {
        let field = |name: &'static str| message.get(name).filter(|v| !v.is_empty()).ok_or(VerifyError::Missing(name));
        let signature = field("signature")?;
        let pem = field("signPubKeyCert")?;
        let method = field("signMethod")?;
        if method != "01" {
            return Err(VerifyError::SignMethod(method.to_owned()));
        }
        let version = field("version")?;
        if version != crate::consume::VERSION {
            return Err(VerifyError::Version(version.to_owned()));
        }
        let signer = Certificate::from_pem(pem)?;
        in_time(&signer, "signing", now)?;
        self.chain(&signer, now)?;
        let common_name = signer.common_name().unwrap_or_default();
        if !self.name.accepts(common_name) {
            return Err(VerifyError::Name(common_name.to_owned()));
        }
        let signature =
            base64::engine::general_purpose::STANDARD.decode(signature).map_err(|_| VerifyError::SignatureEncoding)?;
        if !signer.verifies(message.digest_hex().as_bytes(), &signature) {
            return Err(VerifyError::Signature);
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, signer.der()).as_ref());
        Ok(Verified { message, fingerprint })
    }

    /// `signer` ← a pinned middle ← a pinned root, each in time. Pinned certificates may share a name (a renewed key), so all
    /// of them are tried.
    fn chain(&self, signer: &Certificate, now: Timestamp) -> Result<(), VerifyError> {
        if !signer.may_sign() {
            return Err(VerifyError::NotForSigning(signer.serial().to_owned()));
        }
        let mut late = None;
        for middle in self.middles.iter().filter(|middle| signer.is_issued_by(middle)) {
            for root in self.roots.iter().filter(|root| middle.is_issued_by(root)) {
                match in_time(middle, "middle", now).and_then(|()| in_time(root, "root", now)) {
                    Ok(()) => return Ok(()),
                    Err(error) => late = Some(error),
                }
            }
        }
        Err(late.unwrap_or_else(|| VerifyError::NotIssued(signer.serial().to_owned())))
    }
}

fn in_time(certificate: &Certificate, which: &'static str, now: Timestamp) -> Result<(), VerifyError> {
    if now < certificate.not_before() {
        return Err(VerifyError::NotYetValid { which, from: certificate.not_before() });
    }
    if now > certificate.not_after() {
        return Err(VerifyError::Expired { which, until: certificate.not_after() });
    }
    Ok(())
}
