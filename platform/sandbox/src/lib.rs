//! The UnionPay gateway as a program on one's own machine, for demos and tests: the bank page, the asynchronous
//! notification, the query, the settlement file, over plain HTTP, with real signatures under a certificate chain of its own.
//!
//! [`gateway`] decides what happens to a payment and [`journal`] keeps it over a restart; [`web`] is what browsers and
//! merchants see, [`notify`] reports payments to the merchant, [`faults`] makes all of it misbehave on demand.
//!
//! It moves no money and must not be reachable from outside: whoever reaches it can order faults and "pay".

pub mod config;
pub mod faults;
pub mod file;
pub mod gateway;
pub mod init;
pub mod journal;
pub mod notify;
pub mod page;
pub mod refund;
pub mod request;
pub mod web;

pub use gateway::{Sandbox, Settings};
