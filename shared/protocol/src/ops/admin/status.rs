//! `status.get`: how the server and what it leans on are doing, at one look.
//!
//! Days and hours are those of Asia/Shanghai. Counts per hour cover 24 hours, the oldest first, the running one last; an hour in
//! which nothing happened is there with zeros.

use gridkey_domain::{Fen, Timestamp, key::KeyState};
use serde::{Deserialize, Serialize};

use crate::bytes::ByteArray;

/// Hours that the counts per hour cover, the running one among them.
pub const HOURS: usize = 24;

/// Days ahead in which a key counts as ending soon.
pub const ENDING_DAYS: u32 = 60;

/// How things are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// When this was put together.
    pub at: Timestamp,
    /// The server's version.
    pub version: String,
    /// When the server was started.
    pub started: Timestamp,
    /// The live sessions.
    pub sessions: Sessions,
    /// Logins. They are counted in memory, from `started` on.
    pub logins: Logins,
    /// Payments.
    pub payments: Payments,
    /// Customers in arrears; null while the platform can't be asked.
    pub arrears: Option<InArrears>,
    /// The keys.
    pub keys: Keys,
    /// What the server leans on: `hsm`, `store`, `platform`, in this order; there may be more.
    pub parts: Vec<Part>,
    /// The published revocation list; null until the first is made.
    pub crl: Option<CrlState>,
    /// The audit chain.
    pub audit: AuditState,
}

/// How many sessions are live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// Of customers.
    pub customers: u64,
    /// Of administrators.
    pub administrators: u64,
}

/// Logins of customers and administrators.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logins {
    /// Today.
    pub today: u64,
    /// Refused today: no proof, a key that is not bound, too many attempts …
    pub failed_today: u64,
    /// Per hour, [`HOURS`] of them.
    pub hours: Vec<LoginHour>,
}

/// The logins of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginHour {
    /// When the hour begins.
    pub from: Timestamp,
    /// Logins.
    pub logins: u64,
    /// Refused ones.
    pub failed: u64,
}

/// Payments: those paid lately, and those that are not settled yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payments {
    /// Paid today.
    pub today: u64,
    /// Their amounts together, fen.
    pub amount_today: Fen,
    /// Per hour, [`HOURS`] of them.
    pub hours: Vec<PaidHour>,
    /// Orders that are on their way: `submitted`, `accepted` or `pending`.
    pub open: u64,
    /// Orders whose outcome at the gateway is not known.
    pub unknown: u64,
    /// Payments that are being given back.
    pub refunding: u64,
}

/// The payments of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidHour {
    /// When the hour begins.
    pub from: Timestamp,
    /// Payments.
    pub count: u64,
    /// Their amounts together, fen.
    pub amount: Fen,
}

/// Customers in arrears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InArrears {
    /// How many.
    pub customers: u64,
    /// What is overdue, fen.
    pub open: Fen,
    /// Late-payment charges on it, fen.
    pub late: Fen,
    /// When this was counted; it may be some minutes old.
    pub at: Timestamp,
}

/// The keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// How many are in each state, in the order of a key's life; a state that no key is in is there with 0. `blank` keys are known
    /// to no server and are not listed.
    pub states: Vec<KeyCount>,
    /// Issued or bound keys whose certificates end within [`ENDING_DAYS`] days.
    pub ending: u64,
}

/// The keys of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyCount {
    /// The state.
    pub state: KeyState,
    /// How many.
    pub count: u64,
}

/// Something that the server leans on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// A stable word.
    pub name: String,
    /// Whether it answers.
    pub ok: bool,
    /// How long the answer took, ms.
    pub milliseconds: u64,
    /// What is wrong, for support; null if nothing is.
    pub fault: Option<String>,
}

/// The published revocation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrlState {
    /// Its number.
    pub number: u64,
    /// When it was made.
    pub made: Timestamp,
    /// When another will be there at the latest.
    pub next: Timestamp,
    /// How many certificates it names.
    pub entries: u64,
}

/// The audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditState {
    /// How many entries it has.
    pub entries: u64,
    /// The head lodged last; null until this server has lodged one.
    pub lodged: Option<LodgedHead>,
}

/// A head of the audit chain that was signed and lodged at the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LodgedHead {
    /// The chain's length.
    pub entries: u64,
    /// The hash of its newest entry.
    pub hash: ByteArray<32>,
    /// When it was lodged.
    pub at: Timestamp,
}
