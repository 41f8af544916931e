//! A person's desk: a screen, a bus, a home folder, a browser, a notification service.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{Notifications, browser::Browser, bus::Bus, display::Display};

/// Room below the window for pictures of pages that are longer than it.
const BELOW: u32 = 2400;

/// A desk of its own. Nothing on it reaches the machine's session.
#[derive(Debug)]
pub struct Desktop {
    // Ends before what it speaks over.
    notifications: Notifications,
    bus: Bus,
    display: Display,
    browser: Browser,
    home: TempDir,
    runtime: Runtime,
    size: (u32, u32),
}

impl Desktop {
    /// A desk for windows of this size, pixels.
    ///
    /// # Errors
    /// If one of the programs it needs is missing or does not start.
    pub fn start(width: u32, height: u32) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let home = tempfile::tempdir()?;
        for (folder, mode) in [(".config/gtk-3.0", 0o755), ("run", 0o700)] {
            let path = home.path().join(folder);
            fs::create_dir_all(&path)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        }
        // A picture in the middle of a movement would differ from run to run; the caret's blinking too.
        let quiet = "[Settings]\ngtk-enable-animations=0\ngtk-cursor-blink=0\n";
        fs::write(home.path().join(".config/gtk-3.0/settings.ini"), quiet)?;
        let display = Display::start(width, height + BELOW)?;
        let bus = Bus::start(&runtime)?;
        let notifications = Notifications::start(runtime.handle(), bus.address())?;
        let browser = Browser::install(&home.path().join("bin"))?;
        Ok(Self { notifications, bus, display, browser, home, runtime, size: (width, height) })
    }

    /// The size of windows, pixels.
    pub const fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The person's home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The folder of the app's settings.
    pub fn config(&self) -> PathBuf {
        self.home().join(".config/gridkey")
    }

    /// What was notified.
    pub const fn notifications(&self) -> &Notifications {
        &self.notifications
    }

    /// The addresses that the browser was told to open.
    ///
    /// # Errors
    /// If their list can't be read.
    pub fn opened(&self) -> Result<Vec<String>> {
        self.browser.opened()
    }

    /// Waits until address number `count`, from 1, was opened in the browser, and gives it.
    ///
    /// # Errors
    /// If it is not.
    pub fn wait_for_browser(&self, count: usize) -> Result<String> {
        self.browser.wait_for(count)
    }

    pub(super) const fn display(&self) -> &Display {
        &self.display
    }

    pub(super) const fn bus(&self) -> &Bus {
        &self.bus
    }

    pub(super) fn wait<T>(&self, task: impl Future<Output = T>) -> T {
        self.runtime.block_on(task)
    }

    /// Gives a program this desk for its environment, and nothing of the machine's session.
    pub(super) fn lend_to(&self, command: &mut Command) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders = vec![self.browser.folder().to_owned()];
        folders.extend(std::env::split_paths(&path));
        let home = self.home();
        command.env_clear();
        command.env("PATH", std::env::join_paths(folders).unwrap_or(path)).env("BROWSER", self.browser.program());
        command.env("HOME", home).env("USER", "customer").env("TMPDIR", std::env::temp_dir());
        for (name, folder) in [
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_STATE_HOME", ".local/state"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            command.env(name, home.join(folder));
        }
        command.env("DISPLAY", self.display.name()).env("XDG_SESSION_TYPE", "x11").env("GDK_BACKEND", "x11");
        command.env("DBUS_SESSION_BUS_ADDRESS", self.bus.address()).env("AT_SPI_BUS_ADDRESS", self.bus.address());
        // A portal would be looked for on the bus for a minute; the rest asks for drawing without a graphics card.
        command.envs([
            ("GTK_USE_PORTAL", "0"),
            ("GIO_USE_PORTALS", "0"),
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
            ("LIBGL_ALWAYS_SOFTWARE", "1"),
            ("LANG", "C.UTF-8"),
            ("TZ", "Asia/Shanghai"),
        ]);
    }
}
