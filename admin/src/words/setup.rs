//! The set-up check and the steps of unlocking, in words.

use gridkey_desk::office::{CheckItem, CheckState, UnlockStep};
use gridkey_kit::prelude::*;

const fn item_word(item: CheckItem) -> &'static str {
    match item {
        CheckItem::Installation => "installation",
        CheckItem::Driver => "driver",
        CheckItem::Reader => "reader",
        CheckItem::Key => "key",
        CheckItem::Clock => "clock",
        CheckItem::Server => "server",
    }
}

/// What is checked, in a word.
pub fn check_name(item: CheckItem) -> String {
    t!(&format!("setup-item-{}", item_word(item)))
}

/// What is checked, in a sentence.
pub fn check_about(item: CheckItem) -> String {
    match item {
        CheckItem::Key => t!("admin-setup-about-key"),
        other => t!(&format!("setup-about-{}", item_word(other))),
    }
}

/// What was found, in a word, with its colour and icon.
pub fn check_state(state: &CheckState) -> (String, Tone, Option<IconName>) {
    match state {
        CheckState::Waiting => (t!("setup-state-waiting"), Tone::Neutral, None),
        CheckState::Running => (t!("setup-state-running"), Tone::Accent, None),
        CheckState::Ok(_) => (t!("setup-state-ok"), Tone::Good, Some(IconName::Check)),
        CheckState::NotNeeded => (t!("setup-state-not-needed"), Tone::Neutral, None),
        CheckState::Failed(_) => (t!("setup-state-failed"), Tone::Warning, Some(IconName::Warning)),
    }
}

/// What is done between PIN and desk.
pub fn step(step: UnlockStep) -> String {
    match step {
        UnlockStep::Pin => t!("gate-step-pin"),
        UnlockStep::Session => t!("gate-step-session"),
        UnlockStep::Rights => t!("admin-gate-step-rights"),
    }
}
