//! The limits a running server holds its peers and their orders to.

use std::time::Duration;

use gridkey_domain::Fen;
use gridkey_protocol::{certificate::Purpose, limits};

/// Limits on sessions; the defaults are the contract's.
#[derive(Debug, Clone)]
pub struct SessionLimits {
    /// The kind of certificate that is let in.
    pub purpose: Purpose,
    /// From TCP accept to the whole `authenticate`.
    pub handshake: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Handshakes at once; more wait for their turn.
    pub handshakes: usize,
    /// Failed handshakes of one address in a minute before the signature, and of one key after it.
    pub failures_per_minute: u32,
    /// Sessions of one key at once.
    pub per_key: usize,
    /// Requests of one session that may wait for an answer.
    pub unanswered: usize,
    /// How often the server pings.
    pub ping: Duration,
    /// How long a peer may take to read what it is sent.
    pub write: Duration,
    /// A session's longest life, seconds.
    pub life_seconds: i64,
    /// Whether `hello` says binding "none": TLS ends at a proxy before this server.
    pub unbound_channel: bool,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            purpose: Purpose::UsbKey,
            handshake: Duration::from_secs(limits::HANDSHAKE_SECONDS),
            connections: 20_000,
            handshakes: 256,
            failures_per_minute: 100,
            per_key: limits::SESSIONS_PER_KEY,
            unanswered: limits::UNANSWERED,
            ping: Duration::from_secs(limits::PING_SECONDS),
            write: Duration::from_secs(20),
            life_seconds: limits::SESSION_SECONDS,
            unbound_channel: false,
        }
    }
}

/// Limits on orders.
#[derive(Debug, Clone, Copy)]
pub struct OrderLimits {
    /// The most one order may pay.
    pub amount: Fen,
    /// How long a bank page's address is good, seconds.
    pub page_seconds: i64,
}
