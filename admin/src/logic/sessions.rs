//! Live sessions in a list: whose, and found by what somebody types.

use gridkey_protocol::{frame::Role, ops::admin::sessions::LiveSession};

/// Which sessions are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    #[default]
    All,
    /// Customers'.
    Customers,
    /// Administrators'.
    Administrators,
}

impl Whose {
    /// Every choice, in the order offered.
    pub const ALL: [Self; 3] = [Self::All, Self::Customers, Self::Administrators];

    /// The message that names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::All => "sessions-all",
            Self::Customers => "sessions-customers",
            Self::Administrators => "sessions-admins",
        }
    }

    /// Whether it lets a session through.
    pub const fn shows(self, session: &LiveSession) -> bool {
        match self {
            Self::All => true,
            Self::Customers => matches!(session.role, Role::Customer),
            Self::Administrators => matches!(session.role, Role::Admin),
        }
    }
}

/// Whether `typed` finds a session: a part of the customer's number, the program, the address, the session's name or the beginning of the
/// key's fingerprint.
pub fn is_found(session: &LiveSession, typed: &str) -> bool {
    let wanted = typed.trim().to_ascii_lowercase();
    let has = |text: &str| text.to_ascii_lowercase().contains(&wanted);
    session.customer.as_ref().is_some_and(|customer| has(customer.as_str()))
        || has(&session.agent)
        || session.address.as_deref().is_some_and(has)
        || has(&session.session)
        || session.key.to_string().starts_with(&wanted)
}

/// The sessions to show, the newest first.
pub fn shown<'a>(sessions: &'a [LiveSession], whose: Whose, typed: &str) -> Vec<&'a LiveSession> {
    sessions.iter().rev().filter(|session| whose.shows(session) && is_found(session, typed)).collect()
}

#[cfg(test)]
mod tests {
    use gridkey_protocol::ByteArray;

    use super::*;

    fn session(name: &str, customer: Option<&str>) -> LiveSession {
        LiveSession {
            session: name.into(),
            role: if customer.is_some() { Role::Customer } else { Role::Admin },
            customer: customer.map(|number| number.parse().unwrap()),
            key: ByteArray([0xab; 32]),
            since: "2026-11-22T08:00:00Z".parse().unwrap(),
            agent: "gridkey-app/0.1.0".into(),
            address: Some("192.0.2.7".into()),
            heard: None,
        }
    }

    #[test]
    fn sessions_are_found_by_whose_they_are_and_by_what_is_typed() {
        let all = [session("s-1", Some("1100000001")), session("s-2", None), session("s-3", Some("1100000002"))];
        let names = |whose, typed: &str| {
            shown(&all, whose, typed).iter().map(|session| session.session.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(names(Whose::All, ""), ["s-3", "s-2", "s-1"], "the newest first");
        assert_eq!(names(Whose::Administrators, " "), ["s-2"]);
        assert_eq!(names(Whose::Customers, "0001"), ["s-1"]);
        assert_eq!(names(Whose::All, "ABAB").len(), 3);
        assert_eq!(names(Whose::All, "nobody"), Vec::<&str>::new());
    }
}
