//! Keys, tokens and jobs for the tests of these screens.

use std::time::Duration;

use gridkey_desk::{
    issue::{Holder, IssueOrder},
    office::{
        Handover, IssuedPin, Job, JobState, JobView, KeyName, KeyQuery, MakeStep, Making, Paged, Phase, PinLetter,
        ReaderToken, Readers, Section, Snapshot, StepState, StepView, TokenId,
    },
};
use gridkey_domain::{
    CustomerNo, Timestamp,
    account::Account,
    key::{AdminRole, KeyState, KeyTransition},
};
use gridkey_protocol::{
    ByteString,
    frame::Role,
    ops::admin::{
        customers::{CustomerDetail, CustomerLine},
        keys::{KeyDetail, KeyLife},
        sessions::LiveSession,
    },
};

use crate::{
    fixture::{now, open, own_key},
    route::Route,
    testing::Face,
    views::parts::both,
};

const DAY: Duration = Duration::from_secs(86_400);

/// `days` from now; before now if negative.
pub(crate) fn in_days(days: i64) -> Timestamp {
    now().plus_seconds(days * i64::try_from(DAY.as_secs()).unwrap())
}

/// The customer whose keys are looked at.
pub(crate) fn customer() -> CustomerNo {
    "1100000001".parse().unwrap()
}

/// Another one.
pub(crate) fn other_customer() -> CustomerNo {
    "1100000002".parse().unwrap()
}

/// The name of key number `number`.
pub(crate) fn name(number: u8) -> KeyName {
    let mut bytes = [0; 32];
    for (byte, step) in bytes.iter_mut().zip(0_u8..) {
        *byte = number.wrapping_mul(37).wrapping_add(step.wrapping_mul(29));
    }
    bytes.into()
}

/// A customer's key in `state`.
pub(crate) fn key(number: u8, state: KeyState) -> KeyDetail {
    KeyDetail {
        key: name(number),
        serial: ByteString(name(number.wrapping_add(100)).0[..16].to_vec()),
        role: Role::Customer,
        customer: (state != KeyState::Issued).then(customer),
        name: customer().to_string(),
        admin: None,
        state,
        since: in_days(-i64::from(number)),
        reason: "handed-over".into(),
        not_before: in_days(-200),
        not_after: in_days(530),
        token: Some(format!(
            "{:08x}5d91{:04x}",
            0x3c1a_90b4_u32.wrapping_mul(number.into()),
            0x7a00 + u16::from(number)
        )),
        succeeds: None,
        successor: None,
    }
}

/// An administrator's key.
pub(crate) fn admin_key(number: u8, post: &str, role: AdminRole) -> KeyDetail {
    let key = key(number, KeyState::Bound);
    KeyDetail { role: Role::Admin, admin: Some(role), customer: None, name: post.into(), ..key }
}

/// The key of the administrator at the desk.
pub(crate) fn own(role: AdminRole) -> KeyDetail {
    KeyDetail { key: own_key(), ..admin_key(1, "desk-1", role) }
}

/// Keys of every state.
pub(crate) fn keys() -> Vec<KeyDetail> {
    let mut soon = key(4, KeyState::Bound);
    (soon.customer, soon.name) = (Some(other_customer()), other_customer().to_string());
    soon.not_after = in_days(12);
    let mut lost = key(5, KeyState::Lost);
    lost.reason = "left in a taxi".into();
    let mut replaced = key(6, KeyState::Replaced);
    replaced.successor = Some(name(2));
    vec![
        key(2, KeyState::Bound),
        key(3, KeyState::Issued),
        soon,
        lost,
        replaced,
        key(7, KeyState::Revoked),
        key(8, KeyState::Unbound),
        key(9, KeyState::Expired),
        own(AdminRole::Operator),
        admin_key(10, "vault-1", AdminRole::SecurityOfficer),
    ]
}

/// A key with its life: issued and bound by a colleague, then what its state says, by the one at the desk.
pub(crate) fn life(detail: &KeyDetail) -> KeyLife {
    let step = |state, days, actor: String, reason: &str| KeyTransition {
        state,
        at: in_days(days),
        actor,
        reason: reason.into(),
    };
    let mut history = vec![step(KeyState::Issued, -200, name(10).to_string(), "issued")];
    if detail.state != KeyState::Issued {
        history.push(step(KeyState::Bound, -199, name(10).to_string(), "handed-over"));
    }
    if detail.state.is_ended() {
        history.push(step(detail.state, -5, own_key().to_string(), &detail.reason));
    }
    KeyLife { key: detail.clone(), history, chain: Vec::new() }
}

/// The customer with these keys.
pub(crate) fn with_keys(keys: Vec<KeyDetail>) -> CustomerDetail {
    CustomerDetail {
        account: Account {
            customer: customer(),
            name: "Huadong Precision Castings".into(),
            name_zh: "华东精密铸造有限公司".into(),
            kind: "industrial".into(),
            grade: "A".into(),
            contact: "021-5550-0110".into(),
            address: "1 Furnace Road, Shanghai".into(),
            balance: 0,
            meters: Vec::new(),
        },
        keys,
    }
}

/// A section that is known.
pub(crate) fn known<T>(value: T) -> Section<T> {
    Section::known(value, now(), true)
}

/// A desk of this role that knows the keys.
pub(crate) fn desk(role: AdminRole) -> Snapshot {
    let mut snapshot = open(role);
    snapshot.company.name = Some("Gridkey Demo Power".into());
    snapshot.company.support = Some("95598".into());
    snapshot.keys.insert(KeyQuery::default(), known(Paged::whole(keys())));
    let admins = keys().into_iter().filter(|key| key.role == Role::Admin).collect();
    snapshot.keys.insert(KeyQuery { admins: Some(true), ..KeyQuery::default() }, known(Paged::whole(admins)));
    for key in keys() {
        snapshot.key.insert(key.key, known(life(&key)));
    }
    let session = LiveSession {
        session: "s-17".into(),
        role: Role::Customer,
        customer: Some(customer()),
        key: name(2),
        since: now().plus_seconds(-3600),
        agent: "gridkey-app/0.1.0".into(),
        address: None,
        heard: None,
    };
    snapshot.sessions = known(vec![session]);
    let line = |number: CustomerNo, name: &str, name_zh: &str| CustomerLine {
        customer: number,
        name: name.into(),
        name_zh: name_zh.into(),
        grade: "A".into(),
    };
    let lines = vec![
        line(customer(), "Huadong Precision Castings", "华东精密铸造有限公司"),
        line(other_customer(), "Linjiang Cold Storage", "临江冷链仓储有限公司"),
    ];
    snapshot.customers.insert(String::new(), known(Paged::whole(lines)));
    snapshot.customer.insert(customer(), known(with_keys(vec![key(2, KeyState::Bound), key(5, KeyState::Lost)])));
    snapshot
}

/// A blank token.
pub(crate) fn blank(id: &str) -> ReaderToken {
    ReaderToken {
        id: TokenId(id.into()),
        reader: "SoftHSM slot 3".into(),
        blank: true,
        label: String::new(),
        serial: String::new(),
        model: "SoftHSM v2".into(),
        pin_length: (4, 255),
        locked: false,
        holder: None,
    }
}

/// A token that was set up.
pub(crate) fn used(id: &str) -> ReaderToken {
    ReaderToken {
        blank: false,
        label: "1100000001".into(),
        serial: "00c0ffee5d917a02".into(),
        reader: "SoftHSM slot 1".into(),
        ..blank(id)
    }
}

/// These tokens are in the readers.
pub(crate) fn readers(tokens: Vec<ReaderToken>) -> Readers {
    Readers { known: true, tokens, problem: None }
}

/// A job for `customer`.
pub(crate) fn job(customer: &CustomerNo, name: &str) -> Job {
    let order = IssueOrder { holder: Holder::Customer(customer.clone()), replaces: None, bind: true };
    Job { order, label: customer.to_string(), name: name.into() }
}

/// The steps, `done` of them done and the next in `state`.
pub(crate) fn steps(done: usize, state: StepState) -> Vec<StepView> {
    use MakeStep::{Bind, Challenge, Issue, Pairs, Prove, SetUp, Write};
    let state = |place: usize| match place.cmp(&done) {
        std::cmp::Ordering::Less => StepState::Done,
        std::cmp::Ordering::Equal => state,
        std::cmp::Ordering::Greater => StepState::Waiting,
    };
    let all = [SetUp, Pairs, Challenge, Prove, Issue, Write, Bind];
    all.into_iter().enumerate().map(|(place, step)| StepView { step, state: state(place) }).collect()
}

/// A job in `state` with these steps.
pub(crate) fn view(job: Job, state: JobState, steps: Vec<StepView>) -> JobView {
    JobView { job, state, steps, serial: Some("00c0ffee5d917a02".into()) }
}

/// One key being made.
pub(crate) fn one(state: JobState, steps: Vec<StepView>, phase: Phase) -> Making {
    let job = view(job(&customer(), "Huadong Precision Castings"), state, steps);
    let current = (phase != Phase::Finished).then_some(0);
    Making { jobs: vec![job], current, phase, stopping: false }
}

/// What goes to the holder of key number `number`, its letter still open.
pub(crate) fn handover(number: u8) -> Handover {
    let key = key(number, KeyState::Bound);
    let letter = PinLetter {
        holder: "1100000001 Huadong Precision Castings".into(),
        label: "1100000001".into(),
        serial: "00c0ffee5d917a02".into(),
        pin: IssuedPin::new(zeroize::Zeroizing::new("40718265".to_owned())),
        at: now(),
    };
    Handover { key, label: "1100000001".into(), by: "desk-1".into(), at: now(), letter: Some(Box::new(letter)) }
}

/// As [`both`], and no sentence has a hole, no word is a message's name.
pub(crate) fn looks(name: &str, route: &Route, snapshot: &Snapshot, act: impl Fn(&mut Face)) {
    both(name, route, snapshot, |face| {
        act(face);
        let text = face.text();
        let names = ["keys-", "audit-", "admin-settings-"].into_iter().filter(|prefix| {
            text.split_whitespace().any(|word| word.starts_with(prefix) && !word.contains(['.', '/']))
        });
        let names: Vec<&str> = names.collect();
        assert!(!text.contains(['{', '}']) && names.is_empty(), "{name}: {names:?}: {text}");
    });
}
