//! Certificates as a token shows them before the PIN.

use der::Decode;
use spki::ObjectIdentifier;
use x509_cert::Certificate;

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
}

impl TokenCertificate {
    /// Wraps a stored certificate. One that does not parse is kept (the caller may want to show it) without a key.
    pub fn new(der: Vec<u8>, id: KeyId, label: String) -> Self {
        let public = certified_key(&der).ok().flatten();
        Self { der, id, label, public }
    }

    /// A reference to the private key that this certificate is for.
    pub fn key_ref(&self) -> KeyRef {
        KeyRef { id: self.id.clone(), public: self.public }
    }

    /// Whether the certified key is of `kind`.
    pub fn is_for(&self, kind: KeyKind) -> bool {
        self.public.is_some_and(|key| key.kind == kind)
    }
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
