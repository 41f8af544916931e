//! What of the server's figures needs somebody, the gravest first.

use gridkey_domain::Timestamp;
use gridkey_protocol::ops::admin::status::{CrlState, Status};

/// Refused logins of one hour from which somebody should look: a person who mistypes a PIN does not get this far.
pub const FAILED_AN_HOUR: u64 = 10;
/// Seconds after which a head of the audit chain counts as old while the chain grows.
const HEAD_SECONDS: i64 = 24 * 3600;
/// Seconds after the start in which nothing need be lodged yet.
const FIRST_HEAD_SECONDS: i64 = 3600;

/// Something that needs somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concern {
    /// Something that the server leans on does not answer.
    Part {
        /// Its stable word.
        name: String,
        /// What is wrong, for support.
        fault: Option<String>,
    },
    /// The published revocation list is past the time of the next one.
    CrlOverdue(Timestamp),
    /// No revocation list was ever published.
    NoCrl,
    /// Payments whose outcome at the gateway is not known.
    Unknown(u64),
    /// Refused logins within this and the last hour.
    Refused(u64),
    /// The audit chain grew, and its head was not lodged since then, or never.
    NotLodged(Option<Timestamp>),
    /// Keys that end soon.
    Ending(u64),
}

impl Concern {
    /// The word in the names of messages.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Part { .. } => "part",
            Self::CrlOverdue(_) => "crl-overdue",
            Self::NoCrl => "no-crl",
            Self::Unknown(_) => "unknown",
            Self::Refused(_) => "refused",
            Self::NotLodged(_) => "not-lodged",
            Self::Ending(_) => "ending",
        }
    }

    /// Whether harm is near; the rest can wait its turn.
    pub const fn is_grave(&self) -> bool {
        matches!(self, Self::Part { .. } | Self::CrlOverdue(_))
    }
}

/// What needs somebody, the gravest first; nothing when all is well.
pub fn concerns(status: &Status) -> Vec<Concern> {
    let mut found: Vec<Concern> = status
        .parts
        .iter()
        .filter(|part| !part.ok)
        .map(|part| Concern::Part { name: part.name.clone(), fault: part.fault.clone() })
        .collect();
    let overdue = |crl: &CrlState| status.at > crl.next;
    if let Some(crl) = status.crl.filter(overdue) {
        found.push(Concern::CrlOverdue(crl.next));
    }
    if status.payments.unknown > 0 {
        found.push(Concern::Unknown(status.payments.unknown));
    }
    let refused = status.logins.hours.iter().rev().take(2).map(|hour| hour.failed).fold(0, u64::saturating_add);
    if refused >= FAILED_AN_HOUR {
        found.push(Concern::Refused(refused));
    }
    if let Some(since) = not_lodged(status) {
        found.push(Concern::NotLodged(since));
    }
    if status.keys.ending > 0 {
        found.push(Concern::Ending(status.keys.ending));
    }
    if status.crl.is_none() {
        found.push(Concern::NoCrl);
    }
    found
}

fn not_lodged(status: &Status) -> Option<Option<Timestamp>> {
    let audit = &status.audit;
    match &audit.lodged {
        Some(head) => {
            let old = audit.entries > head.entries && status.at.seconds_since(head.at) > HEAD_SECONDS;
            old.then_some(Some(head.at))
        }
        None => {
            let due = audit.entries > 0 && status.at.seconds_since(status.started) > FIRST_HEAD_SECONDS;
            due.then_some(None)
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use gridkey_domain::{Fen, key::KeyState};
    use gridkey_protocol::{
        ByteArray,
        ops::admin::status::{
            AuditState, InArrears, KeyCount, Keys, LodgedHead, LoginHour, Logins, PaidHour, Part, Payments, Sessions,
        },
    };

    use super::*;

    pub(crate) fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn well() -> Status {
        well_at(at("2026-11-22T08:12:00Z"))
    }

    /// A server on a good day.
    pub(crate) fn well_at(now: Timestamp) -> Status {
        let running = Timestamp::from_seconds(now.seconds() - now.seconds() % 3600);
        let hour = |index: i64| running.plus_seconds((index - 23) * 3600);
        let ago = |minutes: i64| now.plus_seconds(minutes * -60);
        let logins = (0..24).map(|index| {
            let logins = u64::try_from((index * 7 + 3) % 11).unwrap();
            LoginHour { from: hour(index), logins, failed: u64::from(index == 20) * 2 }
        });
        let paid = (0..24).map(|index| {
            let count = u64::try_from((index * 5) % 7).unwrap();
            PaidHour { from: hour(index), count, amount: Fen::new(count * 4_120_055).unwrap() }
        });
        let part = |name: &str, milliseconds| Part { name: name.into(), ok: true, milliseconds, fault: None };
        Status {
            at: now,
            version: "0.1.0".into(),
            started: ago(430),
            sessions: Sessions { customers: 12, administrators: 2 },
            logins: Logins { today: 64, failed_today: 2, hours: logins.collect() },
            payments: Payments {
                today: 31,
                amount_today: Fen::new(1_284_455_012).unwrap(),
                hours: paid.collect(),
                open: 3,
                unknown: 0,
                refunding: 1,
            },
            arrears: Some(InArrears {
                customers: 7,
                open: Fen::new(96_206_912).unwrap(),
                late: Fen::new(1_204_436).unwrap(),
                at: ago(7),
            }),
            keys: Keys {
                states: vec![
                    KeyCount { state: KeyState::Issued, count: 2 },
                    KeyCount { state: KeyState::Bound, count: 118 },
                    KeyCount { state: KeyState::Lost, count: 1 },
                ],
                ending: 0,
            },
            parts: vec![part("hsm", 3), part("store", 1), part("platform", 6)],
            crl: Some(CrlState { number: 7, made: ago(372), next: now.plus_seconds(64_080), entries: 4 }),
            audit: AuditState {
                entries: 1_204,
                lodged: Some(LodgedHead { entries: 1_200, hash: ByteArray([2; 32]), at: ago(12) }),
            },
        }
    }

    fn words(status: &Status) -> Vec<&'static str> {
        concerns(status).iter().map(Concern::word).collect()
    }

    #[test]
    fn a_good_day_needs_nobody() {
        assert_eq!(words(&well()), Vec::<&str>::new());
    }

    #[test]
    fn what_harms_stands_before_what_can_wait() {
        let mut status = well();
        status.keys.ending = 2;
        status.payments.unknown = 1;
        status.crl.as_mut().unwrap().next = at("2026-11-22T08:00:00Z");
        status.parts[0].ok = false;
        assert_eq!(words(&status), ["part", "crl-overdue", "unknown", "ending"]);
        assert_eq!(concerns(&status).iter().filter(|concern| concern.is_grave()).count(), 2);
    }

    #[test]
    fn a_few_mistyped_pins_are_nothing_and_many_at_once_are() {
        let mut status = well();
        status.logins.failed_today = 40;
        assert_eq!(words(&status), Vec::<&str>::new(), "spread over the day");
        status.logins.hours[22].failed = 6;
        status.logins.hours[23].failed = 4;
        assert_eq!(words(&status), ["refused"]);
    }

    #[test]
    fn a_chain_that_grows_must_be_lodged_and_one_that_rests_need_not() {
        let mut status = well();
        status.audit.lodged.as_mut().unwrap().at = at("2026-11-20T08:00:00Z");
        assert_eq!(words(&status), ["not-lodged"]);
        status.audit.entries = 1_200;
        assert_eq!(words(&status), Vec::<&str>::new());
        status.audit.lodged = None;
        assert_eq!(words(&status), ["not-lodged"]);
        status.started = status.at;
        assert_eq!(words(&status), Vec::<&str>::new(), "just started");
    }

    #[test]
    fn a_server_without_a_list_is_told_last() {
        let mut status = well();
        status.crl = None;
        status.keys.ending = 1;
        assert_eq!(words(&status), ["ending", "no-crl"]);
    }
}
