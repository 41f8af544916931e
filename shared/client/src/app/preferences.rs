//! What this machine keeps for its person, apart from any key: look, language, behaviour of the window.

use serde::{Deserialize, Serialize};

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
