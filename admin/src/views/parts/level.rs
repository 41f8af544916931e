//! How grave arrears are, as a badge.

use dioxus::prelude::*;
use gridkey_domain::arrears::Level;
use gridkey_kit::prelude::*;

use crate::logic::arrears::level_word;

/// A level of arrears in a word or two.
///
/// - `level`: the level.
#[component]
pub fn LevelBadge(level: Level) -> Element {
    let (tone, icon) = match level {
        Level::None => (Tone::Good, Some(IconName::Check)),
        Level::Reminder => (Tone::Neutral, None),
        Level::Warning => (Tone::Warning, None),
        Level::Final => (Tone::Danger, Some(IconName::Warning)),
    };
    rsx! {
        Badge { tone, icon, testid: "level", {t!(&format!("level-{}", level_word(level)))} }
    }
}
