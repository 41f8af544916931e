//! A software key whose file has been opened.

use ed25519_dalek::{Signer, SigningKey};
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

use super::file::SECRET_BYTES;
use super::private_keys;
use crate::agreement;
use crate::error::TokenError;
use crate::key::{KeyId, KeyKind, KeyRef, TokenKey, select_key};
use crate::token::TokenSession;

/// Holds the opened keys in memory until dropped.
pub(super) struct SoftwareSession {
    signing: SigningKey,
    agreement: StaticSecret,
    keys: [TokenKey; 2],
}

impl SoftwareSession {
    /// `ids` are those of the Ed25519 and the X25519 key.
    pub(super) fn new(secret: &[u8; SECRET_BYTES], ids: (KeyId, KeyId)) -> Self {
        let (signing, agreement) = private_keys(secret);
        let key = |id, kind, public| TokenKey { id, label: String::new(), kind, public: Some(public) };
        let keys = [
            key(ids.0, KeyKind::Ed25519, signing.verifying_key().to_bytes()),
            key(ids.1, KeyKind::X25519, x25519_dalek::PublicKey::from(&agreement).to_bytes()),
        ];
        Self { signing, agreement, keys }
    }
}

impl TokenSession for SoftwareSession {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        Ok(self.keys.to_vec())
    }

    fn sign_ed25519(&self, key: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        select_key(&self.keys, KeyKind::Ed25519, key)?;
        Ok(self.signing.sign(message).to_bytes())
    }

    fn agree_x25519(&self, key: &KeyRef, peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        agreement::refuse_weak_peer(peer)?;
        select_key(&self.keys, KeyKind::X25519, key)?;
        let shared = self.agreement.diffie_hellman(&x25519_dalek::PublicKey::from(*peer));
        agreement::refuse_all_zero(Zeroizing::new(shared.to_bytes()))
    }

    fn logout(self: Box<Self>) -> Result<(), TokenError> {
        Ok(())
    }
}
