//! Certificates as a token shows them before the PIN.

use der::{Decode, Document, Encode};
use spki::ObjectIdentifier;
use x509_cert::Certificate;
use x509_cert::ext::pkix::BasicConstraints;

use crate::error::TokenError;
use crate::key::{KeyId, KeyKind, KeyRef, PublicKey};

/// `id-Ed25519` (RFC 8410 §3).
pub(crate) const OID_ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// `id-X25519` (RFC 8410 §3).
pub(crate) const OID_X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

/// One X.509 certificate found on a token, readable without a PIN. Nothing about it has been validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCertificate {
    /// The certificate's DER, byte for byte as stored.
    pub der: Vec<u8>,
    /// The token's identifier, shared with the key it was made for; may be empty.
    pub id: KeyId,
    /// The token's label; may be empty.
    pub label: String,
    /// The certified key, if it is one of the two kinds used here.
    pub public: Option<PublicKey>,
    /// Whether it says that it is a certification authority's (stored to be sent along as the chain).
    pub authority: bool,
}

impl TokenCertificate {
    /// Wraps a stored certificate. One that does not parse is kept (the caller may want to show it) without a key.
    pub fn new(der: Vec<u8>, id: KeyId, label: String) -> Self {
        let public = certified_key(&der).ok().flatten();
        let authority = Certificate::from_der(&der).is_ok_and(|certificate| is_authority(&certificate));
        Self { der, id, label, public, authority }
    }

    /// A reference to the private key that this certificate is for.
    pub fn key_ref(&self) -> KeyRef {
        KeyRef { id: self.id.clone(), public: self.public }
    }

    /// Whether the certified key is of `kind` and somebody's own, not a certification authority's.
    pub fn is_for(&self, kind: KeyKind) -> bool {
        !self.authority && self.public.is_some_and(|key| key.kind == kind)
    }

    /// The chain to send for this certificate: itself, then the authorities found in `stored` whose subject is the
    /// issuer before, without a self-issued root; three at most. Names only are compared: the verifier checks the rest.
    pub fn chain(&self, stored: &[Self]) -> Vec<Vec<u8>> {
        let mut chain = vec![self.der.clone()];
        let mut issuer = names(&self.der).map(|(_, issuer)| issuer);
        while let Some(wanted) = issuer.take().filter(|_| chain.len() < 3) {
            let found = stored.iter().filter(|candidate| candidate.authority).find_map(|candidate| {
                let (subject, issuer) = names(&candidate.der)?;
                (subject == wanted && subject != issuer).then_some((candidate, issuer))
            });
            if let Some((authority, next)) = found {
                chain.push(authority.der.clone());
                issuer = Some(next);
            }
        }
        chain
    }
}

/// Reads certificates in PEM, in order, each with its exact DER.
///
/// # Errors
/// [`TokenError::BadCertificate`] when a block is no certificate.
pub fn certificates_from_pem(pem: &str) -> Result<Vec<TokenCertificate>, TokenError> {
    const END: &str = "-----END CERTIFICATE-----";
    let mut certificates = Vec::new();
    for block in pem.split_inclusive(END).filter(|block| block.contains(END)) {
        let block = block.find("-----BEGIN").and_then(|start| block.get(start..)).unwrap_or(block);
        let (_, document) =
            Document::from_pem(block).map_err(|error| TokenError::BadCertificate(format!("PEM: {error}")))?;
        let certificate = Certificate::from_der(document.as_bytes())
            .map_err(|error| TokenError::BadCertificate(error.to_string()))?;
        let label = certificate.tbs_certificate().subject().to_string();
        let public = certified_key(document.as_bytes())?;
        let id = public.as_ref().map(KeyId::derive_from).unwrap_or_default();
        let authority = is_authority(&certificate);
        certificates.push(TokenCertificate { der: document.as_bytes().to_vec(), id, label, public, authority });
    }
    Ok(certificates)
}

fn is_authority(certificate: &Certificate) -> bool {
    matches!(certificate.tbs_certificate().get_extension::<BasicConstraints>(), Ok(Some((_, constraints))) if constraints.ca)
}

/// Subject and issuer in DER.
fn names(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let certificate = Certificate::from_der(der).ok()?;
    let names = certificate.tbs_certificate();
    Some((names.subject().to_der().ok()?, names.issuer().to_der().ok()?))
}

/// Reads the certified public key out of a certificate's DER: `None` for algorithms not used here.
///
/// # Errors
/// [`TokenError::BadCertificate`] when the DER is no certificate or the key has a wrong length.
pub fn certified_key(der: &[u8]) -> Result<Option<PublicKey>, TokenError> {
    let certificate = Certificate::from_der(der).map_err(|error| TokenError::BadCertificate(error.to_string()))?;
    let info = certificate.tbs_certificate().subject_public_key_info();
    let kind = match info.algorithm.oid {
        OID_ED25519 => KeyKind::Ed25519,
        OID_X25519 => KeyKind::X25519,
        _ => return Ok(None),
    };
    let bytes = info
        .subject_public_key
        .as_bytes()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .ok_or_else(|| TokenError::BadCertificate(format!("its {kind} key is not 32 bytes long")))?;
    Ok(Some(PublicKey { kind, bytes }))
}
