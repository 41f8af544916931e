//! The security server: sessions of USBKEYs, business operations, orders and evidence, and the keys behind them.

pub mod audit;
pub mod ca;
pub mod config;
pub mod envelope;
pub mod hsm;
pub mod issue;
pub mod parts;
pub mod provision;
pub mod store;
