//! What this machine keeps for its person, apart from any key: look, language, behaviour of the window.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::config::ClientConfig;

/// A language of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The offered language nearest to a tag of the system (`zh_CN.UTF-8`, `en-GB`, …).
    pub fn nearest(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The window's size, logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowSize {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// The preferences of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// The language; the system's until chosen.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Theme,
    /// Minutes without a person until the screens are hidden; 0 never.
    pub lock_minutes: u32,
    /// Closing the window leaves the program in the tray, with the session alive.
    pub close_to_tray: bool,
    /// The program starts when the person logs in to this computer.
    pub start_at_login: bool,
    /// The window as it was left.
    pub window: Option<WindowSize>,
}

/// One of the preferences, as a person changes it: the others stay as they are by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// [`Preferences::language`].
    Language(Option<Language>),
    /// [`Preferences::theme`].
    Theme(Theme),
    /// [`Preferences::lock_minutes`].
    LockMinutes(u32),
    /// [`Preferences::close_to_tray`].
    CloseToTray(bool),
    /// [`Preferences::start_at_login`].
    StartAtLogin(bool),
    /// [`Preferences::window`].
    Window(WindowSize),
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::System,
            lock_minutes: 10,
            close_to_tray: false,
            start_at_login: false,
            window: None,
        }
    }
}

impl Preferences {
    /// Takes a change.
    pub const fn take(&mut self, change: Preference) {
        match change {
            Preference::Language(language) => self.language = language,
            Preference::Theme(theme) => self.theme = theme,
            Preference::LockMinutes(minutes) => self.lock_minutes = minutes,
            Preference::CloseToTray(close_to_tray) => self.close_to_tray = close_to_tray,
            Preference::StartAtLogin(start_at_login) => self.start_at_login = start_at_login,
            Preference::Window(size) => self.window = Some(size),
        }
    }

    /// Where they are kept: `app.toml` beside the configuration of the person who uses this machine.
    pub fn default_file() -> Option<PathBuf> {
        Some(ClientConfig::default_file()?.with_file_name("app.toml"))
    }

    /// Reads them. Preferences are no reason not to start: a file that cannot be read counts as none.
    pub fn load(path: &Path) -> Self {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::default(),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "the preferences cannot be read");
                return Self::default();
            }
        };
        toml::from_str(&text).unwrap_or_else(|error| {
            tracing::warn!(path = %path.display(), %error, "the preferences are damaged");
            Self::default()
        })
    }

    /// Writes them, all or nothing. Blocks.
    ///
    /// # Errors
    /// The system's.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension("toml.new");
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_there_and_a_damaged_file_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gridkey").join("app.toml");
        assert_eq!(Preferences::load(&path), Preferences::default());
        let chosen = Preferences {
            language: Some(Language::Chinese),
            theme: Theme::Dark,
            lock_minutes: 0,
            close_to_tray: true,
            start_at_login: true,
            window: Some(WindowSize { width: 1280, height: 800 }),
        };
        chosen.save(&path).unwrap();
        assert_eq!(Preferences::load(&path), chosen);
        std::fs::write(&path, "lock_minutes = 3\nof a later version = 1").unwrap();
        assert_eq!(Preferences::load(&path), Preferences::default());
        std::fs::write(&path, "lock_minutes = 3\nlater = 1").unwrap();
        assert_eq!(Preferences::load(&path).lock_minutes, 3);
    }
}
