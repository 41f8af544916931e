//! A real window of ours, used as a person uses it: looked at through the accessibility tree (as a screen reader
//! does), pressed, typed into with key events, and photographed.
//!
//! A [`Desktop`] is a screen of its own with a private bus, a notification service and a browser that only notes what it
//! is told to open; a [`Window`] is a program on it. Nothing of the machine's own session is touched, and all of it ends
//! with the values.

mod accessible;
mod administrator;
mod album;
mod audit;
mod browser;
mod bus;
mod customer;
mod desktop;
mod display;
mod image;
mod line;
mod notifications;
mod process;
mod seat;
mod start;
mod tree;
#[expect(clippy::module_inception, reason = "a window is what this module is about")]
mod window;
mod words;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

pub use administrator::Administrator;
pub use album::Album;
pub use audit::Audit;
pub use customer::Customer;
pub use desktop::Desktop;
pub use image::{Dump, Image};
pub use line::Line;
pub use notifications::{Notification, Notifications};
pub use seat::{Seat, beginning};
pub use start::{Look, Program, Start};
pub use tree::{Node, Tree};
pub use window::{Window, ensure_not_blank};
pub use words::Words;

pub use atspi::{Role, State};

/// Longest wait for anything that should happen soon, on a machine that is busy with other things.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// How often something is looked at again.
const GLANCE: Duration = Duration::from_millis(50);

/// Looks again and again until `look` gives something.
///
/// # Errors
/// If it gives nothing within `patience`, naming `what`, or if it fails.
pub fn wait_for<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().with_context(|| format!("while waiting for {what}"))? {
            return Ok(found);
        }
        if begun.elapsed() > patience {
            bail!("waited {} s for {what}", patience.as_secs());
        }
        std::thread::sleep(GLANCE);
    }
}
