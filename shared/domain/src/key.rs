//! The life of a USBKEY: one state machine for every program that issues, binds, ends or shows keys.
//!
//! A blank key is only ever seen in a reader; the server knows a key from its certificates on. Nothing leads back: a key that
//! ended gets new certificates, which are another key to the server.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyState {
    /// No certificates yet.
    Blank,
    /// Certified, not yet bound.
    Issued,
    /// In its customer's (or administrator's) hand.
    Bound,
    /// The relation was deleted: the key was given back.
    Unbound,
    /// Reported lost.
    Lost,
    /// The certificate was withdrawn.
    Revoked,
    /// The certificate's time is over.
    Expired,
    /// Another key took its place.
    Replaced,
}

/// What happens to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStep {
    /// The authority certifies its key pairs.
    Issue,
    /// It is handed to its holder.
    Bind,
    /// Its holder gives it back.
    Unbind,
    /// Its holder reports that it is gone.
    Lose,
    /// Its certificates are withdrawn.
    Revoke,
    /// Its certificates' time passes.
    Expire,
    /// Another key takes its place.
    Replace,
}

/// The key is in a state that does not allow the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key that is {} cannot {}", state.as_str(), step.verb())]
pub struct WrongStep {
    /// Where the key stands.
    pub state: KeyState,
    /// What was wanted.
    pub step: KeyStep,
}

impl KeyState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Blank,
        Self::Issued,
        Self::Bound,
        Self::Unbound,
        Self::Lost,
        Self::Revoked,
        Self::Expired,
        Self::Replaced,
    ];

    /// The name in records, messages, logs and reasons.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Issued => "issued",
            Self::Bound => "bound",
            Self::Unbound => "unbound",
            Self::Lost => "lost",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether the key's life is over.
    pub const fn is_ended(self) -> bool {
        !matches!(self, Self::Blank | Self::Issued | Self::Bound)
    }

    /// Whether the end of a key in this way also ends what it signed and nobody has executed yet. A key that was replaced or
    /// ran out of time was its holder's to the last, so what it signed goes on.
    pub const fn refuses_orders(self) -> bool {
        matches!(self, Self::Unbound | Self::Lost | Self::Revoked)
    }

    /// The state that `step` leads to from here.
    pub const fn after(self, step: KeyStep) -> Result<Self, WrongStep> {
        let allowed = match self {
            Self::Blank => matches!(step, KeyStep::Issue),
            // What was issued and never handed out cannot be given back, but all else may happen to it.
            Self::Issued => !matches!(step, KeyStep::Issue | KeyStep::Unbind),
            Self::Bound => !matches!(step, KeyStep::Issue | KeyStep::Bind),
            Self::Unbound | Self::Lost | Self::Revoked | Self::Expired | Self::Replaced => false,
        };
        if allowed { Ok(step.leads_to()) } else { Err(WrongStep { state: self, step }) }
    }
}

impl KeyStep {
    /// Every step.
    pub const ALL: [Self; 7] =
        [Self::Issue, Self::Bind, Self::Unbind, Self::Lose, Self::Revoke, Self::Expire, Self::Replace];

    /// The state entered.
    pub const fn leads_to(self) -> KeyState {
        match self {
            Self::Issue => KeyState::Issued,
            Self::Bind => KeyState::Bound,
            Self::Unbind => KeyState::Unbound,
            Self::Lose => KeyState::Lost,
            Self::Revoke => KeyState::Revoked,
            Self::Expire => KeyState::Expired,
            Self::Replace => KeyState::Replaced,
        }
    }

    /// The step that leads to `state`; none leads to `blank`.
    pub fn to(state: KeyState) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.leads_to() == state)
    }

    /// The word of the audit chain.
    pub const fn event(self) -> &'static str {
        match self {
            Self::Issue => "key.issued",
            Self::Bind => "key.bound",
            Self::Unbind => "key.unbound",
            Self::Lose => "key.lost",
            Self::Revoke => "key.revoked",
            Self::Expire => "key.expired",
            Self::Replace => "key.replaced",
        }
    }

    const fn verb(self) -> &'static str {
        match self {
            Self::Issue => "be issued",
            Self::Bind => "be bound",
            Self::Unbind => "be unbound",
            Self::Lose => "be reported lost",
            Self::Revoke => "be revoked",
            Self::Expire => "expire",
            Self::Replace => "be replaced",
        }
    }
}

/// A state that a key entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyTransition {
    /// The state.
    pub state: KeyState,
    /// When.
    pub at: Timestamp,
    /// Who: a key's fingerprint in hex, `server` or `operator`.
    pub actor: String,
    /// Why, in a few words.
    pub reason: String,
}

/// What an administrator may do. One role a key; a person with two duties has two keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdminRole {
    /// Serves customers: their keys, bills and payments.
    Operator,
    /// Looks after administrators' keys and the safety of the service.
    SecurityOfficer,
    /// Reads and verifies everything, changes nothing.
    Auditor,
}

impl AdminRole {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Operator, Self::SecurityOfficer, Self::Auditor];

    /// The name in records, messages and commands.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::SecurityOfficer => "security-officer",
            Self::Auditor => "auditor",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl std::str::FromStr for AdminRole {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_name(text).ok_or("operator, security-officer or auditor expected")
    }
}

impl std::fmt::Display for AdminRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ended_key_stays_ended() {
        for state in KeyState::ALL.into_iter().filter(|state| state.is_ended()) {
            for step in KeyStep::ALL {
                assert_eq!(state.after(step), Err(WrongStep { state, step }));
            }
        }
    }

    #[test]
    fn a_key_is_issued_once_bound_once_and_ended_once() {
        use KeyState::{Blank, Bound, Issued};
        for step in KeyStep::ALL {
            assert_eq!(Blank.after(step).is_ok(), step == KeyStep::Issue, "{step:?}");
            assert_eq!(Issued.after(step).is_ok(), !matches!(step, KeyStep::Issue | KeyStep::Unbind), "{step:?}");
            assert_eq!(Bound.after(step).is_ok(), step.leads_to().is_ended(), "{step:?}");
        }
    }

    #[test]
    fn each_state_but_blank_is_reached_by_one_step_and_read_by_its_name() {
        for state in KeyState::ALL {
            assert_eq!(KeyState::from_name(state.as_str()), Some(state));
            assert_eq!(KeyStep::to(state).map(KeyStep::leads_to), (state != KeyState::Blank).then_some(state));
        }
        for role in AdminRole::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
    }
}
