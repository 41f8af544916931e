//! The file: a redb database whose header says to which key it is sealed.

use std::path::{Path, PathBuf};

use gridkey_protocol::{
    ByteArray, ByteString, cbor,
    crypto::{self, Secret32},
};
use redb::{
    Builder, ConcurrencyMode, Database, DatabaseError, ReadableDatabase as _, ReadableTable as _, TableDefinition,
    TableError, WriteTransaction, backends::InMemoryBackend,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{StoreError, Table, vault::Vault};
use crate::random;

/// The format of the file.
const VERSION: u64 = 1;
const HEADER: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("header");
const HEADER_NAME: &str = "gridkey.v1/store";
/// A few hundred small records.
const CACHE_BYTES: usize = 4 * 1024 * 1024;

/// In clear: what is needed to open the rest.
#[derive(Serialize, Deserialize)]
struct Header {
    v: u64,
    /// The public key that the store's key is sealed to.
    agreement: ByteArray<32>,
    /// `crypto_box_seal` of the store's key.
    sealed: ByteString,
}

type Records = TableDefinition<'static, &'static [u8; 32], &'static [u8]>;

const fn records(table: Table) -> Records {
    TableDefinition::new(table.name())
}

/// A record as it stands in the file: its kind, its hidden name, its sealed value.
type SealedRecord = (Table, [u8; 32], Vec<u8>);

/// What a store begins with when it takes another one over: the same key, and the records under it, still encrypted.
pub(super) struct Seed {
    store_key: Secret32,
    records: Vec<SealedRecord>,
}

/// A file whose key is still sealed.
pub(super) struct Unopened {
    path: PathBuf,
    database: Database,
    header: Header,
}

impl Unopened {
    /// Opens the database, or makes it with a store key sealed to `agreement`: a fresh one, or with the records under it
    /// that of `seed`.
    pub(super) fn prepare(
        folder: &Path,
        path: &Path,
        agreement: &[u8; 32],
        seed: Option<&Seed>,
    ) -> Result<Self, StoreError> {
        let database = create(folder, path)?;
        let transaction = database.begin_write()?;
        let header = {
            let mut table = transaction.open_table(HEADER)?;
            let stored = table.get(HEADER_NAME)?.map(|bytes| bytes.value().to_vec());
            match stored {
                Some(bytes) => cbor::decode(&bytes).map_err(|error| StoreError::Damaged(format!("header: {error}")))?,
                None => {
                    let fresh = random::secret()?;
                    let header = seal(agreement, seed.map_or(&fresh, |seed| &seed.store_key))?;
                    table.insert(HEADER_NAME, &cbor::encode(&header)[..])?;
                    for (table, hidden, stored) in seed.into_iter().flat_map(|seed| &seed.records) {
                        transaction.open_table(records(*table))?.insert(hidden, &stored[..])?;
                    }
                    header
                }
            }
        };
        for table in Table::ALL {
            transaction.open_table(records(table))?;
        }
        transaction.commit()?;
        if header.v != VERSION {
            return Err(StoreError::Newer { path: path.to_owned(), version: header.v });
        }
        if header.agreement.0 != *agreement {
            return Err(StoreError::OtherKey(path.to_owned()));
        }
        Ok(Self { path: path.to_owned(), database, header })
    }

    /// What the key must agree with.
    pub(super) fn ephemeral(&self) -> Result<[u8; 32], StoreError> {
        crypto::sealed_box_ephemeral(self.header.sealed.as_ref()).map_err(|_| StoreError::Damaged("header".into()))
    }

    /// Opens the rest with the key's answer.
    pub(super) fn open(self, shared: Secret32) -> Result<File, StoreError> {
        Ok(self.open_with_key(shared)?.0)
    }

    /// Opens the rest, and gives what another store needs to take it over.
    pub(super) fn open_for_another(self, shared: Secret32) -> Result<(File, Seed), StoreError> {
        let (file, store_key) = self.open_with_key(shared)?;
        let records = file.sealed_records()?;
        Ok((file, Seed { store_key, records }))
    }

    fn open_with_key(self, shared: Secret32) -> Result<(File, Secret32), StoreError> {
        let opened = crypto::sealed_box_open(&self.header.agreement.0, shared, self.header.sealed.as_ref());
        let opened = zeroize::Zeroizing::new(opened.map_err(|_| StoreError::OtherKey(self.path.clone()))?);
        let key = <[u8; 32]>::try_from(&opened[..]).map_err(|_| StoreError::Damaged("header".into()))?;
        let key = Secret32::new(key);
        Ok((File { database: self.database, vault: Vault::new(&key), durable: true }, key))
    }
}

/// A header that only the key of `agreement` opens.
fn seal(agreement: &[u8; 32], store_key: &Secret32) -> Result<Header, StoreError> {
    let sealed = crypto::sealed_box_seal(agreement, &*random::secret()?, &store_key[..])
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(Header { v: VERSION, agreement: ByteArray(*agreement), sealed: ByteString(sealed) })
}

fn create(folder: &Path, path: &Path) -> Result<Database, StoreError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::File { path, source }
    };
    make_private_folder(folder).map_err(fail(folder))?;
    make_private_file(path).map_err(fail(path))?;
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    // Byte-range locks exist on these; elsewhere one program at a time holds the file.
    if cfg!(any(target_os = "linux", target_os = "macos", target_os = "ios", windows)) {
        builder.set_concurrency_mode(ConcurrencyMode::MultiWriter);
    }
    builder.create(path).map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::Busy,
        DatabaseError::Storage(redb::StorageError::Io(source)) => fail(path)(source),
        other => StoreError::Database(other.to_string()),
    })
}

#[cfg(unix)]
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
fn make_private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let file = std::fs::OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    // One that was there before may have been made readable to others since.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

// Elsewhere the user's own folder is private by the system's default.
#[cfg(not(unix))]
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn make_private_file(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// An open file.
#[derive(Debug)]
pub(super) struct File {
    database: Database,
    vault: Vault,
    durable: bool,
}

impl File {
    pub(super) fn in_memory(vault: Vault) -> Result<Self, StoreError> {
        let database = Builder::new()
            .set_cache_size(CACHE_BYTES)
            .create_with_backend(InMemoryBackend::new())
            .map_err(|error| StoreError::Database(error.to_string()))?;
        Ok(Self { database, vault, durable: false })
    }

    pub(super) const fn is_durable(&self) -> bool {
        self.durable
    }

    pub(super) fn get<T: DeserializeOwned>(&self, table: Table, name: &str) -> Result<Option<T>, StoreError> {
        let hidden = self.vault.hide(table, name);
        let transaction = self.database.begin_read()?;
        let records = match transaction.open_table(records(table)) {
            Ok(records) => records,
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let stored = records.get(&hidden)?;
        stored.map(|stored| self.vault.open(table, &hidden, stored.value())).transpose()
    }

    pub(super) fn list<T: DeserializeOwned>(&self, table: Table) -> Result<Vec<T>, StoreError> {
        let transaction = self.database.begin_read()?;
        let records = match transaction.open_table(records(table)) {
            Ok(records) => records,
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut all = Vec::new();
        for entry in records.iter()? {
            let (hidden, stored) = entry?;
            all.push(self.vault.open(table, hidden.value(), stored.value())?);
        }
        Ok(all)
    }

    fn sealed_records(&self) -> Result<Vec<SealedRecord>, StoreError> {
        let transaction = self.database.begin_read()?;
        let mut all = Vec::new();
        for table in Table::ALL {
            for entry in transaction.open_table(records(table))?.iter()? {
                let (hidden, stored) = entry?;
                all.push((table, *hidden.value(), stored.value().to_vec()));
            }
        }
        Ok(all)
    }

    pub(super) fn change<R, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Change<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let transaction = self.database.begin_write().map_err(StoreError::from)?;
        let mut change = Change { transaction: &transaction, vault: &self.vault };
        // Dropping the transaction without a commit takes everything back.
        let result = work(&mut change)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(result)
    }
}

/// A transaction under way.
pub struct Change<'a> {
    transaction: &'a WriteTransaction,
    vault: &'a Vault,
}

impl std::fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Change")
    }
}

impl Change<'_> {
    /// Reads one record as this transaction sees it.
    pub fn get<T: DeserializeOwned>(&self, table: Table, name: &str) -> Result<Option<T>, StoreError> {
        let hidden = self.vault.hide(table, name);
        let records = self.transaction.open_table(records(table))?;
        let stored = records.get(&hidden)?;
        stored.map(|stored| self.vault.open(table, &hidden, stored.value())).transpose()
    }

    /// Reads every record of a kind.
    pub fn list<T: DeserializeOwned>(&self, table: Table) -> Result<Vec<T>, StoreError> {
        let records = self.transaction.open_table(records(table))?;
        let mut all = Vec::new();
        for entry in records.iter()? {
            let (hidden, stored) = entry?;
            all.push(self.vault.open(table, hidden.value(), stored.value())?);
        }
        Ok(all)
    }

    /// Writes one record.
    pub fn put<T: Serialize>(&mut self, table: Table, name: &str, value: &T) -> Result<(), StoreError> {
        let hidden = self.vault.hide(table, name);
        let sealed = self.vault.seal(table, &hidden, value)?;
        self.transaction.open_table(records(table))?.insert(&hidden, &sealed[..])?;
        Ok(())
    }

    /// Removes one record.
    pub fn remove(&mut self, table: Table, name: &str) -> Result<(), StoreError> {
        let hidden = self.vault.hide(table, name);
        self.transaction.open_table(records(table))?.remove(&hidden)?;
        Ok(())
    }

    /// Removes every record there is.
    pub(super) fn clear(&mut self) -> Result<(), StoreError> {
        for table in Table::ALL {
            self.transaction.open_table(records(table))?.retain(|_, _| false)?;
        }
        Ok(())
    }
}
