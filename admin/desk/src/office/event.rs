//! What happens once.

use gridkey_client::app::OutgoingFile;

use super::{Deed, Problem};

/// Something that happens once, told to whoever listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeEvent {
    /// A file to save.
    File(OutgoingFile),
    /// An act was done; what came of it is in [`super::Snapshot::deeds`].
    Done(Deed),
    /// An act was not done.
    Failed {
        /// Which.
        deed: Deed,
        /// Why.
        problem: Problem,
    },
    /// A key was made and waits to be handed over: the number of its job.
    KeyMade(usize),
    /// The rows of a file were gone through: so many customers are there now, so many rows failed.
    Imported {
        /// Customers made or found as they should be.
        good: usize,
        /// Customers that could not be made.
        bad: usize,
    },
    /// The program may end: the server was told and the key logged out.
    Quit,
}
