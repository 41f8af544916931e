//! Path validation (RFC 5280, 6.1) for the closed profile: Ed25519 throughout, one trust anchor, at most three certificates.

use std::sync::{Arc, PoisonError, RwLock};

use gridkey_domain::Timestamp;

use super::{Certificate, MalformedCertificate, PublicKey, Purpose, Purposes, parse_chain};
use crate::crypto;

/// Why a chain is not trusted. Indexes count from the leaf, 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Empty, or longer than three.
    #[error("a chain has 1 to 3 certificates, not {0}")]
    Length(usize),
    /// Not a certificate.
    #[error("certificate {0} of the chain is malformed")]
    Malformed(usize),
    /// A critical extension that is not processed, one that occurs twice, name constraints, or extendedKeyUsage on a CA.
    #[error("certificate {0} of the chain has an extension that cannot be processed")]
    Extension(usize),
    /// The issuer's name is not the next certificate's subject, or the chain does not end at the trust anchor.
    #[error("certificate {0} of the chain was not issued by the next one")]
    Issuer(usize),
    /// The issuer may not issue: no CA flag, or no keyCertSign.
    #[error("certificate {0} of the chain may not issue certificates")]
    NotCa(usize),
    /// More certificates follow than the issuer allows.
    #[error("certificate {0} of the chain does not allow a path this long")]
    PathLength(usize),
    /// The signature does not verify under the issuer's key.
    #[error("the signature of certificate {0} of the chain is not valid")]
    Signature(usize),
    /// An issuer's time is over or has not come.
    #[error("certificate {0} of the chain is out of its time")]
    IssuerOutOfTime(usize),
    /// The leaf is a CA.
    #[error("the certificate is a CA's")]
    LeafIsCa,
    /// The leaf's extendedKeyUsage is not exactly that of the kind asked for.
    #[error("the certificate is of another kind")]
    Purpose,
    /// The leaf's key or keyUsage is not what its kind needs.
    #[error("the certificate's key does not fit its kind")]
    Key,
}

/// CA certificates remembered at most; a company has one or two.
const CAS: usize = 8;

/// The company root: the one certificate that is trusted without an issuer.
#[derive(Debug, Clone)]
pub struct TrustAnchor {
    root: Certificate,
    key: [u8; 32],
    purposes: Purposes,
    /// CA certificates (DER) whose issue by this root was verified: of the same bytes it need not be verified again.
    issued: Arc<RwLock<Vec<Vec<u8>>>>,
}

impl TrustAnchor {
    /// The root in this DER, with the operator's purposes. It must be a self-signed Ed25519 CA.
    pub fn new(der: &[u8], purposes: Purposes) -> Result<Self, ChainError> {
        let root = Certificate::from_der(der).map_err(|_| ChainError::Malformed(0))?;
        let PublicKey::Ed25519(key) = root.public_key() else { return Err(ChainError::Key) };
        let anchor = Self { root, key, purposes, issued: Arc::default() };
        check_extensions(&anchor.root, 0)?;
        check_may_issue(&anchor.root, 0, 0)?;
        check_issued_by(&anchor.root, 0, &anchor.root, &anchor.key)?;
        Ok(anchor)
    }

    /// The root's DER.
    pub fn der(&self) -> &[u8] {
        self.root.der()
    }

    /// The purposes by which kinds are told.
    pub const fn purposes(&self) -> &Purposes {
        &self.purposes
    }

    /// Validates `chain` (DER, leaf first, without the root) and gives its leaf, which is of kind `purpose`. The dates of issuers
    /// and root are judged at `now`; the leaf's are left to the caller ([`Certificate::is_in_time`]).
    pub fn validate<T: AsRef<[u8]>>(
        &self,
        chain: &[T],
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Certificate, ChainError> {
        let leaf = self.validate_any(chain, now)?;
        if leaf.purpose(&self.purposes) != Some(purpose) {
            return Err(ChainError::Purpose);
        }
        check_key(&leaf, purpose)?;
        Ok(leaf)
    }

    /// As [`Self::validate`], without asking for a kind.
    pub fn validate_any<T: AsRef<[u8]>>(&self, chain: &[T], now: Timestamp) -> Result<Certificate, ChainError> {
        let chain = parse_chain(chain)?;
        for (index, certificate) in chain.iter().enumerate() {
            check_extensions(certificate, index)?;
            let above = index + 1;
            let issuer = chain.get(above).unwrap_or(&self.root);
            let key = match (chain.get(above).is_some(), issuer.public_key()) {
                (false, _) => self.key,
                (true, PublicKey::Ed25519(key)) => key,
                (true, _) => return Err(ChainError::NotCa(above)),
            };
            check_may_issue(issuer, above, index)?;
            if chain.get(above).is_some() || index == 0 {
                check_issued_by(certificate, index, issuer, &key)?;
            } else {
                self.check_issued(certificate, index)?;
            }
            if !issuer.is_in_time(now) {
                return Err(ChainError::IssuerOutOfTime(above));
            }
        }
        let leaf = chain.into_iter().next().ok_or(ChainError::Length(0))?;
        if leaf.basic_constraints().map_err(|_| ChainError::Malformed(0))?.0 {
            return Err(ChainError::LeafIsCa);
        }
        Ok(leaf)
    }

    /// [`check_issued_by`] this root, for a CA's certificate: every chain brings the same one.
    fn check_issued(&self, certificate: &Certificate, index: usize) -> Result<(), ChainError> {
        let known = |issued: &Vec<Vec<u8>>| issued.iter().any(|der| der == certificate.der());
        if known(&self.issued.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(());
        }
        check_issued_by(certificate, index, &self.root, &self.key)?;
        let mut issued = self.issued.write().unwrap_or_else(PoisonError::into_inner);
        if !known(&issued) {
            if issued.len() >= CAS {
                issued.clear();
            }
            issued.push(certificate.der().to_vec());
        }
        Ok(())
    }
}

fn check_extensions(certificate: &Certificate, index: usize) -> Result<(), ChainError> {
    if certificate.has_unprocessed_extension() { Err(ChainError::Extension(index)) } else { Ok(()) }
}

/// `between` is the number of CA certificates that stand between the issuer and the leaf.
fn check_may_issue(issuer: &Certificate, index: usize, between: usize) -> Result<(), ChainError> {
    let malformed = |_: MalformedCertificate| ChainError::Malformed(index);
    let (is_ca, longest) = issuer.basic_constraints().map_err(malformed)?;
    let may_sign = issuer.key_usage().map_err(malformed)?.is_some_and(|usage| usage.key_cert_sign());
    if !is_ca || !may_sign {
        return Err(ChainError::NotCa(index));
    }
    // On a CA, RFC 5280 gives extendedKeyUsage no meaning and verifiers in the field give it one; the profile has none there.
    if issuer.has_extended_key_usage() {
        return Err(ChainError::Extension(index));
    }
    match longest {
        Some(longest) if between > usize::from(longest) => Err(ChainError::PathLength(index)),
        _ => Ok(()),
    }
}

fn check_issued_by(
    certificate: &Certificate,
    index: usize,
    issuer: &Certificate,
    key: &[u8; 32],
) -> Result<(), ChainError> {
    let malformed = |_: MalformedCertificate| ChainError::Malformed(index);
    if certificate.issuer_der().map_err(malformed)? != issuer.subject_der().map_err(malformed)? {
        return Err(ChainError::Issuer(index));
    }
    let (tbs, signature) = certificate.signed_parts().map_err(malformed)?;
    crypto::verify_ed25519(key, tbs, &signature).map_err(|_| ChainError::Signature(index))
}

/// Algorithm and keyUsage by kind.
fn check_key(leaf: &Certificate, purpose: Purpose) -> Result<(), ChainError> {
    let usage = leaf.key_usage().map_err(|_| ChainError::Malformed(0))?.ok_or(ChainError::Key)?;
    let fits = match (purpose, leaf.public_key()) {
        (Purpose::UsbKey | Purpose::Administrator, PublicKey::Ed25519(_)) => {
            usage.digital_signature() && usage.non_repudiation()
        }
        (Purpose::Receipt, PublicKey::Ed25519(_)) => usage.digital_signature(),
        (Purpose::Envelope | Purpose::Agreement, PublicKey::X25519(_)) => usage.key_agreement(),
        (Purpose::Tls, _) => usage.digital_signature(),
        _ => false,
    };
    if fits { Ok(()) } else { Err(ChainError::Key) }
}
