//! The window of the dashboard: how it starts, and what is asked for from outside. What any window needs is in `gridkey-host`.

mod behind;
mod options;
mod outside;
mod start;

pub use options::Options;
pub use outside::Outside;
pub use start::start;
