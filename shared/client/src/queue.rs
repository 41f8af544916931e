//! The life of a payment order on this machine: signed, kept, sent, answered, followed to its end.
//!
//! Everything here is a function of a record, an input and the time; whoever drives it writes the record to disk before doing
//! what it says. So a crash at any point leaves a record from which the same bytes go out again under the same id: an order
//! arrives at least once and counts once.

mod admit;
mod record;

pub(crate) use admit::TWICE;
pub use admit::{AdmitError, Caps, admit};
pub(crate) use record::WITHDRAWN;
pub use record::{CancelError, Intent, OrderRecord};

#[cfg(test)]
mod tests;
