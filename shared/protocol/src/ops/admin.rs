//! Bodies and results of the operations for administrators. Those that are acts travel inside a signed
//! [`Command`](crate::command::Command).

pub mod audit;
pub mod bills;
pub mod customers;
pub mod keys;
pub mod payments;
pub mod rights;
pub mod sessions;
pub mod status;
