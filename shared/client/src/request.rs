//! Certificate requests (PKCS#10, RFC 2986), signed on the key.

use der::{
    Encode as _, EncodePem as _,
    asn1::{BitString, ObjectIdentifier},
    pem::LineEnding,
};
use gridkey_token::TokenError;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::{
    attr::Attributes,
    name::Name,
    request::{CertReq, CertReqInfo, Version},
};

/// `id-Ed25519` (RFC 8410).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Why no request came about.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The key did not sign.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The name cannot stand in a certificate.
    #[error("the name cannot stand in a certificate request")]
    Name,
    /// It cannot be encoded.
    #[error("the certificate request cannot be encoded: {0}")]
    Encoding(#[from] der::Error),
}

/// A request in PEM for an Ed25519 key, named `name`. What the certificate will say is the authority's to decide; the name is
/// for people.
pub fn certificate_request(
    name: &str,
    public: &[u8; 32],
    sign: impl FnOnce(&[u8]) -> Result<[u8; 64], TokenError>,
) -> Result<String, RequestError> {
    let algorithm = || AlgorithmIdentifierOwned { oid: ED25519, parameters: None };
    // A distinguished name as text (RFC 4514) gives these characters a meaning.
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() || " -.".contains(c) { c } else { ' ' }).collect();
    let info = CertReqInfo {
        version: Version::V1,
        subject: format!("CN={}", plain.trim()).parse::<Name>().map_err(|_| RequestError::Name)?,
        public_key: SubjectPublicKeyInfoOwned {
            algorithm: algorithm(),
            subject_public_key: BitString::from_bytes(public)?,
        },
        attributes: Attributes::default(),
    };
    let signature = sign(&info.to_der()?)?;
    let request = CertReq { info, algorithm: algorithm(), signature: BitString::from_bytes(&signature)? };
    Ok(request.to_pem(LineEnding::LF)?)
}
