//! Signing with an RSA key and its certificate (signMethod 01): a merchant's requests, and in sandboxes the gateway's
//! answers.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::Engine as _;
use pkcs8::SecretDocument;

use crate::{
    Message,
    certificate::{Certificate, CertificateError},
};

/// Why a signing key can't be used. The operator's configuration erred; no part of the key is in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a private key in PEM.
    #[error("not an unencrypted private key in PEM (PKCS#8 or PKCS#1)")]
    Pem,
    /// Not an RSA key of 2048 to 8192 bits.
    #[error("not an RSA private key of at least 2048 bits")]
    Unusable,
    /// The certificate is unusable.
    #[error("the signing certificate: {0}")]
    Certificate(#[from] CertificateError),
    /// The certificate is over another key.
    #[error("the signing certificate is not the key's")]
    Mismatch,
}

/// The library could not sign; trying again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("RSA signing failed")]
pub struct SignError;

/// A private key and the certificate over it.
pub struct SigningKey {
    key: KeyPair,
    certificate: Certificate,
}

impl SigningKey {
    /// Reads a private key (PKCS#8 or PKCS#1 PEM) and the certificate over it. Of several certificates in the text, as a
    /// converted PFX has them, the one over the key is taken.
    pub fn from_pem(key_pem: &str, certificate_pem: &str) -> Result<Self, KeyError> {
        let (label, document) = SecretDocument::from_pem(key_pem.trim_start()).map_err(|_| KeyError::Pem)?;
        let key = match label {
            "PRIVATE KEY" => KeyPair::from_pkcs8(document.as_bytes()),
            "RSA PRIVATE KEY" => KeyPair::from_der(document.as_bytes()),
            _ => return Err(KeyError::Pem),
        }
        .map_err(|_| KeyError::Unusable)?;
        let certificate = Certificate::all_from_pem(certificate_pem)?
            .into_iter()
            .find(|certificate| certificate.public_key() == key.public_key().as_ref())
            .ok_or(KeyError::Mismatch)?;
        Ok(Self { key, certificate })
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Sets `signMethod`, `certId` and `signature`: a merchant's request.
    pub fn sign_request(&self, message: &mut Message) -> Result<(), SignError> {
        message.set("signMethod", "01").set("certId", self.certificate.serial());
        self.sign(message)
    }

    /// Sets `signMethod`, `signPubKeyCert` and `signature`: an answer or notification, for whoever plays the gateway.
    pub fn sign_answer(&self, message: &mut Message) -> Result<(), SignError> {
        message.set("signMethod", "01").set("signPubKeyCert", &self.certificate.to_crlf_pem());
        self.sign(message)
    }

    fn sign(&self, message: &mut Message) -> Result<(), SignError> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        let digest = message.digest_hex();
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), digest.as_bytes(), &mut signature)
            .map_err(|_| SignError)?;
        message.set("signature", &base64::engine::general_purpose::STANDARD.encode(signature));
        Ok(())
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// Whether a merchant's request carries a good signature of `certificate`, named by its `certId`; for whoever plays the
/// gateway.
pub fn request_is_signed_by(message: &Message, certificate: &Certificate) -> bool {
    message.get("signMethod") == Some("01")
        && message.get("certId") == Some(certificate.serial())
        && message
            .get("signature")
            .and_then(|signature| base64::engine::general_purpose::STANDARD.decode(signature).ok())
            .is_some_and(|signature| certificate.verifies(message.digest_hex().as_bytes(), &signature))
}
