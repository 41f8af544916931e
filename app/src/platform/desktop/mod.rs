//! What only a computer has.

pub(super) mod autostart;
pub(super) mod notifier;
