//! A whole database in one file, and back: the same on every engine, since it is read and written by statements.
//!
//! The file is
//!
//! ```text
//! gridkey-backup 1\n
//! {"program": …, "schema": …, "at": …, …}\n      the header, JSON
//! gzip of one JSON array a record, [table, key, {field: value, …}], and {"records": {table: count}} at the end
//! \nsha256 <64 hex digits>\n                     of everything before this line
//! ```
//!
//! All records are read in one transaction, so that the file is the database at one moment, however busy it is. The file
//! appears under its name when it is whole, on the disk and read back.
//!
//! [`Database::restore`] fills an empty database only, under the schema that the file was written with, and compares what it
//! wrote with the file. Until that is done the database is marked, and [`Database::migrate`] refuses it.

mod dump;
mod file;
mod restore;
mod value;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use self::restore::Restoring;
use crate::DbError;

/// The format written, and the only one read.
pub const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Whose database, `gridkey-server` for instance.
    pub program: String,
    /// That program's version.
    pub version: String,
    /// The schema version of the records.
    pub schema: u32,
    /// When the records were read, seconds since 1970.
    pub at: i64,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its header.
    #[serde(flatten)]
    pub header: Header,
    /// Records of each table.
    pub records: BTreeMap<String, u64>,
    /// Length of the file, bytes.
    pub bytes: u64,
    /// SHA-256 in its last line, hex.
    pub sha256: String,
}

/// Why a backup was not written, read or restored. Unless said otherwise nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file can't be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is a file of that name; a backup never replaces another.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// It is no backup, or of a format that this program does not know.
    #[error("not a backup that this program reads: {0}")]
    Format(String),
    /// It is not as it was written: cut, or changed.
    #[error("the backup is damaged: {0}")]
    Damaged(&'static str),
    /// It is another program's.
    #[error("the backup is of {found}, not of {expected}")]
    Program {
        /// The program in the header.
        found: String,
        /// The one that asked.
        expected: String,
    },
    /// A newer program wrote it.
    #[error("the backup has schema version {found}, this program knows up to {known}")]
    NewerSchema {
        /// The version in the header.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// The database to restore into holds something.
    #[error("the database is not empty (it holds {0}): a backup is restored into an empty one only")]
    NotEmpty(String),
    /// A record holds something that the format has no form for: a defect of the program.
    #[error("table {table}: {what} can't be backed up")]
    Unsupported {
        /// Of which table.
        table: String,
        /// What it holds.
        what: &'static str,
    },
    /// What was restored is not what the file holds. The database is marked and must be thrown away.
    #[error("the restored database is not what the backup holds; remove it and restore again")]
    Differs,
    /// What was restored is of no use here, as the program itself says. The database stays closed; a later restore clears it.
    #[error("{0}")]
    Useless(String),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl BackupError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::File { path: path.to_owned(), source }
    }
}

/// Reads the whole of a backup and says what it holds. `program`: whose it must be.
///
/// # Errors
/// [`BackupError::Format`], [`BackupError::Damaged`] or [`BackupError::Program`].
pub fn verify(path: &Path, program: &str) -> Result<Summary, BackupError> {
    let mut reader = file::Reader::open(path, program)?;
    while reader.next()?.is_some() {}
    Ok(reader.finish()?.0)
}
