//! Encryption of records at rest under the data key.
//!
//! Each record has a key of its own, derived from the data key and the record's name, so that what was sealed for one
//! record opens as no other. Layout: 24 random bytes of nonce, then the XSalsa20-Poly1305 box.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use xsalsa20poly1305::{KeyInit, Nonce, XSalsa20Poly1305, aead::Aead};
use zeroize::Zeroizing;

use crate::store::StoreError;

/// The key under which records are encrypted at rest. Kept wrapped by the HSM's `kek`, unwrapped at start.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// The key in these bytes, which should be wiped where they came from.
    pub const fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }
}

impl From<[u8; 32]> for DataKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

const NONCE: usize = 24;
const DOMAIN: &[u8] = b"gridkey.v1/store";

/// Seals and opens the columns of records.
pub(super) struct Vault(DataKey);

impl Vault {
    pub(super) const fn new(key: DataKey) -> Self {
        Self(key)
    }

    /// Seals `plain` for the record `name`.
    pub(super) fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        let sealed = self
            .cipher(name)
            .encrypt(Nonce::from_slice(&nonce), plain)
            .map_err(|_| StoreError::Internal("a record is too large to be sealed".into()))?;
        Ok([&nonce, sealed.as_slice()].concat())
    }

    /// Opens what was sealed for the record `name`; [`StoreError::Damaged`] naming it otherwise.
    pub(super) fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        sealed
            .split_at_checked(NONCE)
            .and_then(|(nonce, sealed)| self.cipher(name).decrypt(Nonce::from_slice(nonce), sealed).ok())
            .ok_or_else(|| StoreError::Damaged(format!("{name} does not open under the data key")))
    }

    fn cipher(&self, name: &str) -> XSalsa20Poly1305 {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(DOMAIN), self.0.0.as_slice())
            .expand(name.as_bytes(), key.as_mut_slice())
            .expect("32 bytes are within what HKDF gives");
        XSalsa20Poly1305::new(key.as_slice().into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_sealed_record_opens_under_its_own_name_only(name in ".{0,20}", other in ".{0,20}", plain: Vec<u8>) {
            let vault = Vault::new([7; 32].into());
            let sealed = vault.seal(&name, &plain).unwrap();
            prop_assert_eq!(vault.open(&name, &sealed).unwrap(), plain);
            prop_assume!(name != other);
            prop_assert!(vault.open(&other, &sealed).is_err());
        }

        #[test]
        fn a_changed_or_foreign_record_does_not_open(plain: Vec<u8>, place: prop::sample::Index) {
            let vault = Vault::new([7; 32].into());
            let mut sealed = vault.seal("a", &plain).unwrap();
            prop_assert!(Vault::new([8; 32].into()).open("a", &sealed).is_err());
            *place.get_mut(&mut sealed) ^= 1;
            prop_assert!(vault.open("a", &sealed).is_err());
        }

        #[test]
        fn arbitrary_bytes_do_not_open(bytes: Vec<u8>) {
            prop_assert!(Vault::new([7; 32].into()).open("a", &bytes).is_err());
        }
    }

    #[test]
    fn the_key_is_not_shown() {
        assert_eq!(format!("{:?}", DataKey::from([0x41; 32])), "DataKey(…)");
    }
}
