//! A certificate chain with its private key, and certificates without one, read from PEM files.

use std::{fmt, fs, path::Path};

use rustls::sign::CertifiedKey;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use zeroize::Zeroize;

use super::{TlsError, provider};
use crate::{config::ConfigError, secret::read_private};

/// Who this side of a TLS connection is. The key is wiped when the identity is dropped.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// An identity from its parts; `chain` begins with the leaf.
    pub fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Self {
        Self { chain, key }
    }

    /// Reads the chain, leaf first, and the key; both may be in one file. A key file that others can read is refused.
    ///
    /// # Errors
    /// [`TlsError::File`] and [`TlsError::Pem`].
    pub fn from_pem_files(chain: &Path, key: &Path) -> Result<Self, TlsError> {
        let certificates = read_certificates(chain)?;
        let text = read_private(key)?;
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes())
            .map_err(|_| TlsError::Pem { path: key.to_owned(), what: "private key" })?;
        Ok(Self { chain: certificates, key })
    }

    /// The certificates, leaf first.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// Whether the key is that of the first certificate.
    pub fn fits(&self) -> bool {
        CertifiedKey::from_der(self.chain.clone(), self.clone_key(), &provider()).is_ok()
    }

    /// A copy of the key for the TLS library to take over.
    pub(super) fn clone_key(&self) -> PrivateKeyDer<'static> {
        self.key.clone_key()
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

/// Every certificate in the PEM file `path`, in the order of the file; at least one.
///
/// # Errors
/// [`TlsError::File`] and [`TlsError::Pem`].
pub fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = fs::read(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    let bad = || TlsError::Pem { path: path.to_owned(), what: "certificate" };
    let all: Vec<_> = CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|_| bad())?;
    if all.is_empty() { Err(bad()) } else { Ok(all) }
}
