//! What the platform keeps, in SurrealDB: one file per topic, each method one transaction.
//!
//! Rules over several records live in the database's own functions (`schema.rs`), so that every transaction that moves
//! money or tells the server something does it in the same way: `fn::outbox` numbers an event without gaps, `fn::book`
//! puts money on a bill, `fn::credit` on the account. Names, contacts and addresses are sealed ([`cipher`]).

pub mod arrears;
pub mod audit_heads;
pub mod bills;
pub mod cipher;
pub mod customers;
pub mod findings;
pub mod outbox;
pub mod payments;
pub mod readings;
pub mod refunds;
pub mod restored;
mod schema;

use std::{ops::Bound, sync::Arc};

use gridkey_surreal::{Credentials, Database, DbError, RecordId, RecordIdKey};
use surrealdb::types::RecordIdKeyRange;
use tokio::sync::Notify;

pub use self::cipher::FieldCipher;

/// Namespace of the platform's database.
const NAMESPACE: &str = "gridkey";
/// The database's name.
const DATABASE: &str = "platform";

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such record.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The transaction refused itself: a word for programs and a detail for people. Nothing was changed.
    #[error("{code}: {detail}")]
    Refused {
        /// A stable word, such as `amount-changed`.
        code: String,
        /// What stood in the way.
        detail: String,
    },
    /// Others kept changing the same records, or the database is away; trying again later is safe.
    #[error("the store is busy or unavailable")]
    Unavailable(#[source] DbError),
    /// A stored record is not what this version writes, or the key file is not the one it was written with; an operator
    /// must look.
    #[error("a stored record is damaged: {0}")]
    Damaged(&'static str),
    /// The database refused a statement: a defect of ours.
    #[error("the database refused a statement")]
    Internal(#[source] DbError),
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Thrown(text) => {
                let (code, detail) = text.split_once(':').unwrap_or((&text, ""));
                Self::Refused { code: code.to_owned(), detail: detail.to_owned() }
            }
            error @ (DbError::Busy | DbError::Unavailable(_)) => Self::Unavailable(error),
            error @ (DbError::Internal(_) | DbError::Exists | DbError::NewerSchema { .. } | DbError::HalfRestored) => {
                Self::Internal(error)
            }
        }
    }
}

/// The platform's memory. Clones share one database.
#[derive(Debug, Clone)]
pub struct PlatformStore {
    database: Database,
    cipher: Arc<FieldCipher>,
    outbox_grew: Arc<Notify>,
}

impl PlatformStore {
    /// Opens the database at `url` (`surrealkv://PATH`, `mem://`, `ws://…`) and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it can't be reached or another process holds it.
    pub async fn open(url: &str, credentials: Option<Credentials>, cipher: FieldCipher) -> Result<Self, StoreError> {
        Self::over(Database::open(url, NAMESPACE, DATABASE, credentials).await?, cipher).await
    }

    /// A store on a database that is open already.
    ///
    /// # Errors
    /// As of [`Self::open`].
    pub async fn over(database: Database, cipher: FieldCipher) -> Result<Self, StoreError> {
        database.migrate(schema::MIGRATIONS).await?;
        Ok(Self { database, cipher: Arc::new(cipher), outbox_grew: Arc::new(Notify::new()) })
    }

    /// The database itself, for the topics kept elsewhere (payments).
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// What seals the sensitive fields.
    pub fn cipher(&self) -> &FieldCipher {
        &self.cipher
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it does not.
    pub async fn check(&self) -> Result<(), StoreError> {
        Ok(self.database.check().await?)
    }

    /// Closes the database and waits until its files are let go. No other clone may be in use.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if one is.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.database.close().await?)
    }

    /// A fresh store in memory, with a key drawn for it. For tests.
    ///
    /// # Errors
    /// If the machine has no randomness to give.
    pub async fn in_memory() -> Result<Self, StoreError> {
        let cipher = FieldCipher::random().map_err(|_| StoreError::Damaged("no randomness"))?;
        Self::open("mem://", None, cipher).await
    }
}

/// The records of `table` from `first` to `last`, both included, to select from.
fn between(table: &str, first: impl Into<RecordIdKey>, last: impl Into<RecordIdKey>) -> RecordId {
    let range = RecordIdKeyRange { start: Bound::Included(first.into()), end: Bound::Included(last.into()) };
    RecordId::new(table, RecordIdKey::Range(Box::new(range)))
}
