//! `bill.push` and `arrears.list`.

use gridkey_domain::{BillId, CustomerNo, Fen, arrears::Level};
use serde::{Deserialize, Serialize};

/// Which bill is sent once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillPushBody {
    /// Whose.
    pub customer: CustomerNo,
    /// The bill.
    pub bill: BillId,
}

/// The bill stands in the customer's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillPushed {
    /// The bill.
    pub bill: BillId,
    /// Where in the stream.
    pub offset: u64,
}

/// A customer in arrears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrearsLine {
    /// Who.
    pub customer: CustomerNo,
    /// What is overdue, fen.
    pub open: Fen,
    /// Late-payment charges on it, fen.
    pub late: Fen,
    /// How serious it is.
    pub level: Level,
}

/// A page of customers in arrears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrearsPage {
    /// By number.
    pub customers: Vec<ArrearsLine>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}
