//! Arrears: what is overdue, how grave it is, and how it came and went.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{BillId, Fen, Timestamp};

/// How grave arrears are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing is overdue.
    None,
    /// Overdue by 1 to 15 days.
    Reminder,
    /// Overdue by 16 to 30 days.
    Warning,
    /// Overdue by more than 30 days: supply may be cut.
    Final,
}

impl Level {
    /// The level of a bill that is `days` past its due date.
    pub const fn of_days(days: i64) -> Self {
        match days {
            i64::MIN..=0 => Self::None,
            1..=15 => Self::Reminder,
            16..=30 => Self::Warning,
            31.. => Self::Final,
        }
    }
}

/// An overdue bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueBill {
    /// The bill.
    pub bill: BillId,
    /// Its due date.
    pub due: Date,
    /// Days past it.
    pub days: i64,
    /// What is left to pay, fen.
    pub open: Fen,
    /// The late-payment charge run up so far, fen.
    pub late: Fen,
}

/// All that is overdue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrears {
    /// The unpaid amounts of the overdue bills, fen.
    pub open: Fen,
    /// Their late-payment charges so far, fen.
    pub late: Fen,
    /// The gravest level among them.
    pub level: Level,
    /// By bill, oldest first.
    pub bills: Vec<OverdueBill>,
}

/// What happened to a customer's arrears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArrearsChange {
    /// There were none before.
    Raised,
    /// The level rose.
    Escalated,
    /// The level fell, but something is still overdue.
    Eased,
    /// Nothing is overdue any more.
    Cleared,
}

/// An entry of the arrears history, also the body of an `arrears` push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrearsEvent {
    /// The alarm's id, for `alarm.ack`.
    pub alarm: String,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub change: ArrearsChange,
    /// The level since.
    pub level: Level,
    /// Overdue, fen.
    pub open: Fen,
    /// Late-payment charges, fen.
    pub late: Fen,
}
