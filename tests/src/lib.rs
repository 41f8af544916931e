//! What tests and the demo do to the real parts from outside: pay at the bank's page, knock without a bound key, send an
//! order twice, tamper with the evidence, reckon bills again.
//!
//! `gridkey-demo` offers each on a command line with a JSON answer; `cargo xtask demo` walks the customer's journey with
//! it.

pub mod bank;
pub mod door;
pub mod duplicate;
pub mod person;
pub mod programs;
pub mod recompute;
pub mod renew;
pub mod stack;
pub mod stranger;
pub mod tamper;
pub mod window;
