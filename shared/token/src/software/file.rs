//! The software key's file: a JSON header readable by anyone who may read the file, and the sealed private keys.
//!
//! `sealed` is XSalsa20-Poly1305 over the private keys under Argon2id(PIN, salt). Certificates and public keys stay
//! outside the sealed part so that they can be read before the PIN; at login the public keys are compared with the
//! sealed private ones, so a header changed by someone else is found out.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use xsalsa20poly1305::aead::{Aead, KeyInit};
use xsalsa20poly1305::{Key, Nonce, XSalsa20Poly1305};
use zeroize::Zeroizing;

use crate::error::TokenError;
use crate::pin::Pin;
use crate::token::Tries;

/// Larger files are not read: a key with a few certificates takes some kilobytes.
const MAX_FILE_BYTES: u64 = 256 * 1024;
/// The format's name and version; a reader refuses any other.
const FORMAT: &str = "gridkey-software-key/1";
/// Plain text of the sealed part: Ed25519 seed, then X25519 secret.
pub(super) const SECRET_BYTES: usize = 64;

/// Cost of turning the PIN into a key (Argon2id, RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KdfParams {
    /// Memory in KiB, 8 per lane at least.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for KdfParams {
    /// 64 MiB, 3 passes, one lane: a fraction of a second on a phone, and dear to guess with.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

impl KdfParams {
    /// Upper bounds when reading, so that a planted file cannot exhaust the machine.
    const MAX: Self = Self { memory_kib: 1024 * 1024, passes: 64, lanes: 16 };

    fn within_bounds(self) -> bool {
        self.memory_kib <= Self::MAX.memory_kib && self.passes <= Self::MAX.passes && self.lanes <= Self::MAX.lanes
    }
}

/// The file's contents.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    format: String,
    pub(super) label: String,
    pub(super) serial: String,
    /// The PIN is still the issued one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) issued_pin: bool,
    pub(super) ed25519: PublicEntry,
    pub(super) x25519: PublicEntry,
    pub(super) certificates: Vec<CertificateEntry>,
    sealed: Sealed,
}

/// A public key, outside the sealed part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicEntry {
    #[serde(with = "hex::serde")]
    pub(super) id: Vec<u8>,
    #[serde(with = "hex::serde")]
    pub(super) public: [u8; 32],
}

/// A certificate, outside the sealed part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertificateEntry {
    #[serde(with = "hex::serde")]
    pub(super) id: Vec<u8>,
    pub(super) label: String,
    #[serde(with = "hex::serde")]
    pub(super) der: Vec<u8>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    argon2id: KdfParams,
    #[serde(with = "hex::serde")]
    salt: [u8; 16],
    #[serde(with = "hex::serde")]
    nonce: [u8; 24],
    #[serde(with = "hex::serde")]
    secretbox: Vec<u8>,
}

impl KeyFile {
    /// A new file around `secret`, sealed under `pin`.
    pub(super) fn seal_new(
        label: &str,
        public: (PublicEntry, PublicEntry),
        secret: &[u8; SECRET_BYTES],
        pin: &Pin,
        params: KdfParams,
    ) -> Result<Self, TokenError> {
        let mut serial = [0; 8];
        random(&mut serial)?;
        Ok(Self {
            format: FORMAT.to_owned(),
            label: label.to_owned(),
            serial: hex::encode(serial),
            issued_pin: false,
            ed25519: public.0,
            x25519: public.1,
            certificates: Vec::new(),
            sealed: seal(secret, pin, params)?,
        })
    }

    /// Seals the same secret under another PIN, with a fresh salt and nonce and the same cost.
    pub(super) fn reseal(&mut self, secret: &[u8; SECRET_BYTES], pin: &Pin) -> Result<(), TokenError> {
        self.sealed = seal(secret, pin, self.sealed.argon2id)?;
        Ok(())
    }

    /// Opens the sealed part.
    pub(super) fn open(&self, path: &Path, pin: &Pin) -> Result<Zeroizing<[u8; SECRET_BYTES]>, TokenError> {
        let key = derive_key(pin, &self.sealed.salt, self.sealed.argon2id)?;
        let plain = XSalsa20Poly1305::new(Key::from_slice(&*key))
            .decrypt(Nonce::from_slice(&self.sealed.nonce), self.sealed.secretbox.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| TokenError::WrongPin { tries: Tries::NotTold })?;
        <[u8; SECRET_BYTES]>::try_from(plain.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| bad(path, "the sealed part has a wrong length"))
    }

    /// Reads and checks a file.
    pub(super) fn read(path: &Path) -> Result<Self, TokenError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(TokenError::NoToken(path.display().to_string()));
            }
            Err(source) => return Err(TokenError::File { path: path.to_owned(), source }),
        };
        let mut text = Vec::new();
        file.take(MAX_FILE_BYTES + 1)
            .read_to_end(&mut text)
            .map_err(|source| TokenError::File { path: path.to_owned(), source })?;
        if text.len() as u64 > MAX_FILE_BYTES {
            return Err(bad(path, "too large for a software key"));
        }
        let this = parse(&text).map_err(|reason| bad(path, &reason))?;
        Ok(this)
    }

    /// Writes a new file; refuses to overwrite.
    pub(super) fn write_new(&self, path: &Path) -> Result<(), TokenError> {
        self.write(path, path)
    }

    /// Replaces the file in one step: after a crash either the old or the new one is there, whole.
    pub(super) fn replace(&self, path: &Path) -> Result<(), TokenError> {
        let mut suffix = [0; 6];
        random(&mut suffix)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.new", hex::encode(suffix)));
        let temporary = path.with_file_name(name);
        let result = self.write(&temporary, path).and_then(|()| {
            fs::rename(&temporary, path)
                .and_then(|()| sync_folder(path))
                .map_err(|source| TokenError::File { path: path.to_owned(), source })
        });
        if result.is_err() {
            // Best effort: the failure itself is what the caller must hear of.
            let _ = fs::remove_file(&temporary);
        }
        result
    }

    fn write(&self, target: &Path, named: &Path) -> Result<(), TokenError> {
        let text = serde_json::to_vec_pretty(self).map_err(|error| bad(named, &error.to_string()))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let write = || {
            let mut file = options.open(target)?;
            file.write_all(&text)?;
            file.sync_all()?;
            sync_folder(target)
        };
        write().map_err(|source| TokenError::File { path: named.to_owned(), source })
    }
}

/// Parses a file's text; the reason is for people.
fn parse(text: &[u8]) -> Result<KeyFile, String> {
    let this: KeyFile = serde_json::from_slice(text).map_err(|error| format!("no software key: {error}"))?;
    if this.format != FORMAT {
        return Err(format!("format {:?} is not known here, only {FORMAT:?}", this.format));
    }
    if !this.sealed.argon2id.within_bounds() {
        return Err("Argon2id parameters above what is accepted".to_owned());
    }
    Ok(this)
}

fn seal(secret: &[u8; SECRET_BYTES], pin: &Pin, params: KdfParams) -> Result<Sealed, TokenError> {
    if !params.within_bounds() {
        return Err(TokenError::Argument("Argon2id parameters above what is accepted".to_owned()));
    }
    let (mut salt, mut nonce) = ([0; 16], [0; 24]);
    random(&mut salt)?;
    random(&mut nonce)?;
    let key = derive_key(pin, &salt, params)?;
    let secretbox = XSalsa20Poly1305::new(Key::from_slice(&*key))
        .encrypt(Nonce::from_slice(&nonce), secret.as_slice())
        .map_err(|_| TokenError::Argument("sealing failed".to_owned()))?;
    Ok(Sealed { argon2id: params, salt, nonce, secretbox })
}

fn derive_key(pin: &Pin, salt: &[u8; 16], params: KdfParams) -> Result<Zeroizing<[u8; 32]>, TokenError> {
    let params = Params::new(params.memory_kib, params.passes, params.lanes, Some(32))
        .map_err(|error| TokenError::Argument(format!("Argon2id parameters: {error}")))?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.expose().as_bytes(), salt, &mut *key)
        .map_err(|error| TokenError::Argument(format!("Argon2id: {error}")))?;
    Ok(key)
}

/// Makes a new or renamed entry of the folder durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

pub(super) fn random(bytes: &mut [u8]) -> Result<(), TokenError> {
    getrandom::fill(bytes).map_err(|_| TokenError::Randomness)
}

pub(super) fn bad(path: &Path, reason: &str) -> TokenError {
    TokenError::FileFormat { path: path.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(text in proptest::collection::vec(any::<u8>(), 0..512)) {
            prop_assert!(parse(&text).is_err());
        }
    }

    #[test]
    fn another_version_is_refused_by_name() {
        let text = format!(
            r#"{{"format":"gridkey-software-key/9","label":"","serial":"","ed25519":{{"id":"","public":"{0}"}},
               "x25519":{{"id":"","public":"{0}"}},"certificates":[],
               "sealed":{{"argon2id":{{"memory_kib":8,"passes":1,"lanes":1}},"salt":"{1}","nonce":"{2}","secretbox":""}}}}"#,
            "00".repeat(32),
            "00".repeat(16),
            "00".repeat(24),
        );
        let reason = parse(text.as_bytes()).expect_err("another version");
        assert!(reason.contains("gridkey-software-key/9"), "{reason}");
        let dear = text.replace("key/9", "key/1").replace("\"passes\":1", "\"passes\":4000000000");
        assert!(parse(dear.as_bytes()).expect_err("too dear").contains("Argon2id"));
    }
}
