//! The set-up check and the steps of unlocking, in words.

use gridkey_client::app::{CheckItem, CheckState, RenewStep, UnlockStep};
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
    t!(&format!("setup-about-{}", item_word(item)))
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

/// A step of a renewal.
pub fn renew_step(step: RenewStep) -> String {
    match step {
        RenewStep::Pin => t!("renewal-step-pin"),
        RenewStep::Pairs => t!("renewal-step-pairs"),
        RenewStep::Certify => t!("renewal-step-certify"),
        RenewStep::Write => t!("renewal-step-write"),
        RenewStep::Store => t!("renewal-step-store"),
        RenewStep::Session => t!("renewal-step-session"),
    }
}

/// What is done between PIN and account.
pub fn step(step: UnlockStep) -> String {
    match step {
        UnlockStep::Pin => t!("gate-step-pin"),
        UnlockStep::Store => t!("gate-step-store"),
        UnlockStep::Session => t!("gate-step-session"),
    }
}
