//! The encryption of records.

use gridkey_protocol::{
    cbor,
    crypto::{self, Secret32},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{StoreError, Table};
use crate::random;

const NONCE: usize = 24;

/// The keys derived from a store's key.
pub(super) struct Vault {
    names: Secret32,
    values: Secret32,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    pub(super) fn new(store_key: &Secret32) -> Self {
        Self {
            names: crypto::hkdf(&[], &store_key[..], b"gridkey.v1/store/names"),
            values: crypto::hkdf(&[], &store_key[..], b"gridkey.v1/store/values"),
        }
    }

    /// The name under which a record stands in the file.
    pub(super) fn hide(&self, table: Table, name: &str) -> [u8; 32] {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.names[..]).expect("HMAC takes keys of any length");
        mac.update(table.name().as_bytes());
        mac.update(&[0]);
        mac.update(name.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Encrypts a record for its place; it opens nowhere else.
    pub(super) fn seal<T: Serialize>(&self, table: Table, hidden: &[u8; 32], value: &T) -> Result<Vec<u8>, StoreError> {
        let nonce = random::bytes::<NONCE>()?;
        let plain = Zeroizing::new(cbor::encode(value));
        Ok([&nonce[..], &crypto::secretbox_seal(&self.record_key(table, hidden), &nonce, &plain)].concat())
    }

    /// Opens the record that stands under `hidden`.
    pub(super) fn open<T: DeserializeOwned>(
        &self,
        table: Table,
        hidden: &[u8; 32],
        stored: &[u8],
    ) -> Result<T, StoreError> {
        let damaged = |what: &dyn std::fmt::Display| StoreError::Damaged(format!("{}: {what}", table.name()));
        let (nonce, boxed) = stored.split_first_chunk::<NONCE>().ok_or_else(|| damaged(&"a record is too short"))?;
        let plain = crypto::secretbox_open(&self.record_key(table, hidden), nonce, boxed).map_err(|e| damaged(&e))?;
        cbor::decode(&Zeroizing::new(plain)).map_err(|e| damaged(&e))
    }

    fn record_key(&self, table: Table, hidden: &[u8; 32]) -> Secret32 {
        let info = [b"gridkey.v1/store/record/", table.name().as_bytes()].concat();
        crypto::hkdf(hidden, &self.values[..], &info)
    }
}
