//! What only a computer has.

pub(super) mod autostart;
mod clicks;
pub(super) mod notifier;
