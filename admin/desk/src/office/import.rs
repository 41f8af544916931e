//! Customers and their meters from a CSV file: checked whole, then made row by row.

use std::sync::Arc;

use gridkey_protocol::ops::admin::customers::CreateBody;

use super::{Problem, sheet};

/// The columns of the file, in any order. A customer with several meters has several rows; the meter's columns may be empty.
pub(super) const COLUMNS: [&str; 11] = [
    "customer",
    "name",
    "name_zh",
    "type",
    "grade",
    "contact",
    "address",
    "meter",
    "basic",
    "capacity_kva",
    "voltage_kv",
];

/// Customers from a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// The file's name; empty without one.
    pub file: String,
    /// Where it stands.
    pub state: ImportState,
    /// The customers of the file, in its order.
    pub rows: Vec<ImportRow>,
    /// Faults of the file as a whole: [`ImportFault::Missing`] with a column's name, [`ImportFault::Unreadable`].
    pub faults: Vec<ImportFault>,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ImportState {
    /// No file.
    #[default]
    None,
    /// Some rows are wrong: nothing is sent until the file is mended and read again.
    Faulty,
    /// Every row is well; nothing was sent yet.
    Ready,
    /// The customers are being made.
    Running,
    /// It was stopped, or the line or key went; the rest may be started again.
    Stopped,
    /// Every row was gone through; those that failed may be started again.
    Done,
}

/// A customer of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// The line of the file where it begins, counted from 1 with the header.
    pub line: u64,
    /// The customer's number as it stands there.
    pub customer: String,
    /// The name as it stands there.
    pub name: String,
    /// How many meters it has there.
    pub meters: usize,
    /// What is wrong with it.
    pub faults: Vec<ImportFault>,
    /// What became of it.
    pub result: RowResult,
    /// What is sent; `None` while something is wrong.
    pub(super) body: Option<Arc<CreateBody>>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportFault {
    /// A column is missing or empty.
    Missing(String),
    /// A value is not acceptable.
    Invalid {
        /// The column.
        column: String,
        /// The value as it stands there, cut at 40 characters.
        value: String,
    },
    /// The row says another name, grade or address than the customer's first row.
    Differs {
        /// The column.
        column: String,
        /// The line of the customer's first row.
        line: u64,
    },
    /// The meter stands in the file before.
    MeterTwice {
        /// The meter.
        meter: String,
        /// The line where it stands first.
        line: u64,
    },
    /// The file is no CSV in UTF-8, from this line on.
    Unreadable {
        /// The line.
        line: u64,
    },
    /// The file has no rows.
    Empty,
}

/// What became of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RowResult {
    /// Nothing yet.
    #[default]
    Waiting,
    /// It is being made.
    Running,
    /// It was made.
    Made,
    /// It was there already, with the same name and meters.
    There,
    /// It was not made.
    Failed(Problem),
}

impl ImportRow {
    /// A row as a face shows it, with nothing to send.
    pub const fn shown(line: u64, customer: String, name: String, meters: usize, result: RowResult) -> Self {
        Self { line, customer, name, meters, faults: Vec::new(), result, body: None }
    }
}

impl Import {
    /// Reads and checks a file: [`ImportState::Ready`] or [`ImportState::Faulty`], nothing sent.
    pub fn of_file(file: &str, content: &[u8]) -> Self {
        sheet::read(file.to_owned(), content)
    }

    /// How many rows were gone through, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let done = |row: &&ImportRow| !matches!(row.result, RowResult::Waiting | RowResult::Running);
        (self.rows.iter().filter(done).count(), self.rows.len())
    }
}
