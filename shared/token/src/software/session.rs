//! A software key whose file has been opened. Taking the file away is pulling the key out: the session is dead then, as a
//! hardware token's is.

use std::cell::Cell;
use std::path::PathBuf;

use ed25519_dalek::{Signer, SigningKey};
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

use super::file::{KeyFile, SECRET_BYTES};
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
    holder: Holder,
    removed: Cell<bool>,
}

/// The file that the keys came from.
pub(super) struct Holder {
    pub(super) path: PathBuf,
    pub(super) serial: String,
}

impl Holder {
    fn is_there(&self) -> bool {
        KeyFile::read(&self.path).is_ok_and(|file| file.serial == self.serial)
    }
}

impl SoftwareSession {
    /// `ids` are those of the Ed25519 and the X25519 key.
    pub(super) fn new(secret: &[u8; SECRET_BYTES], ids: (KeyId, KeyId), holder: Holder) -> Self {
        let (signing, agreement) = private_keys(secret);
        let key = |id, kind, public| TokenKey { id, label: String::new(), kind, public: Some(public) };
        let keys = [
            key(ids.0, KeyKind::Ed25519, signing.verifying_key().to_bytes()),
            key(ids.1, KeyKind::X25519, x25519_dalek::PublicKey::from(&agreement).to_bytes()),
        ];
        Self { signing, agreement, keys, holder, removed: Cell::new(false) }
    }

    /// Fails once the file is gone, and from then on.
    fn still_there(&self) -> Result<(), TokenError> {
        if !self.removed.get() && !self.holder.is_there() {
            self.removed.set(true);
        }
        if self.removed.get() { Err(TokenError::Removed) } else { Ok(()) }
    }
}

impl TokenSession for SoftwareSession {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        self.still_there()?;
        Ok(self.keys.to_vec())
    }

    fn sign_ed25519(&self, key: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        self.still_there()?;
        select_key(&self.keys, KeyKind::Ed25519, key)?;
        Ok(self.signing.sign(message).to_bytes())
    }

    fn agree_x25519(&self, key: &KeyRef, peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        self.still_there()?;
        agreement::refuse_weak_peer(peer)?;
        select_key(&self.keys, KeyKind::X25519, key)?;
        let shared = self.agreement.diffie_hellman(&x25519_dalek::PublicKey::from(*peer));
        agreement::refuse_all_zero(Zeroizing::new(shared.to_bytes()))
    }

    fn logout(self: Box<Self>) -> Result<(), TokenError> {
        self.still_there()
    }
}
