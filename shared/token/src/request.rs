//! Certification requests (PKCS#10, RFC 2986), signed on the token.

use std::str::FromStr;

use der::asn1::{BitString, SetOfVec};
use der::{Any, Encode};
use spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};
use x509_cert::name::Name;
use x509_cert::request::{CertReq, CertReqInfo, Version};

use crate::certificate::{OID_ED25519, OID_X25519};
use crate::error::TokenError;
use crate::key::{KeyKind, PublicKey, TokenKey};
use crate::token::TokenSession;

/// A request for `key`, which must be an Ed25519 key of the session, for a subject in RFC 4514 text (`CN=…,O=…`).
///
/// # Errors
/// [`TokenError::Argument`] for a subject that does not parse or a key without a public half, and those of
/// [`TokenSession::sign_ed25519`].
pub fn certification_request(session: &dyn TokenSession, key: &TokenKey, subject: &str) -> Result<Vec<u8>, TokenError> {
    let public = key
        .public
        .map(|bytes| PublicKey { kind: key.kind, bytes })
        .ok_or_else(|| TokenError::Argument("the key's public half is not known".to_owned()))?;
    if public.kind != KeyKind::Ed25519 {
        return Err(TokenError::Argument("only a signing key can sign its own request".to_owned()));
    }
    let bad = |error: der::Error| TokenError::Argument(format!("the request cannot be encoded: {error}"));
    let subject = Name::from_str(subject)
        .map_err(|error| TokenError::Argument(format!("the subject does not parse: {error}")))?;
    let info = CertReqInfo {
        version: Version::V1,
        subject,
        public_key: public_key_info(&public).map_err(bad)?,
        attributes: SetOfVec::new(),
    };
    let signature = session.sign_ed25519(&key.key_ref(), &info.to_der().map_err(bad)?)?;
    let request =
        CertReq { info, algorithm: algorithm(OID_ED25519), signature: BitString::from_bytes(&signature).map_err(bad)? };
    request.to_der().map_err(bad)
}

/// The `SubjectPublicKeyInfo` of a key (RFC 8410 §4).
///
/// # Errors
/// Only those of the encoder.
pub fn public_key_info(key: &PublicKey) -> Result<SubjectPublicKeyInfoOwned, der::Error> {
    let oid = match key.kind {
        KeyKind::Ed25519 => OID_ED25519,
        KeyKind::X25519 => OID_X25519,
    };
    Ok(SubjectPublicKeyInfoOwned { algorithm: algorithm(oid), subject_public_key: BitString::from_bytes(&key.bytes)? })
}

/// RFC 8410 §3: no parameters.
fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None::<Any> }
}
