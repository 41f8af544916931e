//! The customer's payment software without a user interface: session, offline store, payment queue.
//!
//! | module | holds |
//! |---|---|
//! | [`config`] | server, root, token and limits, as configured |
//! | [`transport`] | TLS and WebSocket below a session, behind traits |
//! | [`session`] | the session actor: handshake, requests, pushes, reconnect |

pub mod address;
pub mod bill_check;
pub mod client;
pub mod clock;
pub mod config;
pub mod key;
pub mod queue;
pub mod random;
pub mod request;
pub mod session;
pub mod store;
pub mod transport;
