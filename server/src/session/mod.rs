//! Sessions of USBKEYs: from TCP accept to the last frame.
//!
//! | module | its part of a connection's life |
//! |---|---|
//! | [`listener`] | accept, limits on connections, TLS |
//! | [`upgrade`] | the WebSocket upgrade and its conditions |
//! | [`attempts`] | who failed too often |
//! | [`handshake`] | `hello` to `welcome`, the HSM last |
//! | [`push`] | a push on its way to many sessions |
//! | [`registry`] | which sessions live, and how they are cut |
//! | [`connection`] | requests, answers, pushes, pings |

pub mod attempts;
pub mod connection;
mod gate;
pub mod handshake;
pub mod listener;
pub mod push;
pub mod registry;
mod socket;
mod upgrade;
