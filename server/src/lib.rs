//! The security server: sessions of USBKEYs, business operations, orders and evidence, and the keys behind them.

pub mod ca;
pub mod config;
pub mod hsm;
pub mod store;
