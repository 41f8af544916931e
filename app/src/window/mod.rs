//! The window of the app: how it starts, and what is asked for from outside. What any window needs is in `gridkey-host`.
//!
//! [`start`] is all that the programs in `bin/` call. [`Outside`] stands in the face, below the router.

mod behind;
mod options;
mod outside;
mod start;

pub use options::Options;
pub use outside::Outside;
pub use start::start;
