//! A key in one encrypted file, for phones and for trials.
//!
//! It keeps to the same traits as a hardware token but gives less: whoever copies the file can guess PINs at leisure.
//! That is why it counts no tries ([`Tries::NotTold`]): a counter in a file that can be copied back would be false
//! safety. Argon2id makes each guess dear; a long PIN does the rest.

mod file;
mod session;

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::DecodePrivateKey;
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

pub use self::file::KdfParams;
use self::file::{CertificateEntry, KeyFile, PublicEntry, SECRET_BYTES, random};
use self::session::{Holder, SoftwareSession};
use crate::certificate::{TokenCertificate, certificates_from_pem};
use crate::error::TokenError;
use crate::key::{KeyId, KeyKind, PublicKey};
use crate::pin::Pin;
use crate::token::{Caution, PinState, Token, TokenInfo, TokenSession, Tries};

/// A software key's file.
#[derive(Debug, Clone)]
pub struct SoftwareToken {
    path: PathBuf,
}

impl SoftwareToken {
    /// The shortest and longest PIN in bytes. The lower bound is higher than a card's, since nothing counts the tries.
    pub const PIN_LENGTH: (usize, usize) = (6, Pin::MAX_BYTES);

    /// Opens an existing file.
    ///
    /// # Errors
    /// [`TokenError::NoToken`] when there is none, [`TokenError::File`], [`TokenError::FileFormat`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, TokenError> {
        let path = path.into();
        KeyFile::read(&path)?;
        Ok(Self { path })
    }

    /// Makes a new file with a fresh Ed25519 and a fresh X25519 key. Readable by its owner only; an existing file is
    /// never overwritten.
    ///
    /// # Errors
    /// [`TokenError::File`], [`TokenError::PinLength`], [`TokenError::Randomness`].
    pub fn create(path: impl Into<PathBuf>, label: &str, pin: &Pin, params: KdfParams) -> Result<Self, TokenError> {
        let mut seed = Zeroizing::new([0; 32]);
        random(&mut *seed)?;
        Self::create_with_seed(path.into(), label, pin, params, &seed)
    }

    /// Makes a new file from an Ed25519 key in PKCS#8 PEM and its certificates in PEM, leaf first (the files that a
    /// test operator's `dev-key` writes). The X25519 key is made fresh.
    ///
    /// # Errors
    /// As [`SoftwareToken::create`]; [`TokenError::Argument`] when the key does not parse, [`TokenError::BadCertificate`]
    /// when the certificates do not parse or the first is not for that key.
    pub fn import(
        path: impl Into<PathBuf>,
        label: &str,
        pin: &Pin,
        params: KdfParams,
        key_pem: &str,
        certificates_pem: &str,
    ) -> Result<Self, TokenError> {
        let key = SigningKey::from_pkcs8_pem(key_pem)
            .map_err(|error| TokenError::Argument(format!("no Ed25519 key in PKCS#8 PEM: {error}")))?;
        let certificates = certificates_from_pem(certificates_pem)?;
        let leaf = certificates.first().ok_or_else(|| TokenError::BadCertificate("none in the PEM".to_owned()))?;
        let public = PublicKey { kind: KeyKind::Ed25519, bytes: key.verifying_key().to_bytes() };
        if leaf.public != Some(public) {
            return Err(TokenError::BadCertificate("the first certificate is not for this key".to_owned()));
        }
        if certificates.iter().skip(1).any(|certificate| !certificate.authority) {
            return Err(TokenError::BadCertificate("one after the first is no issuer's".to_owned()));
        }
        let token = Self::create_with_seed(path.into(), label, pin, params, &Zeroizing::new(key.to_bytes()))?;
        for certificate in certificates {
            token.write_certificate(&certificate.der, &certificate.label)?;
        }
        Ok(token)
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Stores a certificate, in place of an older one for the same key. It must be for one of this file's keys, or be
    /// a certification authority's (kept to send along as the chain).
    ///
    /// # Errors
    /// [`TokenError::BadCertificate`], and those of [`SoftwareToken::open`].
    pub fn write_certificate(&self, der: &[u8], label: &str) -> Result<(), TokenError> {
        let mut file = KeyFile::read(&self.path)?;
        let new = TokenCertificate::new(der.to_vec(), KeyId::default(), label.to_owned());
        let public = new.public.ok_or_else(|| TokenError::BadCertificate("its key is of another kind".to_owned()))?;
        let own = [(KeyKind::Ed25519, &file.ed25519), (KeyKind::X25519, &file.x25519)]
            .into_iter()
            .find(|(kind, entry)| public.kind == *kind && public.bytes == entry.public)
            .map(|(_, entry)| KeyId::new(entry.id.as_slice()));
        let id = match own {
            Some(id) if !new.authority => id,
            None if new.authority => KeyId::derive_from(&public),
            _ => return Err(TokenError::BadCertificate("it is for a key that this file does not hold".to_owned())),
        };
        let id = id.as_bytes().to_vec();
        file.certificates.retain(|old| old.id != id);
        file.certificates.push(CertificateEntry { id, label: label.to_owned(), der: der.to_vec() });
        file.replace(&self.path)
    }

    /// Says in the file that its PIN is still the issued one, so that [`PinState::MustChange`] is told until
    /// [`Token::change_pin`].
    ///
    /// # Errors
    /// Those of [`SoftwareToken::open`].
    pub fn mark_issued_pin(&self) -> Result<(), TokenError> {
        let mut file = KeyFile::read(&self.path)?;
        file.issued_pin = true;
        file.replace(&self.path)
    }

    fn create_with_seed(
        path: PathBuf,
        label: &str,
        pin: &Pin,
        params: KdfParams,
        seed: &Zeroizing<[u8; 32]>,
    ) -> Result<Self, TokenError> {
        check_length(pin)?;
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        let (ed25519, x25519) = secret.split_at_mut(32);
        ed25519.copy_from_slice(seed.as_slice());
        random(x25519)?;
        let publics = public_keys(&secret);
        let entry = |kind, bytes| {
            let id = KeyId::derive_from(&PublicKey { kind, bytes });
            PublicEntry { id: id.as_bytes().to_vec(), public: bytes }
        };
        let entries = (entry(KeyKind::Ed25519, publics.0), entry(KeyKind::X25519, publics.1));
        KeyFile::seal_new(label, entries, &secret, pin, params)?.write_new(&path)?;
        Ok(Self { path })
    }
}

impl Token for SoftwareToken {
    fn info(&self) -> Result<TokenInfo, TokenError> {
        let file = KeyFile::read(&self.path)?;
        Ok(TokenInfo {
            label: file.label,
            serial: file.serial,
            manufacturer: "Gridkey".to_owned(),
            model: "software key".to_owned(),
            tries: Tries::NotTold,
            pin: if file.issued_pin { PinState::MustChange } else { PinState::Usable },
            pin_length: Self::PIN_LENGTH,
        })
    }

    fn certificates(&self) -> Result<Vec<TokenCertificate>, TokenError> {
        let file = KeyFile::read(&self.path)?;
        Ok(file
            .certificates
            .into_iter()
            .map(|entry| TokenCertificate::new(entry.der, KeyId::new(entry.id), entry.label))
            .collect())
    }

    fn login(&self, pin: &Pin, _caution: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        check_length(pin)?;
        let file = KeyFile::read(&self.path)?;
        let secret = file.open(&self.path, pin)?;
        if public_keys(&secret) != (file.ed25519.public, file.x25519.public) {
            return Err(file::bad(&self.path, "its public keys do not belong to the sealed private keys"));
        }
        let ids = (KeyId::new(file.ed25519.id), KeyId::new(file.x25519.id));
        let there = Holder { path: self.path.clone(), serial: file.serial };
        Ok(Box::new(SoftwareSession::new(&secret, ids, there)))
    }

    fn change_pin(&self, old: &Pin, new: &Pin, _caution: Caution) -> Result<(), TokenError> {
        check_length(old)?;
        check_length(new)?;
        let mut file = KeyFile::read(&self.path)?;
        let secret = file.open(&self.path, old)?;
        file.reseal(&secret, new)?;
        file.issued_pin = false;
        file.replace(&self.path)
    }
}

/// Public halves (Ed25519, X25519) of the sealed secret.
fn public_keys(secret: &[u8; SECRET_BYTES]) -> ([u8; 32], [u8; 32]) {
    let (signing, agreement) = private_keys(secret);
    (signing.verifying_key().to_bytes(), x25519_dalek::PublicKey::from(&agreement).to_bytes())
}

/// The two private keys of the sealed secret; both wipe themselves on drop.
fn private_keys(secret: &[u8; SECRET_BYTES]) -> (SigningKey, StaticSecret) {
    let (mut seed, mut scalar) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]));
    let (first, second) = secret.split_at(32);
    seed.copy_from_slice(first);
    scalar.copy_from_slice(second);
    (SigningKey::from_bytes(&seed), StaticSecret::from(*scalar))
}

fn check_length(pin: &Pin) -> Result<(), TokenError> {
    let (min, max) = SoftwareToken::PIN_LENGTH;
    if (min..=max).contains(&pin.byte_len()) { Ok(()) } else { Err(TokenError::PinLength { min, max }) }
}
