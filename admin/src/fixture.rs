//! Snapshots for tests: a desk in each state that an administrator may meet.

pub mod desk;

use gridkey_client::app::Problem as Common;
use gridkey_desk::office::{AdminCard, CardHolder, Connection, Gate, KeyId, KeyName, Me, Problem, Snapshot};
use gridkey_domain::{Timestamp, key::AdminRole};
use gridkey_protocol::certificate::Purpose;
use gridkey_token::Tries;

/// When the tests look at the screen: 13 November 2026, 17:40:00 in Shanghai.
pub fn now() -> Timestamp {
    Timestamp::from_civil(jiff::civil::date(2026, 11, 13).at(17, 40, 0, 0))
}

/// The administrator's key at the gate.
pub fn key() -> KeyId {
    KeyId("software:desk".into())
}

/// The administrator's key at the server.
pub fn own_key() -> KeyName {
    [0xd5; 32].into()
}

/// The administrator's card.
pub fn card() -> AdminCard {
    AdminCard {
        id: key(),
        label: "desk-1".into(),
        serial: "00d35c01".into(),
        holder: Some(CardHolder {
            name: "desk-1".into(),
            kind: Purpose::Administrator,
            key: own_key(),
            serial: "4d2f".into(),
            not_before: now().plus_seconds(-86_400),
            not_after: now().plus_seconds(3 * 365 * 86_400),
        }),
        tries: Tries::NotTold,
        must_change_pin: false,
        pin_length: (6, 12),
        problem: None,
    }
}

/// The key of customer 1100000001 at the administrators' gate.
pub fn customers_card() -> AdminCard {
    let holder = card().holder.map(|holder| CardHolder {
        name: "1100000001".into(),
        kind: Purpose::UsbKey,
        key: [0xc1; 32].into(),
        ..holder
    });
    let problem = Some(Problem::CustomersKey("1100000001".into()));
    AdminCard { id: KeyId("software:customer".into()), serial: "00c0ffee".into(), holder, problem, ..card() }
}

fn at_gate(gate: Gate) -> Snapshot {
    Snapshot { gate, cards: vec![card()], ..Snapshot::default() }
}

/// No key is plugged in.
pub fn no_key() -> Snapshot {
    Snapshot { gate: Gate::Keys { problem: None }, ..Snapshot::default() }
}

/// A customer's key is plugged in.
pub fn customers_key() -> Snapshot {
    Snapshot { cards: vec![customers_card()], ..no_key() }
}

/// The PIN is asked for, after `problem`.
pub fn pin(problem: Option<Common>) -> Snapshot {
    at_gate(Gate::Pin { key: key(), problem: problem.map(Problem::Common) })
}

/// Inside, as `role`.
pub fn open(role: AdminRole) -> Snapshot {
    let me = Me {
        name: "desk-1".into(),
        role,
        key: own_key(),
        token: "00d35c01".into(),
        not_after: now().plus_seconds(3 * 365 * 86_400),
    };
    let connection = Connection::Online { since: now().plus_seconds(-600), session: "s1".into() };
    Snapshot { me: Some(me), connection, synced: Some(now()), ..at_gate(Gate::Open { key: key() }) }
}
