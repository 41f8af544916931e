//! Writing certificates and keys to files: never over an existing one, keys for their owner only.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use der::pem::{self, LineEnding};
use zeroize::Zeroizing;

use super::ProvisionError;

/// PKCS#8 version 1 (RFC 5208 as RFC 8410 uses it) around 32 bytes of an Ed25519 seed.
const PKCS8_ED25519: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// The same for an X25519 private key.
const PKCS8_X25519: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];

/// What kind of key a private key file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// An Ed25519 seed.
    Ed25519,
    /// An X25519 scalar.
    X25519,
}

/// PKCS#8 PEM of a 32-byte private key.
pub fn private_key_pem(kind: KeyKind, secret: &[u8; 32]) -> Result<Zeroizing<String>, ProvisionError> {
    let head = match kind {
        KeyKind::Ed25519 => PKCS8_ED25519,
        KeyKind::X25519 => PKCS8_X25519,
    };
    let mut der = Zeroizing::new([0; 48]);
    der[..16].copy_from_slice(&head);
    der[16..].copy_from_slice(secret);
    let pem = pem::encode_string("PRIVATE KEY", LineEnding::LF, der.as_slice());
    pem.map(Zeroizing::new).map_err(|_| ProvisionError::Configuration("a private key can't be written as PEM".into()))
}

/// PEM of a chain of certificates, in the order given.
pub fn certificates_pem<T: AsRef<[u8]>>(chain: &[T]) -> Result<String, ProvisionError> {
    chain.iter().try_fold(String::new(), |mut text, der| {
        let pem = pem::encode_string("CERTIFICATE", LineEnding::LF, der.as_ref());
        text += &pem.map_err(|_| ProvisionError::Configuration("a certificate can't be written as PEM".into()))?;
        Ok(text)
    })
}

/// Writes a file that anyone may read.
pub fn write_public(path: &Path, content: &str) -> Result<(), ProvisionError> {
    write_new(path, content.as_bytes(), 0o644)
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, content: &str) -> Result<(), ProvisionError> {
    write_new(path, content.as_bytes(), 0o600)
}

/// Where a file is written that will take the place of `path`.
pub fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Writes a file that anyone may read, in place of one that a broken-off run may have left.
pub fn write_public_over(path: &Path, content: &str) -> Result<(), ProvisionError> {
    remove(path)?;
    write_public(path, content)
}

/// Writes a file that only its owner may read, in place of one that a broken-off run may have left.
pub fn write_private_over(path: &Path, content: &str) -> Result<(), ProvisionError> {
    remove(path)?;
    write_private(path, content)
}

/// Puts the file `fresh` in the place of `path`, at once and for good.
pub fn put(fresh: &Path, path: &Path) -> Result<(), ProvisionError> {
    let failed = |source| ProvisionError::File { path: path.to_owned(), source };
    fs::rename(fresh, path).map_err(failed)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn remove(path: &Path) -> Result<(), ProvisionError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(ProvisionError::File { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Makes a folder for its owner only, unless it is there.
pub fn make_folder(path: &Path) -> Result<(), ProvisionError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| ProvisionError::File { path: path.to_owned(), source })
}

/// Fails if any of these files is there.
pub fn ensure_absent<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<(), ProvisionError> {
    match paths.into_iter().find(|path| path.exists()) {
        Some(path) => Err(ProvisionError::AlreadyDone(format!("{} exists", path.display()))),
        None => Ok(()),
    }
}

fn write_new(path: &Path, content: &[u8], mode: u32) -> Result<(), ProvisionError> {
    let failed = |source| ProvisionError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    file.sync_all().map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_file_is_its_owners_and_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/key.pem");
        let pem = private_key_pem(KeyKind::Ed25519, &[7; 32]).unwrap();
        write_private(&path, &pem).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(matches!(write_private(&path, "other"), Err(ProvisionError::File { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), *pem);
    }

    #[test]
    fn the_pkcs8_reads_back() {
        use ed25519_dalek::{SigningKey, pkcs8::DecodePrivateKey as _};
        let pem = private_key_pem(KeyKind::Ed25519, &[7; 32]).unwrap();
        assert_eq!(SigningKey::from_pkcs8_pem(&pem).unwrap(), SigningKey::from_bytes(&[7; 32]));
    }
}
