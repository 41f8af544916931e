//! The server's last answers, with their age.

use gridkey_domain::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Store, StoreError, Table};

/// An answer as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cached<T> {
    /// When the server gave it.
    pub at: Timestamp,
    /// What it said.
    pub value: T,
}

impl Store {
    /// Keeps an answer under `name`. Blocks.
    pub fn remember<T: Serialize>(&self, name: &str, at: Timestamp, value: &T) -> Result<(), StoreError> {
        self.put(Table::Cache, name, &Cached { at, value })
    }

    /// The answer kept under `name`. One that this version cannot read is as good as none. Blocks.
    pub fn recall<T: DeserializeOwned>(&self, name: &str) -> Result<Option<Cached<T>>, StoreError> {
        match self.get(Table::Cache, name) {
            Err(StoreError::Damaged(_)) => Ok(None),
            outcome => outcome,
        }
    }
}
