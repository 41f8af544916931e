//! Backups of the server's store, and what has to be done after a restore.
//!
//! A restore takes back whatever happened after the backup, so the server does not serve on a restored store until an
//! operator has seen what is known to be missing and said that it may. [`compare`] finds that out from others: the platform
//! holds a head of the audit chain, the payments, and the newest revocation list.

pub mod compare;

use std::{path::Path, sync::Arc, time::Duration};

use gridkey_domain::Timestamp;
use gridkey_protocol::cbor::Value as Cbor;
use gridkey_service::control::is_running;
use gridkey_surreal::backup::{BackupError, Summary, verify};
use serde_json::{Value, json};

use self::compare::Compared;
use crate::{
    actor::Actor,
    config::Config,
    hsm::{Hsm as _, Pkcs11Hsm},
    issue::draft,
    operator::running,
    parts,
    provision::ProvisionError,
    run,
    store::surreal::{PROGRAM, RestoredStore, SurrealStore, restore as restore_store},
};

/// The control socket's command: `{"out": file}`.
pub const BACKUP: &str = "backup";

/// Why a backup or a restore failed.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// The file or the database.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// A part of the server.
    #[error(transparent)]
    Part(#[from] ProvisionError),
    /// The store.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The server runs; it has to be stopped first.
    #[error("the server runs: stop it first")]
    Runs,
    /// The store was restored, but not compared.
    #[error("the store is restored, but was not compared ({0}): mend that, then `gridkey-server restore --compare`")]
    NotCompared(#[source] Box<Self>),
    /// Nothing was restored that could be acknowledged.
    #[error("this store was not restored, or that is acknowledged already")]
    NothingToAcknowledge,
}

/// Writes a backup to the new file `out`, through the running server or from the database itself.
///
/// # Errors
/// [`RecoveryError`]; there is no such file then.
pub async fn backup(config: &Config, out: &Path, now: Timestamp) -> Result<Value, RecoveryError> {
    let asked = json!({ "out": std::path::absolute(out).map_err(|source| BackupError::File { path: out.to_owned(), source })? });
    if let Some(answer) = running(config, BACKUP, asked).await? {
        return Ok(answer);
    }
    // The sealed fields stay sealed, so that no HSM is needed.
    let database = parts::open_database(config).await?;
    let done = database.backup(out, PROGRAM, env!("CARGO_PKG_VERSION"), now.seconds()).await;
    database.close().await.map_err(ProvisionError::from)?;
    Ok(told(&done?))
}

/// Says what a backup holds.
///
/// # Errors
/// [`BackupError`] if it is not whole.
pub fn verify_backup(path: &Path) -> Result<Value, BackupError> {
    Ok(told(&verify(path, PROGRAM)?))
}

/// A summary as JSON.
pub fn told(summary: &Summary) -> Value {
    serde_json::to_value(summary).unwrap_or(Value::Null)
}

/// Restores the backup `from` into the empty database that the configuration names, and compares with the platform.
///
/// # Errors
/// [`RecoveryError`]; unless it says otherwise nothing was changed.
pub async fn restore(config: &Config, from: &Path, now: Timestamp) -> Result<(Summary, Compared), RecoveryError> {
    if is_running(&config.control.socket).await {
        return Err(RecoveryError::Runs);
    }
    verify(from, PROGRAM)?;
    let hsm = parts::start_hsm(config)?;
    hsm.check().await.map_err(ProvisionError::from)?;
    let database = parts::open_database(config).await?;
    let restored = restore_store(&database, from, now, hsm.as_ref()).await;
    database.close().await.map_err(ProvisionError::from)?;
    hsm.shutdown(Duration::from_secs(5)).await;
    let restored = restored?;
    let compared = compare(config, now).await.map_err(|error| RecoveryError::NotCompared(Box::new(error)))?;
    Ok((restored, compared))
}

/// Compares the store with what others hold, and mends what can be mended.
///
/// # Errors
/// [`RecoveryError`].
pub async fn compare(config: &Config, now: Timestamp) -> Result<Compared, RecoveryError> {
    let (hsm, store) = open(config).await?;
    let done = compare::compare(config, &store, now).await;
    close(hsm, store).await?;
    done
}

/// Lets the server serve again after a restore.
///
/// # Errors
/// [`RecoveryError::NothingToAcknowledge`] and the like.
pub async fn acknowledge(config: &Config, now: Timestamp) -> Result<(), RecoveryError> {
    let (hsm, store) = open(config).await?;
    let done = acknowledge_in(&store, now).await;
    close(hsm, store).await?;
    done
}

async fn acknowledge_in(store: &SurrealStore, now: Timestamp) -> Result<(), RecoveryError> {
    let unseen = store.restored().await?.filter(|restored| restored.acknowledged.is_none());
    let RestoredStore { at, backup_at, entries, .. } = unseen.ok_or(RecoveryError::NothingToAcknowledge)?;
    let seconds = |at: Timestamp| Cbor::Unsigned(at.seconds().unsigned_abs());
    let facts = vec![
        ("at".to_owned(), seconds(at)),
        ("backup".to_owned(), seconds(backup_at)),
        ("entries".to_owned(), Cbor::Unsigned(entries)),
    ];
    let audit = draft("store.restored", Actor::operator().name(), None, facts, now);
    Ok(store.acknowledge_restore(now, audit).await?)
}

async fn open(config: &Config) -> Result<(Arc<Pkcs11Hsm>, SurrealStore), RecoveryError> {
    if is_running(&config.control.socket).await {
        return Err(RecoveryError::Runs);
    }
    let hsm = parts::start_hsm(config)?;
    let store = parts::open_store(config, hsm.as_ref()).await?;
    Ok((hsm, store))
}

async fn close(hsm: Arc<Pkcs11Hsm>, store: SurrealStore) -> Result<(), RecoveryError> {
    hsm.shutdown(Duration::from_secs(5)).await;
    Ok(store.close().await?)
}

/// A restored store that nobody said may be served from. Starting again changes nothing about that.
#[derive(Debug, thiserror::Error)]
#[error(
    "the store was restored at {at} from a backup of {backup_at}: see to what `gridkey-server restore --compare` reports (keys \
     lost since then above all), then allow serving with `gridkey-server restore --acknowledge`"
)]
pub struct NotAcknowledged {
    /// When it was restored.
    pub at: Timestamp,
    /// When the backup was made.
    pub backup_at: Timestamp,
}

/// Fails while a restore is not acknowledged.
///
/// # Errors
/// [`NotAcknowledged`], or the store's.
pub async fn may_serve(store: &SurrealStore) -> anyhow::Result<()> {
    match store.restored().await? {
        Some(RestoredStore { at, backup_at, acknowledged: None, .. }) => Err(NotAcknowledged { at, backup_at }.into()),
        _ => Ok(()),
    }
}

/// The platform as the configuration names it.
pub(crate) fn platform(config: &Config) -> Result<crate::intranet::Platform, ProvisionError> {
    run::platform(config).map_err(|error| ProvisionError::Configuration(format!("{error:#}")))
}
