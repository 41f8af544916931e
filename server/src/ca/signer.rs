//! The keys that sign certificates: `issuing` in the server's HSM, and keys in memory for roots that are used once.

use std::sync::Arc;

use ed25519_dalek::{Signer as _, SigningKey};

use super::CaError;
use crate::hsm::{Hsm, HsmKey};

/// An Ed25519 key that signs certificates.
#[async_trait::async_trait]
pub trait CaSigner: Send + Sync {
    /// Its public key.
    fn public_key(&self) -> [u8; 32];

    /// A signature over `message`, the DER of what is to be signed.
    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], CaError>;
}

/// The `issuing` key in the HSM.
pub struct HsmSigner {
    hsm: Arc<dyn Hsm>,
    public: [u8; 32],
}

impl HsmSigner {
    /// The HSM's `issuing` key, whose public key is `public`.
    pub fn new(hsm: Arc<dyn Hsm>, public: [u8; 32]) -> Self {
        Self { hsm, public }
    }
}

#[async_trait::async_trait]
impl CaSigner for HsmSigner {
    fn public_key(&self) -> [u8; 32] {
        self.public
    }

    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], CaError> {
        Ok(self.hsm.sign(HsmKey::Issuing, message).await?)
    }
}

/// A key in memory: for the demo's intranet root, which signs at `init` and is then forgotten. Wiped on drop.
pub struct SoftwareSigner {
    key: SigningKey,
}

impl SoftwareSigner {
    /// A fresh key.
    pub fn generate() -> Result<Self, CaError> {
        let mut seed = zeroize::Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| CaError::Random)?;
        Ok(Self { key: SigningKey::from_bytes(&seed) })
    }

    /// Its seed, for a key file.
    pub fn seed(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.key.to_bytes())
    }

    /// A PKCS#10 request made by this key, DER.
    pub fn request(&self, common_name: &str) -> Result<Vec<u8>, CaError> {
        super::request::make(&self.key, common_name)
    }
}

#[async_trait::async_trait]
impl CaSigner for SoftwareSigner {
    fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], CaError> {
        Ok(self.key.sign(message).to_bytes())
    }
}
