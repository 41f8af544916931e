//! What a session tells about itself.

use std::sync::Arc;

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::{
    certificate::Certificate,
    frame::{Push, Role},
};

use super::SessionFailure;

/// Where the session stands. A snapshot; cheap to clone.
#[derive(Debug, Clone)]
pub enum ConnectionState {
    /// Closed by this program, or not begun.
    Offline,
    /// On the way.
    Connecting,
    /// Logged in.
    Online(Arc<Online>),
    /// A failure; the next attempt begins by itself.
    Waiting {
        /// When.
        until: Timestamp,
        /// What failed.
        reason: Arc<SessionFailure>,
    },
    /// A failure that trying again does not mend; a person must act.
    Ended(Arc<SessionFailure>),
}

/// An open session.
#[derive(Debug, Clone)]
pub struct Online {
    /// Its name, for support.
    pub session: String,
    /// The role.
    pub role: Role,
    /// The customer; `None` for an administrator.
    pub customer: Option<CustomerNo>,
    /// Since when, by this machine's clock.
    pub since: Timestamp,
    /// The server's time at that moment.
    pub server_time: Timestamp,
    /// The certificate of the envelope key of this session; orders are sealed to it.
    pub envelope: Certificate,
    /// Whether all missed pushes follow.
    pub recovered: bool,
    /// The newest offset in the stream when the session began.
    pub newest: u64,
}

impl Online {
    /// How far this machine's clock is behind the server's, seconds.
    pub const fn clock_behind(&self) -> i64 {
        self.server_time.seconds_since(self.since)
    }
}

/// What happens in a session.
#[derive(Debug, Clone)]
pub enum Event {
    /// A push, kept durably if there is a keeper. Not told twice within this program's life.
    Push(Arc<Push>),
    /// Pushes were missed for good: everything shown must be reloaded.
    Reload,
    /// Every push from before this session has been applied.
    CaughtUp,
}
