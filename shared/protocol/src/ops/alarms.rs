//! `arrears.history`, `alarm.ack`, `stream.ack`. (`arrears.get` answers with a record of `gridkey-domain`.)

use gridkey_domain::{Timestamp, arrears::ArrearsEvent};
use serde::{Deserialize, Serialize};

/// An entry of the arrears history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// What happened.
    pub event: ArrearsEvent,
    /// When the customer acknowledged it; null while it has not.
    pub acknowledged: Option<Timestamp>,
}

/// The arrears history, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrearsHistory {
    /// This page.
    pub events: Vec<Alarm>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}

/// Which alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmBody {
    /// The alarm's id.
    pub alarm: String,
}

/// The alarm is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmAcknowledged {
    /// The alarm's id.
    pub alarm: String,
    /// Since when; the first acknowledgement stays.
    pub acknowledged: Timestamp,
}

/// Up to where pushes were applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamAckBody {
    /// The last offset applied.
    pub offset: u64,
}

/// The key's cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamAcknowledged {
    /// Where it stands now; never back, never past the newest.
    pub offset: u64,
}
