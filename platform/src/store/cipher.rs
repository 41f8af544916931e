//! Sensitive fields at rest: XSalsa20-Poly1305 under the platform's own key file on the intranet.

use std::{
    fmt,
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use gridkey_service::{config::ConfigError, secret::read_private};
use xsalsa20poly1305::{
    Key, Nonce, XSalsa20Poly1305,
    aead::{Aead, KeyInit},
};
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a nonce, which stands before the sealed bytes.
const NONCE: usize = 24;

/// The key file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It can't be read, or others may read it.
    #[error(transparent)]
    File(#[from] ConfigError),
    /// It can't be made.
    #[error("cannot make the key file: {0}")]
    Make(#[source] io::Error),
    /// It does not hold 64 hex digits.
    #[error("the key file does not hold 32 bytes in hex")]
    Malformed,
    /// The machine has no randomness to give.
    #[error("no randomness")]
    Random,
}

/// What was sealed does not open: damaged, or sealed under another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed field does not open")]
pub struct SealError;

/// Seals and opens fields.
pub struct FieldCipher(XSalsa20Poly1305);

impl fmt::Debug for FieldCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldCipher(…)")
    }
}

impl FieldCipher {
    /// The cipher of the key file `path`; an absent file is made with a fresh key, for its owner only.
    pub fn from_key_file(path: &Path) -> Result<Self, KeyFileError> {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                let mut key = Zeroizing::new([0_u8; 32]);
                getrandom::fill(&mut *key).map_err(|_| KeyFileError::Random)?;
                let text = Zeroizing::new(format!("{}\n", &*Zeroizing::new(hex::encode(key.as_slice()))));
                file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(KeyFileError::Make)?;
                Ok(Self::new(&key))
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let text = read_private(path)?;
                let mut key = Zeroizing::new([0_u8; 32]);
                hex::decode_to_slice(text.trim_end(), &mut *key).map_err(|_| KeyFileError::Malformed)?;
                Ok(Self::new(&key))
            }
            Err(error) => Err(KeyFileError::Make(error)),
        }
    }

    /// A cipher under a key that is kept nowhere.
    pub fn random() -> Result<Self, KeyFileError> {
        let mut key = Zeroizing::new([0_u8; 32]);
        getrandom::fill(&mut *key).map_err(|_| KeyFileError::Random)?;
        Ok(Self::new(&key))
    }

    fn new(key: &[u8; 32]) -> Self {
        let mut copy = Key::from(*key);
        let cipher = XSalsa20Poly1305::new(&copy);
        copy.as_mut_slice().zeroize();
        Self(cipher)
    }

    /// Seals `plain`: a random nonce, then tag and ciphertext.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut sealed = vec![0_u8; NONCE];
        getrandom::fill(&mut sealed).map_err(|_| SealError)?;
        let nonce: [u8; NONCE] = sealed.as_slice().try_into().map_err(|_| SealError)?;
        sealed.extend(self.0.encrypt(&Nonce::from(nonce), plain).map_err(|_| SealError)?);
        Ok(sealed)
    }

    /// Opens what [`Self::seal`] made.
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or(SealError)?;
        self.0.decrypt(&Nonce::from(*nonce), rest).map(Zeroizing::new).map_err(|_| SealError)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_file_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("platform.key");
        let sealed = FieldCipher::from_key_file(&path).unwrap().seal(b"No. 1 Furnace Road").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let again = FieldCipher::from_key_file(&path).unwrap();
        assert_eq!(again.open(&sealed).unwrap().as_slice(), b"No. 1 Furnace Road");
    }

    #[test]
    fn a_key_file_open_to_others_or_malformed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("platform.key");
        FieldCipher::from_key_file(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(FieldCipher::from_key_file(&path), Err(KeyFileError::File(_))));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "short\n").unwrap();
        assert!(matches!(FieldCipher::from_key_file(&path), Err(KeyFileError::Malformed)));
    }

    #[test]
    fn what_was_changed_or_sealed_under_another_key_does_not_open() {
        let cipher = FieldCipher::random().unwrap();
        let mut sealed = cipher.seal(b"name").unwrap();
        assert_eq!(FieldCipher::random().unwrap().open(&sealed), Err(SealError));
        assert_ne!(cipher.seal(b"name").unwrap(), sealed, "each nonce is fresh");
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(cipher.open(&sealed), Err(SealError));
        assert_eq!(cipher.open(&[0; 10]), Err(SealError));
    }
}
