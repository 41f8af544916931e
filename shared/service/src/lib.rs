//! What every Gridkey daemon needs around its own work: configuration, secrets, clock, logs, metrics, TLS, HTTP, the
//! control socket, shutdown and, for tests, failpoints.
//!
//! The security server and the payment platform stand on it; nothing here knows a customer, a bill or a key. It is the
//! place where limits and file modes are enforced once, so that each daemon gets the same.

pub mod clock;
pub mod config;
pub mod control;
pub mod failpoint;
pub mod gauges;
pub mod https;
pub mod ops;
pub mod probe;
pub mod runtime;
pub mod secret;
pub mod shutdown;
pub mod supervisor;
pub mod telemetry;
pub mod tls;
