//! The customer's payment software without a user interface: session, offline store, payment queue.
//!
//! | module | holds |
//! |---|---|
//! | [`config`] | server, root, token and limits, as configured |
//! | [`transport`] | TLS and WebSocket below a session, behind traits |
//! | [`session`] | the session actor: handshake, requests, pushes, reconnect |

pub mod address;
pub mod clock;
pub mod random;
pub mod transport;
pub mod key;
pub mod session;
pub mod store;
pub mod queue;
pub mod client;
pub mod config;
