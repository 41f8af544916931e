//! What can go wrong with the database, by what the caller can do about it.

use surrealdb::types::{AlreadyExistsError, Error, QueryError};

/// Why a statement or a transaction did not happen.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// Others kept changing the same records for the whole of the retries. Nothing was changed; try again later.
    #[error("the transaction kept colliding with others")]
    Busy,
    /// The transaction stopped itself by `THROW`; nothing was changed. Holds the thrown text.
    #[error("the transaction was refused: {0}")]
    Thrown(String),
    /// A `CREATE` found its record there already; nothing was changed.
    #[error("a record is there already")]
    Exists,
    /// The database can't be opened or reached, is held by another process, or did not say whether a commit happened.
    /// Try again later, by a statement that is safe to repeat.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A newer program wrote this store.
    #[error("the store has schema version {found}, this program knows up to {known}")]
    NewerSchema {
        /// The version found in the store.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// A restore into this database broke off; restore again, which clears it.
    #[error("a restore into this database broke off: restore again")]
    HalfRestored,
    /// The database refused a statement or gave back something else than expected: a defect of the caller.
    #[error("the database refused a statement: {0}")]
    Internal(String),
}

/// What one attempt at a query came to.
pub(crate) enum Failure {
    /// Another transaction was faster; the same statements may succeed now.
    Conflict,
    /// Anything else.
    Final(DbError),
}

/// What SurrealDB puts before the text of a `THROW`.
const THROWN_PREFIX: &str = "An error occurred: ";
/// How the embedded engine says that another process holds the folder.
const LOCKED: &str = "already locked by another process";

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.message();
        if error.query_details() == Some(&QueryError::TransactionConflict) {
            Self::Conflict
        } else if error.is_thrown() {
            Self::Final(DbError::Thrown(message.strip_prefix(THROWN_PREFIX).unwrap_or(message).to_owned()))
        } else if matches!(error.already_exists_details(), Some(AlreadyExistsError::Record { .. })) {
            Self::Final(DbError::Exists)
        } else if error.is_connection() || message.contains(LOCKED) || message.contains("outcome is unknown") {
            Self::Final(DbError::Unavailable(message.to_owned()))
        } else {
            Self::Final(DbError::Internal(message.to_owned()))
        }
    }
}

impl Failure {
    /// The one failure that explains the rows of a transaction. Every row of a failed transaction carries an error and
    /// most of them say only that something else failed; a conflict is told by the COMMIT row alone.
    pub(crate) fn of_rows(errors: impl IntoIterator<Item = Error>) -> Option<Self> {
        let mut skipped = None;
        let mut found = None;
        for error in errors {
            match error.query_details() {
                Some(QueryError::TransactionConflict) => return Some(Self::Conflict),
                Some(QueryError::NotExecuted | QueryError::Cancelled) => skipped = Some(error),
                _ if error.is_thrown() || found.is_none() => found = Some(error),
                _ => {}
            }
        }
        found.or(skipped).map(Self::from)
    }
}

impl From<Failure> for DbError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Conflict => Self::Busy,
            Failure::Final(error) => error,
        }
    }
}
