//! What can be done with a key, how it is found, and when it ends.

use gridkey_desk::office::{KeyName, Me};
use gridkey_domain::{
    CustomerNo, Timestamp,
    key::{KeyState, KeyStep},
};
use gridkey_protocol::{
    bytes::hex,
    frame::Role,
    ops::{AdminOp, admin::keys::KeyDetail},
};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// A key that ends in fewer days than this needs somebody to see to it.
pub const SOON_DAYS: i64 = 30;
/// A key that ends in fewer days than this is seen to at once.
pub const URGENT_DAYS: i64 = 7;

/// Something to do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAct {
    /// Hand an issued key to its holder.
    Bind,
    /// Make another key, or take an issued one, in its place.
    Replace,
    /// Its holder gives it back.
    Unbind,
    /// It is reported lost.
    Lose,
    /// Its certificates are withdrawn.
    Revoke,
}

impl KeyAct {
    /// Every act, in the order offered: what helps first, what harms last.
    pub const ALL: [Self; 5] = [Self::Bind, Self::Replace, Self::Unbind, Self::Lose, Self::Revoke];

    /// The word in the names of messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Replace => "replace",
            Self::Unbind => "unbind",
            Self::Lose => "lose",
            Self::Revoke => "revoke",
        }
    }

    /// The step of the key's life.
    pub const fn step(self) -> KeyStep {
        match self {
            Self::Bind => KeyStep::Bind,
            Self::Replace => KeyStep::Replace,
            Self::Unbind => KeyStep::Unbind,
            Self::Lose => KeyStep::Lose,
            Self::Revoke => KeyStep::Revoke,
        }
    }

    /// Whether the key's life is over afterwards.
    pub const fn ends(self) -> bool {
        !matches!(self, Self::Bind)
    }

    /// Whether what the key signed and nobody has executed yet is refused.
    pub const fn refuses_orders(self) -> bool {
        self.step().leads_to().refuses_orders()
    }

    /// Whether `me` may do it to `key` as it stands. The server judges anew.
    pub fn is_offered(self, me: &Me, key: &KeyDetail) -> bool {
        if key.key == me.key {
            return false;
        }
        let fits = key.state.after(self.step()).is_ok();
        match self {
            Self::Bind => fits && me.may(AdminOp::KeyBind) && me.may_make(key.role),
            // A key whose life is over keeps its place until another takes it: lost first, replaced later.
            Self::Replace => {
                key.role == Role::Customer
                    && key.customer.is_some()
                    && key.successor.is_none()
                    && (key.state == KeyState::Bound || key.state.is_ended())
                    && me.may(AdminOp::KeyReplace)
                    && me.may_make(key.role)
            }
            Self::Unbind => fits && me.may(AdminOp::KeyUnbind) && me.may_end(key),
            Self::Lose => fits && me.may(AdminOp::KeyLost) && me.may_end(key),
            Self::Revoke => fits && me.may(AdminOp::KeyRevoke) && me.may_end(key),
        }
    }
}

/// What `me` may do with `key` as it stands.
pub fn acts(me: &Me, key: &KeyDetail) -> Vec<KeyAct> {
    KeyAct::ALL.into_iter().filter(|act| act.is_offered(me, key)).collect()
}

/// The customer that a key is for, bound or not.
pub fn customer_of(key: &KeyDetail) -> Option<CustomerNo> {
    match key.role {
        Role::Customer => key.customer.clone().or_else(|| key.name.parse().ok()),
        _ => None,
    }
}

/// Whether a search for `text` finds `key`: the beginning of its fingerprint or certificate number, or a part of its token's
/// serial number, its holder's number or post. Spaces, colons and dashes in hex do not matter, nor does the case.
pub fn is_found(key: &KeyDetail, text: &str) -> bool {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return true;
    }
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | ':' | '-')).collect();
    let begins = |bytes: &[u8]| !plain.is_empty() && hex(bytes).starts_with(&plain);
    let holds = |value: &str| value.to_lowercase().contains(&text);
    begins(&key.key.0)
        || begins(&key.serial.0)
        || key.token.as_deref().is_some_and(holds)
        || holds(&key.name)
        || key.customer.as_ref().is_some_and(|customer| holds(customer.as_str()))
}

/// A fingerprint or certificate number as people compare it: groups of four, the first `groups` of them.
pub fn grouped(bytes: &[u8], groups: usize) -> String {
    let parts: Vec<String> = bytes.chunks(2).take(groups).map(hex).collect();
    parts.join(" ")
}

/// A key in a sentence: the beginning of its fingerprint.
pub fn short(key: &KeyName) -> String {
    grouped(&key.0, 4)
}

/// The key that 64 hex digits name.
pub fn key_name(text: &str) -> Option<KeyName> {
    let bytes = gridkey_protocol::bytes::unhex(text.trim())?;
    <[u8; 32]>::try_from(bytes).ok().map(KeyName::from)
}

/// Whole days until a key's last second, negative once it is past.
pub fn days_left(key: &KeyDetail, now: Timestamp) -> i64 {
    key.not_after.seconds_since(now).div_euclid(DAY)
}

/// How much of a certificate's time has passed, in thousandths.
pub fn life_spent(key: &KeyDetail, now: Timestamp) -> u32 {
    let whole = key.not_after.seconds_since(key.not_before).max(1);
    let spent = now.seconds_since(key.not_before).clamp(0, whole);
    u32::try_from(spent.saturating_mul(1000) / whole).unwrap_or(1000)
}

/// When a customer's key may be renewed by its holder: at two thirds of its life.
pub fn renew_from(key: &KeyDetail) -> Timestamp {
    key.not_before.plus_seconds(key.not_after.seconds_since(key.not_before) / 3 * 2)
}

/// What is to be done about a bound key that ends soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Its holder renews it with the PIN; the app says so. Nothing to do yet.
    HolderRenews,
    /// The holder was told and did not renew: call.
    CallHolder,
    /// A successor is bound already; this one goes by itself.
    Succeeded,
    /// An administrator's: a security officer makes another for the same post.
    MakeAnother,
    /// Its time is over: its holder needs another key.
    Over,
}

impl Advice {
    /// The word in the names of messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::HolderRenews => "holder-renews",
            Self::CallHolder => "call-holder",
            Self::Succeeded => "succeeded",
            Self::MakeAnother => "make-another",
            Self::Over => "over",
        }
    }
}

/// What is to be done about `key`.
pub fn advice(key: &KeyDetail, now: Timestamp) -> Advice {
    let days = days_left(key, now);
    if key.successor.is_some() {
        Advice::Succeeded
    } else if key.role == Role::Admin {
        Advice::MakeAnother
    } else if days < 0 {
        Advice::Over
    } else if days < SOON_DAYS {
        Advice::CallHolder
    } else {
        Advice::HolderRenews
    }
}

#[cfg(test)]
mod tests {
    use gridkey_domain::key::AdminRole;
    use gridkey_protocol::ByteString;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-13T09:40:00Z".parse().unwrap()
    }

    fn key(state: KeyState) -> KeyDetail {
        KeyDetail {
            key: KeyName::from([0xab; 32]),
            serial: ByteString(vec![0x4c; 16]),
            role: Role::Customer,
            customer: (state != KeyState::Issued).then(|| "1100000001".parse().unwrap()),
            name: "1100000001".into(),
            admin: None,
            state,
            since: now(),
            reason: "handed-over".into(),
            not_before: now().plus_seconds(-DAY * 60),
            not_after: now().plus_seconds(DAY * 30),
            token: Some("5F2A-0917-33C1".into()),
            succeeds: None,
            successor: None,
        }
    }

    fn me(role: AdminRole) -> Me {
        Me { name: "desk-1".into(), role, key: KeyName::from([1; 32]), token: "T1".into(), not_after: now() }
    }

    #[test]
    fn what_is_offered_follows_from_state_and_role() {
        use KeyAct::{Bind, Lose, Replace, Revoke, Unbind};
        let operator = me(AdminRole::Operator);
        assert_eq!(acts(&operator, &key(KeyState::Bound)), [Replace, Unbind, Lose, Revoke]);
        assert_eq!(acts(&operator, &key(KeyState::Issued)), [Bind, Lose, Revoke]);
        assert_eq!(acts(&operator, &key(KeyState::Lost)), [Replace], "its customer gets another");
        assert_eq!(acts(&me(AdminRole::SecurityOfficer), &key(KeyState::Bound)), [Unbind, Lose, Revoke]);
        for state in KeyState::ALL {
            assert_eq!(acts(&me(AdminRole::Auditor), &key(state)), [], "{state:?}");
        }
    }

    #[test]
    fn nobody_is_offered_to_act_on_the_own_key() {
        let officer = me(AdminRole::SecurityOfficer);
        let mut own = key(KeyState::Bound);
        (own.key, own.role, own.admin) = (officer.key, Role::Admin, Some(AdminRole::SecurityOfficer));
        assert_eq!(acts(&officer, &own), []);
        own.key = KeyName::from([2; 32]);
        assert_eq!(acts(&officer, &own), [KeyAct::Unbind, KeyAct::Lose, KeyAct::Revoke], "a colleague's");
    }

    #[test]
    fn a_key_whose_place_is_taken_is_not_replaced_again() {
        let mut lost = key(KeyState::Lost);
        lost.successor = Some(KeyName::from([3; 32]));
        assert_eq!(acts(&me(AdminRole::Operator), &lost), []);
    }

    #[test]
    fn a_search_reads_what_stands_on_paper_and_token() {
        let key = key(KeyState::Bound);
        for text in ["", "  ", "ABAB", "ab:ab ab", "4c4c-4c", "0917", "5f2a", "1100", "0001"] {
            assert!(is_found(&key, text), "{text}");
        }
        for text in ["cdcd", "5f2b", "2200", "-"] {
            assert_eq!(is_found(&key, text), text == "-", "{text}");
        }
    }

    #[test]
    fn names_are_read_back_and_shown_in_groups() {
        let name = KeyName::from([0xab; 32]);
        assert_eq!(key_name(&format!(" {name} ")), Some(name));
        assert_eq!(key_name("abab"), None);
        assert_eq!(short(&name), "abab abab abab abab");
    }

    #[test]
    fn what_to_do_grows_more_urgent_as_the_end_comes_nearer() {
        let mut key = key(KeyState::Bound);
        let at = |key: &mut KeyDetail, seconds: i64| {
            key.not_after = now().plus_seconds(seconds);
            (days_left(key, now()), advice(key, now()))
        };
        assert_eq!(at(&mut key, DAY * 30), (30, Advice::HolderRenews));
        assert_eq!(at(&mut key, DAY * 30 - 1), (29, Advice::CallHolder));
        assert_eq!(at(&mut key, -1), (-1, Advice::Over));
        key.successor = Some(KeyName::from([3; 32]));
        assert_eq!(at(&mut key, -1).1, Advice::Succeeded);
        let mut admin = super::tests::key(KeyState::Bound);
        (admin.role, admin.customer, admin.admin) = (Role::Admin, None, Some(AdminRole::Operator));
        assert_eq!(advice(&admin, now()), Advice::MakeAnother);
        assert_eq!(customer_of(&admin), None);
    }

    #[test]
    fn life_is_spent_from_nothing_to_all() {
        let key = key(KeyState::Bound);
        assert_eq!(life_spent(&key, now()), 666);
        assert_eq!(life_spent(&key, key.not_before.plus_seconds(-5)), 0);
        assert_eq!(life_spent(&key, key.not_after.plus_seconds(5)), 1000);
        assert_eq!(renew_from(&key), now());
    }
}
