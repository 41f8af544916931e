//! Keys in words.

use gridkey_domain::key::KeyState;
use gridkey_kit::prelude::*;
use gridkey_protocol::{frame::Role, ops::admin::keys::KeyDetail};

use crate::{logic::keys::KeyAct, words::role};

/// The reasons that programs give, each with words of its own; what people typed is shown as it is.
const REASONS: [&str; 5] = ["issued", "handed-over", "renewed", "renewal-failed", "by-operator"];

/// A state in a word.
pub(super) fn state(state: KeyState) -> String {
    t!(&format!("keys-state-{}", state.as_str()))
}

/// What a state's colour says.
pub(super) const fn state_tone(state: KeyState) -> Tone {
    match state {
        KeyState::Bound => Tone::Good,
        KeyState::Issued => Tone::Accent,
        KeyState::Lost | KeyState::Revoked => Tone::Danger,
        KeyState::Expired => Tone::Warning,
        KeyState::Blank | KeyState::Unbound | KeyState::Replaced => Tone::Neutral,
    }
}

/// Whose kind of key it is: "Customer", or an administrator's role.
pub(super) fn whose(key: &KeyDetail) -> String {
    match (key.role, key.admin) {
        (Role::Admin, Some(admin)) => role(admin),
        (Role::Admin, None) => t!("keys-whose-admin"),
        _ => t!("keys-whose-customer"),
    }
}

/// A key's holder in a sentence: "customer 1100000001", "desk-1, operator".
pub(super) fn holder(key: &KeyDetail) -> String {
    match (key.role, key.admin) {
        (Role::Admin, Some(admin)) => t!("keys-holder-admin", name = &key.name, role = role(admin)),
        (Role::Admin, None) => key.name.clone(),
        _ => t!("keys-holder-customer", customer = &key.name),
    }
}

/// A key as the title of its page: "Key of customer 1100000001", "Key of desk-1".
pub(super) fn key_of(key: &KeyDetail) -> String {
    match key.role {
        Role::Admin => t!("keys-of-admin", name = &key.name),
        _ => t!("keys-of-customer", customer = &key.name),
    }
}

/// A reason in words: a program's own translated, a person's as typed.
pub fn reason(reason: &str) -> String {
    if REASONS.contains(&reason) { t!(&format!("keys-reason-{reason}")) } else { reason.to_owned() }
}

/// Whether a person typed this reason.
pub(super) fn is_typed(reason: &str) -> bool {
    !reason.is_empty() && !REASONS.contains(&reason)
}

/// An act as a button: "Report lost".
pub(super) fn act(act: KeyAct) -> String {
    t!(&format!("keys-act-{}", act.word()))
}

/// What an act is for, in a sentence.
pub(super) fn act_for(act: KeyAct) -> String {
    t!(&format!("keys-act-{}-for", act.word()))
}
