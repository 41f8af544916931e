//! The words that every part of Gridkey shares: money, quantities, identifiers, calendar, the payment state machine and
//! the business records a customer sees.
//!
//! This crate is the bottom of the workspace. It does no I/O, reads no clock and knows neither the wire protocol nor a
//! database; `gridkey-protocol` carries its records to the customer and `gridkey-platform` fills them.

pub mod account;
pub mod arrears;
pub mod bill;
pub mod calendar;
pub mod fixed;
pub mod id;
pub mod key;
pub mod money;
pub mod payment;
pub mod usage;

pub use calendar::{Month, Timestamp};
pub use fixed::{Fixed, Price, Quantity};
pub use id::{BillId, CustomerNo, MeterId, PaymentId, RefundId};
pub use key::{AdminRole, KeyState, KeyStep};
pub use money::Fen;
pub use payment::PaymentState;
