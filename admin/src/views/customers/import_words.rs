//! What is wrong with typed values and with the rows of a file, in words.

use gridkey_desk::office::ImportFault;
use gridkey_kit::prelude::*;

use crate::logic::{customer::Fault, reason::LONGEST};

/// What is wrong with a typed value, and what is expected.
pub(super) fn fault_words(fault: Fault) -> String {
    match fault {
        Fault::Empty => t!("customers-fault-empty"),
        Fault::Text => t!("customers-fault-text", most = LONGEST),
        Fault::Number => t!("customers-fault-number"),
        Fault::Quantity => t!("customers-fault-quantity"),
        Fault::Twice => t!("customers-fault-twice"),
    }
}

/// What is wrong with a file or a row of it.
pub(super) fn import_fault(fault: &ImportFault) -> String {
    match fault {
        ImportFault::Missing(column) => t!("import-fault-missing", column = column),
        ImportFault::Invalid { column, value } => {
            t!("import-fault-invalid", column = column, value = value, expected = expected(column))
        }
        ImportFault::Differs { column, line } => t!("import-fault-differs", column = column, line = *line),
        ImportFault::MeterTwice { meter, line } => t!("import-fault-meter-twice", meter = meter, line = *line),
        ImportFault::Unreadable { line } => t!("import-fault-unreadable", line = *line),
        ImportFault::Empty => t!("import-fault-no-rows"),
    }
}

/// What a column takes.
pub(super) fn expected(column: &str) -> String {
    match column {
        "customer" | "meter" => t!("import-column-number"),
        "type" => t!("import-column-type"),
        "basic" => t!("import-column-basic"),
        "capacity_kva" => t!("import-column-capacity"),
        "voltage_kv" => t!("import-column-voltage"),
        _ => t!("import-column-text"),
    }
}
