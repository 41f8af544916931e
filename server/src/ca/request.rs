//! PKCS#10 certificate requests (RFC 2986): proof that whoever asks holds the key.

use der::{
    Decode as _, Encode as _,
    asn1::{BitString, ObjectIdentifier},
    pem,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use x509_cert::{
    attr::Attributes,
    request::{CertReq, CertReqInfo, Version},
};

use super::{CaError, PublicKey, certificate::ed25519};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Larger than any request for an Ed25519 key has reason to be.
const MAX_BYTES: usize = 16 * 1024;

/// A request whose self-signature was verified. Subject and attributes in it are ignored: the authority alone decides what a
/// certificate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateRequest {
    public_key: [u8; 32],
}

impl CertificateRequest {
    /// Reads DER or PEM and verifies the Ed25519 self-signature strictly.
    pub fn parse(bytes: &[u8]) -> Result<Self, CaError> {
        if bytes.len() > MAX_BYTES {
            return Err(CaError::Request("it is too large"));
        }
        let decoded;
        let der = if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
            let (label, der) = pem::decode_vec(bytes.trim_ascii()).map_err(|_| CaError::Request("not PEM"))?;
            // Old tools write "NEW CERTIFICATE REQUEST".
            if !matches!(label, "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") {
                return Err(CaError::Request("the PEM block is not a certificate request"));
            }
            decoded = der;
            decoded.as_slice()
        } else {
            bytes
        };
        let request = CertReq::from_der(der).map_err(|_| CaError::Request("not PKCS#10"))?;
        let public = &request.info.public_key;
        if public.algorithm.oid != ED25519 || public.algorithm.parameters.is_some() {
            return Err(CaError::Request("its key is not Ed25519"));
        }
        if request.algorithm.oid != ED25519 || request.algorithm.parameters.is_some() {
            return Err(CaError::Request("it is not signed with Ed25519"));
        }
        let raw = |bits: &BitString| bits.as_bytes().map(<[u8]>::to_vec);
        let public_key: [u8; 32] = raw(&public.subject_public_key)
            .and_then(|key| key.try_into().ok())
            .ok_or(CaError::Request("its key is not 32 bytes long"))?;
        let signature: [u8; 64] = raw(&request.signature)
            .and_then(|signature| signature.try_into().ok())
            .ok_or(CaError::Request("its signature is not 64 bytes long"))?;
        let key = VerifyingKey::from_bytes(&public_key).map_err(|_| CaError::Request("its key is not a point"))?;
        let signed = request.info.to_der().map_err(|_| CaError::Request("not PKCS#10"))?;
        key.verify_strict(&signed, &Signature::from_bytes(&signature))
            .map_err(|_| CaError::Request("its signature does not verify"))?;
        Ok(Self { public_key })
    }

    /// The Ed25519 key that asks.
    pub fn public_key(&self) -> [u8; 32] {
        self.public_key
    }
}

/// A request of `key` for a certificate on `common_name`, DER.
pub(super) fn make(key: &SigningKey, common_name: &str) -> Result<Vec<u8>, CaError> {
    let public = PublicKey::Ed25519(key.verifying_key().to_bytes());
    let info = CertReqInfo {
        version: Version::V1,
        subject: format!("CN={common_name}").parse().map_err(|_| CaError::Name("the subject"))?,
        public_key: public.to_spki()?,
        attributes: Attributes::default(),
    };
    let signature = key.sign(&info.to_der().map_err(CaError::Encoding)?).to_bytes();
    let signature = BitString::from_bytes(&signature).map_err(CaError::Encoding)?;
    CertReq { info, algorithm: ed25519(), signature }.to_der().map_err(CaError::Encoding)
}
