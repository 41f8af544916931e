//! The data key in the database: wrapped by the HSM, and a word that only the right one opens.

use gridkey_surreal::{Bytes, Database, SurrealValue, vars};

use super::{
    schema::MIGRATIONS,
    script::{Script, record},
    vault::Vault,
    write::damaged,
};
use crate::store::{Conflict, StoreError};

#[derive(Debug, SurrealValue)]
struct BytesRow {
    bytes: Bytes,
}

pub(super) const WRAPPED: &str = "wrapped";
const CHECK: &str = "check";
const CHECK_NAME: &str = "data_key/check";
const CHECK_WORD: &[u8] = b"gridkey.v1/data-key";

/// The data key as the HSM wrapped it; `None` in a database that has none yet.
///
/// # Errors
/// [`StoreError::Unavailable`] and the like, also for a database of a newer version.
pub async fn load_wrapped_data_key(database: &Database) -> Result<Option<Vec<u8>>, StoreError> {
    database.migrate(MIGRATIONS).await?;
    load(database, WRAPPED).await
}

/// Keeps the data key as the HSM wrapped it. Never replaces one: everything is encrypted under it.
///
/// # Errors
/// [`Conflict::DataKeyExists`] if there is one already.
pub async fn store_wrapped_data_key(database: &Database, wrapped: &[u8]) -> Result<(), StoreError> {
    database.migrate(MIGRATIONS).await?;
    if create(database, WRAPPED, wrapped).await? { Ok(()) } else { Err(Conflict::DataKeyExists.into()) }
}

/// Makes sure that the data key is the one that the database's records are encrypted under.
pub(super) async fn check(database: &Database, vault: &Vault) -> Result<(), StoreError> {
    if create(database, CHECK, &vault.seal(CHECK_NAME, CHECK_WORD)?).await? {
        return Ok(());
    }
    let sealed = load(database, CHECK).await?.unwrap_or_default();
    vault.open(CHECK_NAME, &sealed).map(drop)
}

pub(super) async fn load(database: &Database, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut rows = database.run("SELECT * FROM $record", vars! { record: record("data_key", name) }).await?;
    Ok(rows.one::<BytesRow>(0).map_err(damaged)?.map(|row| row.bytes.to_vec()))
}

/// Makes the record; false if it is there already.
async fn create(database: &Database, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
    let mut script = Script::default();
    script.create(&record("data_key", name), BytesRow { bytes: bytes.to_vec().into() });
    let (sql, variables) = script.into_parts();
    match database.transact(&sql, variables).await {
        Ok(_) => Ok(true),
        Err(gridkey_surreal::DbError::Exists) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
