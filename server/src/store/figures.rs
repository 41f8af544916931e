//! The figures that administrators see at one look.

use gridkey_domain::{Fen, Timestamp, key::KeyState};

/// Counts that the store keeps, or finds without walking through a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Payments by the hour in which they were paid, oldest first; hours without any are left out.
    pub paid: Vec<PaidHour>,
    /// Orders that are `submitted`, `accepted` or `pending`.
    pub open: u64,
    /// Orders whose outcome is not known.
    pub unknown: u64,
    /// Payments that are being given back.
    pub refunding: u64,
    /// Keys in each state but `blank`.
    pub keys: Vec<(KeyState, u64)>,
    /// Issued or bound keys whose certificates end in the time asked for.
    pub ending: u64,
}

/// What was paid in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaidHour {
    /// When the hour begins.
    pub from: Timestamp,
    /// Payments.
    pub count: u64,
    /// Their amounts together.
    pub amount: Fen,
}

/// What [`Figures`] are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiguresOf {
    /// Payments of the hours from this one on.
    pub paid_since: Timestamp,
    /// Keys whose last second lies after this one …
    pub ending_after: Timestamp,
    /// … and not after this one.
    pub ending_until: Timestamp,
}

/// Seconds of an hour.
pub const HOUR: i64 = 3_600;

/// The beginning of the hour that `at` lies in. The company's time zone is whole hours away from UTC, so that its hours are these.
pub fn hour_of(at: Timestamp) -> Timestamp {
    Timestamp::from_seconds(at.seconds().div_euclid(HOUR) * HOUR)
}
