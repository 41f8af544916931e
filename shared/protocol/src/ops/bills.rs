//! `bill.*`. (`bill.list` and `bill.get` answer with records of `gridkey-domain`.)

use gridkey_domain::BillId;
use serde::{Deserialize, Serialize};

use crate::bytes::ByteString;

/// Which page of the bills.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillListBody {
    /// The `next` of the page before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// At most so many; the server's own limit is 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillBody {
    /// The bill.
    pub bill: BillId,
}

/// Which bill in which form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentBody {
    /// The bill.
    pub bill: BillId,
    /// `pdf`, `ubl`, `espi` or `csv`; one that the server does not offer gives `unsupported-format`.
    pub format: String,
}

/// A bill as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The bill.
    pub bill: BillId,
    /// The form.
    pub format: String,
    /// Its media type.
    pub media_type: String,
    /// A name to save it under, without a folder.
    pub file_name: String,
    /// The file.
    pub content: ByteString,
}
