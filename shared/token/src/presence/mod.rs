//! Whether a token is plugged in, as events.
//!
//! `ReaderWatcher` waits in the PC/SC service and hears of a card within its polling time. `SlotWatcher` compares
//! the slots of a PKCS#11 module at intervals, for tokens that PC/SC does not know, such as SoftHSM's. Both run on a
//! thread of their own, call back from it, and end when stopped or dropped.

#[cfg(feature = "pcsc")]
mod readers;
#[cfg(feature = "pkcs11")]
mod slots;

use std::fmt;

#[cfg(all(feature = "pcsc", feature = "pkcs11"))]
pub(crate) use self::readers::any_held_exclusively;
#[cfg(feature = "pcsc")]
pub use self::readers::{ReaderState, ReaderWatcher, readers};
#[cfg(feature = "pkcs11")]
pub use self::slots::SlotWatcher;

/// What a watcher tells. The first events describe what is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// A token is there.
    Inserted(Place),
    /// It is gone.
    Removed(Place),
    /// No PC/SC service runs, or it stopped: keys behind readers cannot be seen. Told once until it is back.
    ServiceUnavailable {
        /// The library's words.
        reason: String,
    },
    /// The PC/SC service answers. Told before anything else when it does.
    ServiceAvailable,
}

/// Where a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The reader's or slot's name.
    pub reader: String,
    /// What is known of the token there.
    pub token: Known,
}

/// What a watcher knows of a token without asking it anything secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Its answer to reset, as PC/SC gives it.
    Atr(Vec<u8>),
    /// Its label and serial number, as PKCS#11 gives them.
    Token {
        /// The label.
        label: String,
        /// The serial number.
        serial: String,
    },
}

/// A running watcher. Dropping it stops it too.
pub trait PresenceWatcher: Send {
    /// Ends the thread and waits for it; no callback comes after this returns.
    fn stop(self: Box<Self>);
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.token {
            Known::Atr(_) => f.write_str(&self.reader),
            Known::Token { label, serial } => write!(f, "{label} ({serial})"),
        }
    }
}

/// Without PC/SC nobody tells who holds a reader.
#[cfg(all(feature = "pkcs11", not(feature = "pcsc")))]
pub(crate) fn any_held_exclusively(_: &[String]) -> bool {
    false
}
