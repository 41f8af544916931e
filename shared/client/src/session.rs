//! A session with the security server, kept up by a task of its own.
//!
//! [`Session::start`] spawns the actor; the [`Session`] handle asks it things. The actor connects, proves the key, waits for
//! `welcome`, carries requests, applies pushes to the [`StreamKeeper`] and acknowledges them, and comes back after a failure
//! unless the server said that coming back is of no use.

mod actor;
mod backoff;
mod error;
mod handle;
mod handshake;
mod state;

use std::sync::Arc;

pub use backoff::backoff;
pub use error::{CallError, SessionFailure};
use gridkey_protocol::{
    certificate::{Purpose, TrustAnchor},
    frame::Push,
    handshake::Resume,
};
pub use handle::Session;
pub use state::{ConnectionState, Event, Online};

use crate::{clock::Clock, key::UsbKey, store::StoreError, transport::Connector};

/// Keeps the place in the push stream and what was received, durably.
pub trait StreamKeeper: Send + Sync + 'static {
    /// Where to resume; `None` to begin anew. Blocks.
    fn position(&self) -> Result<Option<Resume>, StoreError>;

    /// Keeps `push` and moves the place, both or neither. `false` if it had been applied before. Blocks.
    fn apply(&self, epoch: [u8; 16], push: &Push) -> Result<bool, StoreError>;

    /// The stream begins anew here: what was missed is not coming, everything shown must be reloaded. Blocks.
    fn restart(&self, at: Resume) -> Result<(), StoreError>;
}

/// What a session needs.
#[derive(Clone)]
pub struct SessionSettings {
    /// The company root.
    pub anchor: Arc<TrustAnchor>,
    /// Whether a server that binds to no TLS channel is acceptable. Leave it `false`.
    pub allow_unbound: bool,
    /// The program's name and version, at most 64 bytes.
    pub agent: String,
    /// The person's language (BCP 47), at most 64 bytes.
    pub locale: String,
    /// Whether to come back by itself after a failure that invites it.
    pub reconnect: bool,
    /// The time of day.
    pub clock: Clock,
    /// Follows the push stream from where it was left; `None` takes live pushes only, and acknowledges none.
    pub keeper: Option<Arc<dyn StreamKeeper>>,
}

impl Session {
    /// Starts the actor. It connects at once.
    pub fn start(connector: Arc<dyn Connector>, key: UsbKey, settings: SessionSettings) -> Self {
        let (handle, ends) = Self::open_handle();
        tokio::spawn(actor::Actor::new(connector, key, settings, ends).run());
        handle
    }
}

/// The kind of certificate a customer's key has.
pub const CUSTOMER: Purpose = Purpose::UsbKey;

#[cfg(test)]
mod tests;
