//! The window: how the program starts, what the page in it may do, and how it ends.
//!
//! [`start`] is all that the programs in `bin/` call. [`Outside`] stands in the face, below the router, and connects it with
//! the window and with what is asked for from outside.

mod end;
mod environment;
mod options;
mod outside;
mod page;
mod size;
mod start;

/// The window's library under the one name that both features give it.
#[cfg(feature = "desktop")]
pub(crate) use dioxus::desktop as shell;
#[cfg(all(feature = "mobile", not(feature = "desktop")))]
pub(crate) use dioxus::mobile as shell;
#[cfg(not(any(feature = "desktop", feature = "mobile")))]
compile_error!("the app needs a window: choose the feature `desktop` or `mobile`");

pub use options::Options;
pub use outside::Outside;
pub use start::start;
