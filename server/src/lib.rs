//! The security server: sessions of USBKEYs, business operations, orders and evidence, and the keys behind them.

pub mod audit;
pub mod ca;
pub mod config;
pub mod control;
pub mod core;
pub mod crl;
pub mod envelope;
pub mod evidence;
pub mod failpoints;
pub mod fault;
pub mod health;
pub mod hsm;
pub mod intranet;
pub mod issue;
pub mod limits;
pub mod operator;
pub mod ops;
pub mod orders;
pub mod parts;
pub mod provision;
pub mod public;
pub mod rate;
pub mod revoke;
pub mod run;
pub mod session;
pub mod store;
