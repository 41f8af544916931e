//! The limits of the contract, in one place.

/// Longest frame or assembled message before authentication, bytes.
pub const MESSAGE_BEFORE_AUTHENTICATION: usize = 16 * 1024;
/// Longest frame or assembled message after authentication, bytes.
pub const MESSAGE: usize = 1024 * 1024;
/// An answer longer than this is paged, bytes.
pub const ANSWER: usize = 512 * 1024;
/// Certificates in a chain, leaf first, without the root.
pub const CHAIN: usize = 3;
/// Requests that may wait for an answer at once.
pub const UNANSWERED: usize = 64;
/// From TCP accept to the whole `authenticate`, seconds.
pub const HANDSHAKE_SECONDS: u64 = 10;
/// The server pings this often, seconds.
pub const PING_SECONDS: u64 = 30;
/// A client leaves after this much silence, seconds.
pub const SILENCE_SECONDS: u64 = 75;
/// Control frames a client may send in ten seconds.
pub const CONTROL_FRAMES_PER_TEN_SECONDS: u32 = 10;
/// A session's longest life, seconds.
pub const SESSION_SECONDS: i64 = 12 * 3600;
/// Frames in one direction of a session.
pub const FRAMES: u64 = 1 << 32;
/// Sessions of one key at once.
pub const SESSIONS_PER_KEY: usize = 4;
/// `agent` and `locale` of a proof, bytes.
pub const LABEL: usize = 64;
/// An order's `created` may lie this far ahead of the server's clock, seconds.
pub const ORDER_AHEAD_SECONDS: i64 = 5 * 60;
/// An order may be executed at most this long after `created`, seconds.
pub const ORDER_LIFE_SECONDS: i64 = 168 * 3600;
/// The usual time an order may be executed, seconds.
pub const ORDER_DEFAULT_LIFE_SECONDS: i64 = 72 * 3600;
/// Bills that one order may pay.
pub const ORDER_BILLS: usize = 200;
/// The highest value of any integer on the wire.
pub const INTEGER: u64 = i64::MAX as u64;
