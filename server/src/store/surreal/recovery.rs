//! Backups of the whole store, what a restored one knows of itself, and orders re-created from the platform's word.

use std::path::Path;

use gridkey_domain::{PaymentState, Timestamp, payment::Transition};
use gridkey_surreal::{
    Database, SurrealValue,
    backup::{BackupError, Summary},
    vars,
};

use super::{
    DataKey, SurrealStore, data_key,
    rows::OrderRow,
    schema::MIGRATIONS,
    script::{Script, record},
    vault::Vault,
    write::{Plan, damaged, number, to_i64},
};
use crate::hsm::Hsm;
use crate::store::{AuditDraft, Conflict, Fingerprint, NewOrder, StoreError};

/// Whose backups these are.
pub const PROGRAM: &str = "gridkey-server";

/// The last restore of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoredStore {
    /// When.
    pub at: Timestamp,
    /// When the backup was made.
    pub backup_at: Timestamp,
    /// Entries of the audit chain in the backup.
    pub entries: u64,
    /// When an operator said that the server may serve again.
    pub acknowledged: Option<Timestamp>,
}

#[derive(Debug, SurrealValue)]
struct RestoredRow {
    at: i64,
    backup_at: i64,
    entries: i64,
    acknowledged: Option<i64>,
}

/// Run in the transaction that opens a restored database to the server.
const FINISH: &str = "
    UPDATE stream SET epoch = $epoch, rev += 1 RETURN NONE;
    UPSERT restored:last SET at = $at, backup_at = $backup_at, entries = audit_head:main.length ?? 0, acknowledged = NONE;";

/// Restores a backup into an empty database. The HSM must open its data key. Every push stream gets another epoch,
/// since offsets may come to stand for other pushes than clients have seen.
///
/// # Errors
/// [`BackupError`]; unless it says otherwise nothing was changed.
pub async fn restore(database: &Database, path: &Path, now: Timestamp, hsm: &dyn Hsm) -> Result<Summary, BackupError> {
    let restoring = database.restore(path, PROGRAM, MIGRATIONS).await?;
    let opened = async {
        let wrapped = data_key::load(database, data_key::WRAPPED).await.map_err(|error| error.to_string())?;
        let key = hsm.unwrap_data_key(&wrapped.ok_or("the backup holds no data key")?).await;
        let key = key.map_err(|error| format!("the HSM does not open the backup's data key: {error}"))?;
        data_key::check(database, &Vault::new(DataKey::new(key))).await.map_err(|error| error.to_string())
    };
    opened.await.map_err(BackupError::Useless)?;
    let mut epoch = [0; 16];
    getrandom::fill(&mut epoch).map_err(|error| BackupError::Useless(error.to_string()))?;
    let epoch = gridkey_surreal::Bytes::from(epoch.to_vec());
    let variables = vars! { epoch: epoch, at: now.seconds(), backup_at: restoring.summary().header.at };
    restoring.finish(FINISH, variables).await
}

impl SurrealStore {
    /// The last restore of this store, if there was one.
    ///
    /// # Errors
    /// As of any read.
    pub async fn restored(&self) -> Result<Option<RestoredStore>, StoreError> {
        let Some(row) = self.find::<RestoredRow>(&record("restored", "last")).await? else { return Ok(None) };
        Ok(Some(RestoredStore {
            at: Timestamp::from_seconds(row.at),
            backup_at: Timestamp::from_seconds(row.backup_at),
            entries: number(row.entries)?,
            acknowledged: row.acknowledged.map(Timestamp::from_seconds),
        }))
    }

    /// Notes that the server may serve again after a restore.
    ///
    /// # Errors
    /// As of any change.
    pub async fn acknowledge_restore(&self, at: Timestamp, audit: AuditDraft) -> Result<(), StoreError> {
        let drafts = [audit];
        self.write(&drafts, move |_| {
            Box::pin(async move {
                let mut script = Script::default();
                script.set(&record("restored", "last"), "acknowledged", at.seconds());
                Ok(Plan::Write(script, ()))
            })
        })
        .await
    }

    /// The key with a certificate of this serial number (hex).
    ///
    /// # Errors
    /// As of any read.
    pub async fn key_of_serial(&self, serial: &str) -> Result<Option<Fingerprint>, StoreError> {
        let mut rows =
            self.read("SELECT VALUE fingerprint FROM $serial", vars! { serial: record("key_serial", serial) }).await?;
        let found: Option<String> = rows.one(0).map_err(damaged)?;
        found.map(|text| super::rows::fingerprint(&text)).transpose()
    }

    /// Keeps an order that this store lost as `pending`, as the platform tells it: without what was signed.
    ///
    /// # Errors
    /// [`Conflict::OrderExists`] if it is here.
    pub async fn insert_recovered_order(&self, order: &NewOrder, audit: AuditDraft) -> Result<(), StoreError> {
        let drafts = [audit];
        self.write(&drafts, move |number| {
            Box::pin(async move {
                let place = OrderRow::record(&order.customer, order.id);
                if self.find::<OrderRow>(&place).await?.is_some() {
                    return Err(Conflict::OrderExists.into());
                }
                let first =
                    Transition { state: PaymentState::Pending, at: order.received, reason: "recovered".to_owned() };
                let mut script = Script::default();
                script.create(&place, OrderRow::new(&self.vault, order, to_i64(number)?, &first)?);
                Ok(Plan::Write(script, ()))
            })
        })
        .await
    }
}
