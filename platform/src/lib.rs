//! The payment platform: customers, meters, readings, bills, arrears and payments of the power company's intranet.
//!
//! Its one client is the security server, over HTTPS with mutual TLS; its one outbound peer is the UnionPay gateway.
//! What the server must tell customers goes into an outbox that the server reads by long-polling.

pub mod arrears;
pub mod bill_run;
pub mod billing;
pub mod cli;
pub mod config;
pub mod control;
pub mod document;
pub mod http;
pub mod load;
pub mod payments;
pub mod serve;
pub mod store;
pub mod usage;
pub mod watch;
