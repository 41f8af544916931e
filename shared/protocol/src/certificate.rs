//! Certificates of the company: reading them, telling their kind, validating their path.
//!
//! The profile is small and closed (Ed25519 signatures, one root, at most three certificates), so the path is validated here
//! rather than by a general verifier: the contract asks for two things such verifiers do not offer. The leaf's dates are
//! judged after the signature, apart from the path's, and a certificate must carry exactly one kind's purposes in a critical
//! extendedKeyUsage. The tests hold this module against `rustls-webpki`: what is accepted here is accepted there.

mod path;
mod purpose;

use der::{
    Decode as _, Encode as _,
    asn1::{ObjectIdentifier, OctetStringRef},
    oid::{AssociatedOid as _, db::rfc8410},
};
use gridkey_domain::Timestamp;
pub use path::{ChainError, TrustAnchor};
pub use purpose::{Purpose, Purposes};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier, name::DirectoryString,
};

use crate::crypto;

/// A certificate's public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// Ed25519 (RFC 8410), for signatures.
    Ed25519([u8; 32]),
    /// X25519 (RFC 8410), for key agreement.
    X25519([u8; 32]),
    /// Another algorithm, such as that of a TLS certificate.
    Other,
}

/// A parsed certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    inner: x509_cert::Certificate,
    public_key: PublicKey,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// The bytes are not a certificate of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an X.509 certificate")]
pub struct MalformedCertificate;

impl Certificate {
    /// Parses DER.
    pub fn from_der(der: &[u8]) -> Result<Self, MalformedCertificate> {
        let inner = x509_cert::Certificate::from_der(der).map_err(|_| MalformedCertificate)?;
        let tbs = inner.tbs_certificate();
        if tbs.version() != x509_cert::certificate::Version::V3 || tbs.signature() != inner.signature_algorithm() {
            return Err(MalformedCertificate);
        }
        let seconds = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs())
                .map(Timestamp::from_seconds)
                .map_err(|_| MalformedCertificate)
        };
        let (not_before, not_after) = (seconds(tbs.validity().not_before)?, seconds(tbs.validity().not_after)?);
        let spki = tbs.subject_public_key_info();
        let raw = || spki.subject_public_key.as_bytes().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let public_key = match (spki.algorithm.oid, spki.algorithm.parameters.is_none()) {
            (rfc8410::ID_ED_25519, true) => PublicKey::Ed25519(raw().ok_or(MalformedCertificate)?),
            (rfc8410::ID_X_25519, true) => PublicKey::X25519(raw().ok_or(MalformedCertificate)?),
            (rfc8410::ID_ED_25519 | rfc8410::ID_X_25519, false) => return Err(MalformedCertificate),
            _ => PublicKey::Other,
        };
        Ok(Self { der: der.to_vec(), inner, public_key, not_before, not_after })
    }

    /// The DER as received.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of the DER: the name of the certificate's key everywhere in Gridkey.
    pub fn fingerprint(&self) -> [u8; 32] {
        crypto::sha256(&[&self.der])
    }

    /// The serial number, big-endian without leading zeros.
    pub fn serial(&self) -> &[u8] {
        let bytes = self.inner.tbs_certificate().serial_number().as_bytes();
        bytes.strip_prefix(&[0]).unwrap_or(bytes)
    }

    /// The public key.
    pub const fn public_key(&self) -> PublicKey {
        self.public_key
    }

    /// First second of validity.
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Last second of validity.
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether `now` lies within the certificate's dates.
    pub fn is_in_time(&self, now: Timestamp) -> bool {
        self.not_before <= now && now <= self.not_after
    }

    /// The subject's common name, if there is one.
    pub fn common_name(&self) -> Option<String> {
        let name = self.inner.tbs_certificate().subject().common_name().ok().flatten()?;
        let (DirectoryString::PrintableString(_)
        | DirectoryString::TeletexString(_)
        | DirectoryString::Utf8String(_)
        | DirectoryString::BmpString(_)) = &name;
        Some(name.value().into_owned())
    }

    /// The kind that its critical extendedKeyUsage states, by the operator's `purposes`.
    pub fn purpose(&self, purposes: &Purposes) -> Option<Purpose> {
        let (critical, usage) = self.inner.tbs_certificate().get_extension::<ExtendedKeyUsage>().ok().flatten()?;
        if critical { purposes.kind_of(&usage.0) } else { None }
    }

    fn subject_der(&self) -> Result<Vec<u8>, MalformedCertificate> {
        self.inner.tbs_certificate().subject().to_der().map_err(|_| MalformedCertificate)
    }

    fn issuer_der(&self) -> Result<Vec<u8>, MalformedCertificate> {
        self.inner.tbs_certificate().issuer().to_der().map_err(|_| MalformedCertificate)
    }

    /// The to-be-signed bytes exactly as received, and the signature.
    fn signed_parts(&self) -> Result<(&[u8], [u8; 64]), MalformedCertificate> {
        let outer = der::asn1::AnyRef::from_der(&self.der).map_err(|_| MalformedCertificate)?;
        let tbs = first_element(outer.value()).ok_or(MalformedCertificate)?;
        let signature = self.inner.signature().as_bytes().and_then(|bytes| bytes.try_into().ok());
        if self.inner.signature_algorithm().oid != rfc8410::ID_ED_25519
            || self.inner.signature_algorithm().parameters.is_some()
        {
            return Err(MalformedCertificate);
        }
        Ok((tbs, signature.ok_or(MalformedCertificate)?))
    }

    /// basicConstraints: whether it is a CA, and the path length it allows.
    fn basic_constraints(&self) -> Result<(bool, Option<u8>), MalformedCertificate> {
        let found = self.inner.tbs_certificate().get_extension::<BasicConstraints>();
        match found.map_err(|_| MalformedCertificate)? {
            Some((_, constraints)) => Ok((constraints.ca, constraints.path_len_constraint)),
            None => Ok((false, None)),
        }
    }

    fn key_usage(&self) -> Result<Option<KeyUsage>, MalformedCertificate> {
        let found = self.inner.tbs_certificate().get_extension::<KeyUsage>().map_err(|_| MalformedCertificate)?;
        Ok(found.map(|(_, usage)| usage))
    }

    fn has_extended_key_usage(&self) -> bool {
        let extensions = self.inner.tbs_certificate().extensions().map_or(&[][..], Vec::as_slice);
        extensions.iter().any(|extension| extension.extn_id == ExtendedKeyUsage::OID)
    }

    /// An extension marked critical that this module does not process (RFC 5280, 4.2), or one that occurs twice.
    fn has_unprocessed_extension(&self) -> bool {
        const PROCESSED: [ObjectIdentifier; 5] = [
            BasicConstraints::OID,
            KeyUsage::OID,
            ExtendedKeyUsage::OID,
            SubjectKeyIdentifier::OID,
            AuthorityKeyIdentifier::OID,
        ];
        const SUBJECT_ALT_NAME: ObjectIdentifier = x509_cert::ext::pkix::SubjectAltName::OID;
        let extensions = self.inner.tbs_certificate().extensions().map_or(&[][..], Vec::as_slice);
        let critical_unknown = extensions.iter().any(|extension| {
            extension.critical && !PROCESSED.contains(&extension.extn_id) && extension.extn_id != SUBJECT_ALT_NAME
        });
        let twice = extensions.iter().enumerate().any(|(index, extension)| {
            extensions.iter().take(index).any(|earlier| earlier.extn_id == extension.extn_id)
        });
        // Name constraints must be critical (4.2.1.10); one that is not would otherwise be passed over in silence.
        let constrained = extensions.iter().any(|extension| {
            extension.extn_id == x509_cert::ext::pkix::NameConstraints::OID
                || OctetStringRef::new(extension.extn_value.as_bytes()).is_err()
        });
        critical_unknown || twice || constrained
    }
}

/// The whole first TLV within `content`.
fn first_element(content: &[u8]) -> Option<&[u8]> {
    use der::Reader as _;
    let mut reader = der::SliceReader::new(content).ok()?;
    reader.tlv_bytes().ok()
}

/// Parses a chain from the wire: 1 to 3 certificates, leaf first.
pub fn parse_chain<T: AsRef<[u8]>>(chain: &[T]) -> Result<Vec<Certificate>, ChainError> {
    if chain.is_empty() || chain.len() > crate::limits::CHAIN {
        return Err(ChainError::Length(chain.len()));
    }
    chain
        .iter()
        .enumerate()
        .map(|(index, der)| Certificate::from_der(der.as_ref()).map_err(|_| ChainError::Malformed(index)))
        .collect()
}

#[cfg(test)]
pub(crate) mod tests;
