//! What differs between a computer and a phone, behind traits: notifications, starting at login; and what any window has,
//! files and the browser.
//!
//! [`Platform`] stands in the context of the face. What comes back from outside the window (a clicked notification, the tray's
//! menu, a second start of the program) arrives as a [`Call`]; the window takes them up.

mod autostart;
mod notifier;

#[cfg(feature = "desktop")]
mod desktop;
#[cfg(feature = "desktop")]
pub mod tray;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use gridkey_client::app::Language;

pub use autostart::{Autostart, AutostartError, NoAutostart};
pub use gridkey_host::{
    Browser, BrowserError, Call, Calls, Files, FilesError, Folders, SavedFiles, SystemBrowser, host_of,
};
pub use notifier::{Notification, Notifier, Recorder, Urgency};

/// The kind of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A window among others, a keyboard, a tray perhaps.
    Computer,
    /// The whole screen, fingers, no tray and no start at login.
    Phone,
}

/// What this machine can do. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// The kind of machine.
    pub form: Form,
    /// Notifications of the system.
    pub notifier: Arc<dyn Notifier>,
    /// Files of the person.
    pub files: Arc<dyn Files>,
    /// The system's browser.
    pub browser: Arc<dyn Browser>,
    /// Starting at login.
    pub autostart: Arc<dyn Autostart>,
    /// What was asked for from outside the window.
    pub calls: Calls,
    /// The language of the system, spoken until the person chooses one.
    pub language: Language,
    tray: Arc<AtomicBool>,
}

impl Platform {
    /// A computer. `start` is what the system is to run at login: the program and its arguments. Notifications are sent from
    /// tasks, so a tokio runtime must be entered.
    #[cfg(feature = "desktop")]
    pub fn computer(folders: &Folders, start: Vec<std::ffi::OsString>) -> Self {
        let calls = Calls::new();
        Self {
            form: Form::Computer,
            notifier: Arc::new(desktop::notifier::DesktopNotifier::start(calls.clone())),
            files: Arc::new(SavedFiles::in_folder(folders.downloads())),
            browser: Arc::new(SystemBrowser),
            autostart: desktop::autostart::at_login(folders, start),
            calls,
            language: Language::default(),
            tray: Arc::default(),
        }
    }

    /// A phone. Its notifications stay inside the program.
    pub fn phone(folders: &Folders) -> Self {
        Self {
            form: Form::Phone,
            notifier: Arc::new(Recorder::default()),
            files: Arc::new(SavedFiles::in_folder(folders.downloads())),
            browser: Arc::new(SystemBrowser),
            autostart: Arc::new(NoAutostart),
            calls: Calls::new(),
            language: Language::default(),
            tray: Arc::default(),
        }
    }

    /// For tests of the face: what it does is recorded, files go to `downloads`, no browser is opened.
    pub fn recorded(downloads: PathBuf) -> (Self, Recorded) {
        let recorded = Recorded::default();
        let platform = Self {
            form: Form::Computer,
            notifier: Arc::new(recorded.notifications.clone()),
            files: Arc::new(SavedFiles::in_folder(downloads)),
            browser: Arc::new(recorded.pages.clone()),
            autostart: Arc::new(NoAutostart),
            calls: Calls::new(),
            language: Language::default(),
            tray: Arc::default(),
        };
        (platform, recorded)
    }

    /// The same machine, with its system speaking `language`.
    #[must_use]
    pub const fn speaking(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Whether a tray shows this program now, so that a closed window can be found again.
    pub fn has_tray(&self) -> bool {
        self.tray.load(Ordering::Relaxed)
    }

    /// Says whether a tray shows this program.
    pub fn set_tray(&self, there: bool) {
        self.tray.store(there, Ordering::Relaxed);
    }
}

impl Default for Platform {
    /// Records and does nothing; for tests that do not look.
    fn default() -> Self {
        Self::recorded(std::env::temp_dir()).0
    }
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").field("form", &self.form).field("tray", &self.has_tray()).finish_non_exhaustive()
    }
}

/// What a recording [`Platform`] was asked to do.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// The notifications.
    pub notifications: Recorder,
    /// The pages.
    pub pages: gridkey_host::PageRecorder,
}
