//! What can go wrong with the store.

use std::path::PathBuf;

use crate::{key::KeyError, random::NoRandomness};

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The key has no X25519 key to keep things under.
    #[error("this key has no X25519 key, so nothing can be kept offline with it")]
    NoAgreementKey,
    /// The key did not open it.
    #[error(transparent)]
    Key(KeyError),
    /// The file is sealed to another key.
    #[error("{} belongs to another key", .0.display())]
    OtherKey(PathBuf),
    /// Two keys of different customers: nothing passes from one's store to the other's.
    #[error("these keys belong to different customers")]
    OtherCustomer,
    /// The file was written by a newer program.
    #[error("{} was written by a newer version of this program (format {version})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        version: u64,
    },
    /// The file or its folder cannot be used.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Another program holds the file for itself.
    #[error("another program holds the offline store; close it or try again")]
    Busy,
    /// A record was changed by somebody without the key, or the disk failed.
    #[error("the offline store is damaged: {0}")]
    Damaged(String),
    /// The database failed.
    #[error("the offline store failed: {0}")]
    Database(String),
    /// The thread that worked on it died.
    #[error("the offline store failed in mid-work")]
    Thread,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

macro_rules! from_redb {
    ($($error:ty),*) => {$(
        impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Database(error.to_string())
            }
        }
    )*};
}
from_redb!(redb::TransactionError, redb::TableError, redb::StorageError, redb::CommitError);
