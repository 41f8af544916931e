//! What every window of ours needs from the machine and no screen is about: how it starts, what the page in it may do, its size,
//! that it runs once, how it ends; the person's folders, saved files and browser.
//!
//! A program implements [`Behind`] for the task behind its face, says how its window begins with [`Window`], and launches it with
//! [`launch`]. [`Outside`] stands in the face and connects it with the window. What is asked for from outside (a second start, a
//! signal, a tray's menu) comes as a [`Call`].

mod behind;
mod browser;
mod calls;
mod end;
mod environment;
mod files;
mod folders;
#[cfg(unix)]
pub mod instance;
#[cfg(not(unix))]
#[path = "instance_other.rs"]
pub mod instance;
mod launch;
mod outside;
mod page;
mod presence;
mod size;
mod start;

/// The window's library under the one name that both features give it.
#[cfg(feature = "desktop")]
pub use dioxus::desktop as shell;
#[cfg(all(feature = "mobile", not(feature = "desktop")))]
pub use dioxus::mobile as shell;
#[cfg(not(any(feature = "desktop", feature = "mobile")))]
compile_error!("a window is needed: choose the feature `desktop` or `mobile`");

pub use behind::Behind;
pub use browser::{Browser, BrowserError, PageRecorder, SystemBrowser, host_of};
pub use calls::{Call, Calls};
pub use end::{End, on_signals};
pub use files::{Files, FilesError, SavedFiles, safe_name};
pub use folders::Folders;
pub use launch::{Opening, Window, launch};
pub use outside::Outside;
pub use page::index;
pub use presence::{use_heading, use_pointer};
pub use size::opening as opening_size;
pub use start::{Failure, alone, prepare, runtime, system_language};
