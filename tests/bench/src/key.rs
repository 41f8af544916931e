//! A USBKEY in software, without a file and without a PIN: what thousands of generated customers sign with.

use anyhow::Result;
use ed25519_dalek::{Signer as _, SigningKey};
use gridkey_client::key::{KeyCertificates, UsbKey};
use gridkey_domain::Timestamp;
use gridkey_protocol::certificate::{Purpose, TrustAnchor};
use gridkey_token::{
    Caution, KeyId, KeyKind, KeyRef, Pin, Token, TokenCertificate, TokenError, TokenInfo, TokenKey, TokenSession,
};
use zeroize::Zeroizing;

/// A key that is logged in, with the chain that was issued for it.
pub(crate) fn logged_in(
    signing: SigningKey,
    chain: Vec<Vec<u8>>,
    anchor: &TrustAnchor,
    now: Timestamp,
) -> Result<UsbKey> {
    let shown = Shown { chain, id: KeyId::new([1]) };
    let certificates = KeyCertificates::read(&shown, anchor, Purpose::UsbKey, now)?;
    Ok(UsbKey::new(Box::new(Open { signing, id: shown.id }), certificates)?)
}

/// What the token shows before the PIN.
struct Shown {
    chain: Vec<Vec<u8>>,
    id: KeyId,
}

impl Token for Shown {
    fn info(&self) -> Result<TokenInfo, TokenError> {
        Err(shown_only())
    }

    fn certificates(&self) -> Result<Vec<TokenCertificate>, TokenError> {
        let certificate = |der: &Vec<u8>| TokenCertificate::new(der.clone(), self.id.clone(), String::new());
        Ok(self.chain.iter().map(certificate).collect())
    }

    fn login(&self, _: &Pin, _: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        Err(shown_only())
    }

    fn change_pin(&self, _: &Pin, _: &Pin, _: Caution) -> Result<(), TokenError> {
        Err(shown_only())
    }
}

/// It is logged in already, by [`logged_in`].
fn shown_only() -> TokenError {
    TokenError::NoToken("a key of the bench".to_owned())
}

/// What it does after the PIN.
struct Open {
    signing: SigningKey,
    id: KeyId,
}

impl TokenSession for Open {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        let public = Some(self.signing.verifying_key().to_bytes());
        Ok(vec![TokenKey { kind: KeyKind::Ed25519, id: self.id.clone(), label: String::new(), public }])
    }

    fn sign_ed25519(&self, _: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        Ok(self.signing.sign(message).to_bytes())
    }

    fn agree_x25519(&self, _: &KeyRef, _: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        Err(TokenError::UnsupportedMechanism("X25519"))
    }

    fn logout(self: Box<Self>) -> Result<(), TokenError> {
        Ok(())
    }
}
