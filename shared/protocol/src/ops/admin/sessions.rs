//! `session.*`.

use gridkey_domain::{CustomerNo, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{bytes::ByteArray, frame::Role};

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveSession {
    /// Its name.
    pub session: String,
    /// Whose it is.
    pub role: Role,
    /// The customer; null for an administrator's.
    pub customer: Option<CustomerNo>,
    /// The key.
    pub key: ByteArray<32>,
    /// Since when.
    pub since: Timestamp,
    /// The program's name and version, as it says.
    pub agent: String,
    /// Where it comes from: an IP address; null where nobody knows.
    #[serde(default)]
    pub address: Option<String>,
    /// When it last sent something; null where nobody knows.
    #[serde(default)]
    pub heard: Option<Timestamp>,
}

/// A page of live sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPage {
    /// Oldest first.
    pub sessions: Vec<LiveSession>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}

/// Which session ends, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutBody {
    /// Its name.
    pub session: String,
    /// Why, in a few words; 1 to 200 bytes.
    pub reason: String,
}

/// The session was cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Its name.
    pub session: String,
}
