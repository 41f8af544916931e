//! What the client keeps on this machine, encrypted under a key that only the USBKEY opens.
//!
//! One file per USBKEY. It shows its size and how many records it has, and nothing else: record names are keyed hashes, values
//! are XSalsa20-Poly1305 under keys of their own, and the key above them all is sealed to the USBKEY's X25519 key, so that it
//! opens with the PIN only. Several processes may use one file at a time; every change is on disk before it is told.
//!
//! Whoever can write the file can put an older copy of it back; the server's answers, not this file, decide what is paid.

mod cache;
mod error;
mod file;
mod inbox;
mod rewrap;
mod vault;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

pub use cache::Cached;
pub use error::StoreError;
pub use file::Change;
use gridkey_protocol::bytes::hex;
pub use inbox::{InboxEntry, Place};
use serde::{Serialize, de::DeserializeOwned};

use self::{file::File, vault::Vault};
use crate::key::UsbKey;

/// The kinds of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// The server's last answers.
    Cache,
    /// Signed payment orders.
    Orders,
    /// Pushes received.
    Inbox,
    /// Single values: the place in the stream, the clock's offset.
    State,
}

impl Table {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Cache, Self::Orders, Self::Inbox, Self::State];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Orders => "orders",
            Self::Inbox => "inbox",
            Self::State => "state",
        }
    }
}

/// An open store; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    file: Arc<File>,
}

impl Store {
    /// Opens the store of this USBKEY in `folder`, or makes it. The key takes part, so this may block on the token.
    pub async fn open(folder: &Path, key: &UsbKey) -> Result<Self, StoreError> {
        Self::open_or_begin(folder, key, None).await
    }

    async fn open_or_begin(folder: &Path, key: &UsbKey, seed: Option<file::Seed>) -> Result<Self, StoreError> {
        let public = agreement(key)?;
        let (folder, path) = (folder.to_owned(), path(folder, &public));
        let unopened = on_thread(move || file::Unopened::prepare(&folder, &path, &public, seed.as_ref())).await?;
        let shared = key.agree(unopened.ephemeral()?).await.map_err(StoreError::Key)?;
        on_thread(move || Ok(Self { file: Arc::new(unopened.open(shared)?) })).await
    }

    /// A store that lives as long as the program, for keys that have no X25519 key. It can hold no payment orders.
    pub fn in_memory() -> Result<Self, StoreError> {
        Ok(Self { file: Arc::new(File::in_memory(Vault::new(&crate::random::secret()?))?) })
    }

    /// Whether what is kept outlives the program.
    pub fn is_durable(&self) -> bool {
        self.file.is_durable()
    }

    /// Reads one record. Blocks.
    pub fn get<T: DeserializeOwned>(&self, table: Table, name: &str) -> Result<Option<T>, StoreError> {
        self.file.get(table, name)
    }

    /// Reads every record of a kind, in no particular order. Blocks.
    pub fn list<T: DeserializeOwned>(&self, table: Table) -> Result<Vec<T>, StoreError> {
        self.file.list(table)
    }

    /// Writes one record, durably. Blocks.
    pub fn put<T: Serialize>(&self, table: Table, name: &str, value: &T) -> Result<(), StoreError> {
        self.change(|change| change.put(table, name, value))
    }

    /// Reads and writes in one transaction: all of it or, when `work` fails, none. Blocks.
    pub fn change<R, E: From<StoreError>>(&self, work: impl FnOnce(&mut Change<'_>) -> Result<R, E>) -> Result<R, E> {
        self.file.change(work)
    }
}

/// The X25519 key that a store is sealed to.
fn agreement(key: &UsbKey) -> Result<[u8; 32], StoreError> {
    Ok(key.certificates().agreement().ok_or(StoreError::NoAgreementKey)?.public)
}

/// The file of the store that is sealed to `agreement`.
fn path(folder: &Path, agreement: &[u8; 32]) -> PathBuf {
    let name = gridkey_protocol::crypto::sha256(&[b"gridkey.v1/store/name", agreement]);
    folder.join(format!("{}.redb", hex(name.get(..8).unwrap_or_default())))
}

/// Runs `work` where it may block.
pub(crate) async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Thread)?
}

#[cfg(test)]
mod tests;
