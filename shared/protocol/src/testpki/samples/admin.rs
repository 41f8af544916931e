//! Exchanges of administrators.

use gridkey_domain::{
    Fen, PaymentState,
    arrears::{ArrearsChange, Level},
    bill::{BillList, BillState},
    key::{AdminRole, KeyState, KeyTransition},
};

use super::{
    Exchange, account, at, chain, challenge, detail, event, payment, payment_id, request, summary, text, value,
};
use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, Value},
    certificate::Purpose,
    command::{Command, SignedCommand, message_to_sign},
    frame::Role,
    ops::{
        self, AdminOp, Empty, Operation, Page,
        admin::{
            audit::{Crl, Entry, EntryPage, ExportBody, ListBody, Verdict},
            bills::{ArrearsLine, ArrearsPage, BillPushBody, BillPushed},
            customers::{
                CreateBody, CustomerBody, CustomerDetail, CustomerLine, CustomerList, PageBody, SearchBody, UpdateBody,
            },
            keys::{
                AdminName, BindBody, ChallengeBody, EndBody, Ended, IssueBody, Issued, KeyBody, KeyDetail, KeyLife,
                KeyListBody, KeyPage, ReplaceBody, Replaced,
            },
            payments::{self, PaymentLine, PaymentPage, RefundBody, StoryBody},
            sessions::{Cut, CutBody, LiveSession, SessionPage},
            status::{
                AuditState, CrlState, InArrears, KeyCount, Keys, LodgedHead, LoginHour, Logins, PaidHour, Part,
                Payments, Sessions, Status,
            },
        },
        alarms::{Alarm, ArrearsHistory},
    },
    testpki::{TestPki, now},
};

const KEY: ByteArray<32> = ByteArray([0x0d; 32]);
const OTHER: ByteArray<32> = ByteArray([0x0e; 32]);
const REASON: &str = "left in a taxi";

/// A command of the administrator of every sample.
pub fn command(op: &str, body: Value) -> Command {
    let key = ByteArray(TestPki::new().leaf(Purpose::Administrator).fingerprint());
    Command { v: 1, op: op.into(), body, session: "s-2a".into(), number: 1, at: now(), key }
}

/// `command` signed by that administrator.
pub fn signed_command(command: &Command) -> SignedCommand {
    let bytes = cbor::encode(command);
    let signature = TestPki::new().leaf(Purpose::Administrator).sign(&message_to_sign(&bytes));
    SignedCommand { command: ByteString(bytes), signature: ByteArray(signature) }
}

fn key(state: KeyState) -> KeyDetail {
    KeyDetail {
        key: KEY,
        serial: ByteString(vec![0x41; 16]),
        role: Role::Customer,
        customer: (state != KeyState::Issued).then(|| text("1100000001")),
        name: "1100000001".into(),
        admin: None,
        state,
        since: now(),
        reason: "handed-over".into(),
        not_before: now(),
        not_after: at("2029-11-21T08:00:00Z"),
        token: Some("5f1c2a9be3d04477".into()),
        succeeds: None,
        successor: None,
    }
}

fn admin_key() -> KeyDetail {
    KeyDetail {
        role: Role::Admin,
        customer: None,
        name: "desk-3".into(),
        admin: Some(AdminRole::Operator),
        token: None,
        ..key(KeyState::Bound)
    }
}

fn entry() -> Entry {
    Entry {
        number: 7,
        at: now(),
        event: "key.lost".into(),
        actor: crate::bytes::hex(&OTHER.0),
        customer: Some(text("1100000001")),
        facts: ByteString(vec![0xa0]),
        content: ByteString(vec![0xa5]),
        previous: ByteArray([1; 32]),
        hash: ByteArray([2; 32]),
    }
}

fn exchange<O: Operation>(op: AdminOp, bodies: &[O::Body], results: &[O::Result]) -> Exchange<AdminOp> {
    assert_eq!(op.name(), O::NAME);
    Exchange { op, bodies: bodies.iter().map(value).collect(), results: results.iter().map(value).collect() }
}

/// The exchange of every operation for administrators. The bodies of acts are those inside their commands.
pub fn exchanges() -> Vec<Exchange<AdminOp>> {
    AdminOp::ALL.iter().map(|op| exchange_of(*op)).collect()
}

/// The first page of what a customer has, and a further one.
fn pages() -> (PageBody, PageBody) {
    let first = PageBody { customer: text("1100000001"), next: None };
    let further = PageBody { next: Some("next".into()), ..first.clone() };
    (first, further)
}

fn exchange_of(op: AdminOp) -> Exchange<AdminOp> {
    match op {
        AdminOp::StatusGet => exchange::<ops::StatusGet>(op, &[Empty {}], &[status(), bad_status()]),
        AdminOp::CustomerSearch
        | AdminOp::CustomerGet
        | AdminOp::CustomerCreate
        | AdminOp::CustomerUpdate
        | AdminOp::CustomerBills
        | AdminOp::CustomerAlarms
        | AdminOp::BillPush
        | AdminOp::ArrearsList
        | AdminOp::PaymentSearch
        | AdminOp::PaymentStory
        | AdminOp::PaymentRefund => of_customers(op),
        AdminOp::SessionList | AdminOp::SessionCut => of_sessions(op),
        AdminOp::AuditList | AdminOp::AuditVerify | AdminOp::AuditExport | AdminOp::CrlGet => of_evidence(op),
        _ => of_keys(op),
    }
}

fn of_keys(op: AdminOp) -> Exchange<AdminOp> {
    let pki = TestPki::new();
    let end = EndBody { key: KEY, reason: REASON.into() };
    let ended = |state| Ended { key: key(state), sessions: 1, orders: 2 };
    match op {
        AdminOp::KeyChallenge => {
            let customer = ChallengeBody { customer: Some(text("1100000001")), admin: None };
            let name = AdminName { name: "desk-3".into(), role: AdminRole::Operator };
            let admin = ChallengeBody { customer: None, admin: Some(name) };
            exchange::<ops::KeyChallenge>(op, &[customer, admin], &[challenge()])
        }
        AdminOp::KeyIssue => {
            let (request, agreement) = request(&pki.leaf(Purpose::UsbKey));
            let customer = IssueBody {
                request: request.clone(),
                agreement: Some(agreement),
                answer: Some(ByteArray([8; 32])),
                token: Some("5f1c2a9be3d04477".into()),
            };
            let admin = IssueBody { request, agreement: None, answer: None, token: None };
            let issued = Issued {
                key: key(KeyState::Issued),
                chain: chain(&pki.leaf(Purpose::UsbKey)),
                agreement: Some(ByteString(pki.leaf(Purpose::Agreement).der().to_vec())),
            };
            let of_admin = Issued { key: admin_key(), agreement: None, ..issued.clone() };
            exchange::<ops::KeyIssue>(op, &[customer, admin], &[issued, of_admin])
        }
        AdminOp::KeyBind => {
            let customer = BindBody { key: KEY, customer: Some(text("1100000001")) };
            let admin = BindBody { key: KEY, customer: None };
            exchange::<ops::KeyBind>(op, &[customer, admin], &[key(KeyState::Bound), admin_key()])
        }
        AdminOp::KeyUnbind => exchange::<ops::KeyUnbind>(op, &[end], &[ended(KeyState::Unbound)]),
        AdminOp::KeyLost => exchange::<ops::KeyLost>(op, &[end], &[ended(KeyState::Lost)]),
        AdminOp::KeyRevoke => exchange::<ops::KeyRevoke>(op, &[end], &[ended(KeyState::Revoked)]),
        AdminOp::KeyReplace => {
            let body = ReplaceBody { old: KEY, new: OTHER, reason: "the case is broken".into() };
            let new = KeyDetail { key: OTHER, succeeds: Some(KEY), ..key(KeyState::Bound) };
            let old = KeyDetail { successor: Some(OTHER), ..key(KeyState::Replaced) };
            exchange::<ops::KeyReplace>(op, &[body], &[Replaced { old, new, sessions: 1 }])
        }
        AdminOp::KeyList => {
            let some = KeyListBody { customer: Some(text("1100000001")), ..KeyListBody::default() };
            let all = KeyListBody {
                state: Some(KeyState::Bound),
                role: Some(Role::Customer),
                ending_before: Some(now()),
                next: Some("next".into()),
                limit: Some(50),
                ..some.clone()
            };
            let keys = KeyState::ALL.map(key).to_vec();
            let page = KeyPage { keys: vec![key(KeyState::Bound)], next: None };
            let more = KeyPage { keys, next: Some("next".into()) };
            exchange::<ops::KeyList>(op, &[some, all, KeyListBody::default()], &[page, more])
        }
        AdminOp::KeyGet => {
            let step = |state, reason: &str| KeyTransition {
                state,
                at: now(),
                actor: crate::bytes::hex(&OTHER.0),
                reason: reason.into(),
            };
            let history = vec![step(KeyState::Issued, "issued"), step(KeyState::Bound, "handed-over")];
            let life = KeyLife { key: key(KeyState::Bound), history, chain: chain(&pki.leaf(Purpose::UsbKey)) };
            exchange::<ops::KeyGet>(op, &[KeyBody { key: KEY }], &[life])
        }
        _ => panic!("{op:?} is not about keys"),
    }
}

fn of_sessions(op: AdminOp) -> Exchange<AdminOp> {
    if op == AdminOp::SessionCut {
        let body = CutBody { session: "s-2a".into(), reason: "asked for by telephone".into() };
        return exchange::<ops::SessionCut>(op, &[body], &[Cut { session: "s-2a".into() }]);
    }
    let customer = LiveSession {
        session: "s-2a".into(),
        role: Role::Customer,
        customer: Some(text("1100000001")),
        key: KEY,
        since: now(),
        agent: "gridkey/0.1.0".into(),
        address: Some("192.0.2.7".into()),
        heard: Some(now()),
    };
    let admin = LiveSession { role: Role::Admin, customer: None, address: None, heard: None, ..customer.clone() };
    let page = SessionPage { sessions: vec![customer, admin], next: None };
    let more = SessionPage { sessions: vec![], next: Some("42".into()) };
    let bodies = [Page::default(), Page { next: Some("42".into()) }];
    exchange::<ops::SessionList>(op, &bodies, &[page, more])
}

fn status() -> Status {
    let amount = |amount| Fen::new(amount).expect("a small amount");
    let part = |name: &str, milliseconds| Part { name: name.into(), ok: true, milliseconds, fault: None };
    let hour = at("2026-11-22T08:00:00Z");
    Status {
        at: now(),
        version: "0.1.0".into(),
        started: at("2026-11-22T07:30:00Z"),
        sessions: Sessions { customers: 12, administrators: 1 },
        logins: Logins { today: 31, failed_today: 2, hours: vec![LoginHour { from: hour, logins: 31, failed: 2 }] },
        payments: Payments {
            today: 1,
            amount_today: amount(123_456),
            hours: vec![PaidHour { from: hour, count: 1, amount: amount(123_456) }],
            open: 3,
            unknown: 0,
            refunding: 0,
        },
        arrears: Some(InArrears { customers: 2, open: amount(246_912), late: amount(492), at: now() }),
        keys: Keys { states: vec![KeyCount { state: KeyState::Bound, count: 12 }], ending: 1 },
        parts: vec![part("hsm", 1), part("store", 2), part("platform", 6)],
        crl: Some(CrlState { number: 7, made: now(), next: at("2026-11-23T08:00:00Z"), entries: 4 }),
        audit: AuditState { entries: 8, lodged: Some(LodgedHead { entries: 7, hash: ByteArray([2; 32]), at: now() }) },
    }
}

fn bad_status() -> Status {
    let fault = Some("the platform can't be reached".into());
    Status {
        arrears: None,
        parts: vec![Part { name: "platform".into(), ok: false, milliseconds: 5_000, fault }],
        crl: None,
        audit: AuditState { entries: 0, lodged: None },
        logins: Logins::default(),
        payments: Payments::default(),
        keys: Keys::default(),
        ..status()
    }
}

fn of_customers(op: AdminOp) -> Exchange<AdminOp> {
    let full = CustomerDetail { account: account(), keys: vec![key(KeyState::Bound)] };
    let page = || Page { next: Some("1100000002".into()) };
    match op {
        AdminOp::CustomerSearch => {
            let body = SearchBody { text: "11000".into(), next: None };
            let next = SearchBody { next: Some("1100000001".into()), ..body.clone() };
            let line = CustomerLine {
                customer: text("1100000001"),
                name: "Example Steel Works".into(),
                name_zh: "示例钢铁厂".into(),
                grade: "A".into(),
            };
            let list = CustomerList { customers: vec![line], next: None };
            let more = CustomerList { customers: vec![], next: Some("1100000001".into()) };
            exchange::<ops::CustomerSearch>(op, &[body, next], &[list, more])
        }
        AdminOp::CustomerGet => {
            let body = CustomerBody { customer: text("1100000001") };
            exchange::<ops::CustomerGet>(op, &[body], &[full])
        }
        AdminOp::CustomerCreate => {
            let body = CreateBody {
                customer: text("1100000009"),
                name: "Example Paper Mill".into(),
                name_zh: "示例造纸厂".into(),
                kind: "industrial".into(),
                grade: "B".into(),
                contact: "+86 10 5550 0109".into(),
                address: "9 River Road".into(),
                meters: account().meters,
            };
            let without = CreateBody { meters: vec![], ..body.clone() };
            exchange::<ops::CustomerCreate>(op, &[body, without], &[CustomerDetail { keys: vec![], ..full }])
        }
        AdminOp::CustomerUpdate => {
            let contact =
                UpdateBody { customer: text("1100000001"), contact: Some("+86 10 5550 0102".into()), address: None };
            let address = UpdateBody { contact: None, address: Some("炉前路1号".into()), ..contact.clone() };
            exchange::<ops::CustomerUpdate>(op, &[contact, address], &[full])
        }
        AdminOp::CustomerBills => {
            let (first, further) = pages();
            let list = BillList { bills: vec![summary(BillState::Overdue)], next: Some("next".into()) };
            exchange::<ops::CustomerBills>(op, &[first, further], &[list])
        }
        AdminOp::CustomerAlarms => {
            let (first, further) = pages();
            let alarm = Alarm { event: event(ArrearsChange::Raised, Level::Reminder), acknowledged: Some(now()) };
            let list = ArrearsHistory { events: vec![alarm], next: None };
            exchange::<ops::CustomerAlarms>(op, &[first, further], &[list])
        }
        AdminOp::BillPush => {
            let bill = || text("B-2016-01-M1000000011");
            let body = BillPushBody { customer: text("1100000001"), bill: bill() };
            exchange::<ops::BillPush>(op, &[body], &[BillPushed { bill: bill(), offset: 8 }])
        }
        AdminOp::ArrearsList => {
            let amount = |amount| Fen::new(amount).expect("a small amount");
            let line = ArrearsLine {
                customer: text("1100000001"),
                open: amount(123_456),
                late: amount(246),
                level: Level::Reminder,
            };
            let list = ArrearsPage { customers: vec![line], next: None };
            let more = ArrearsPage { customers: vec![], next: Some("1100000002".into()) };
            exchange::<ops::ArrearsList>(op, &[Page::default(), page()], &[list, more])
        }
        AdminOp::PaymentSearch => {
            let of_customer = payments::SearchBody { customer: Some(text("1100000001")), ..Default::default() };
            let all = payments::SearchBody {
                state: Some(PaymentState::Unknown),
                next: Some("01a2".into()),
                ..of_customer.clone()
            };
            let line = PaymentLine { customer: text("1100000001"), payment: payment(PaymentState::Paid) };
            let list = PaymentPage { payments: vec![line], next: None };
            let more = PaymentPage { payments: vec![], next: Some("01a2".into()) };
            exchange::<ops::PaymentSearch>(op, &[of_customer, all], &[list, more])
        }
        AdminOp::PaymentStory => {
            let body = StoryBody { customer: text("1100000001"), payment: payment_id() };
            exchange::<ops::PaymentStory>(op, &[body], &[detail(PaymentState::Unknown), detail(PaymentState::Paid)])
        }
        AdminOp::PaymentRefund => {
            let body = RefundBody {
                customer: text("1100000001"),
                payment: payment_id(),
                reason: "paid for another meter".into(),
            };
            exchange::<ops::PaymentRefund>(
                op,
                &[body],
                &[detail(PaymentState::Refunding), detail(PaymentState::Refunded)],
            )
        }
        _ => panic!("{op:?} is not about customers"),
    }
}

fn of_evidence(op: AdminOp) -> Exchange<AdminOp> {
    let nobodys = Entry { customer: None, ..entry() };
    let page = EntryPage { entries: vec![entry()], next: None };
    let more = EntryPage { entries: vec![nobodys], next: Some(8) };
    match op {
        AdminOp::AuditList => {
            let body = ListBody { from: Some(7), limit: Some(50) };
            exchange::<ops::AuditList>(op, &[body, ListBody::default()], &[page, more])
        }
        AdminOp::AuditVerify => {
            let good = Verdict { ok: true, entries: 8, lodged: Some(7), fault: None };
            let bad = Verdict { ok: false, entries: 3, lodged: None, fault: Some("entry 3 was changed".into()) };
            exchange::<ops::AuditVerify>(op, &[Empty {}], &[good, bad])
        }
        AdminOp::AuditExport => {
            let case = ExportBody { customer: Some(text("1100000001")), ..ExportBody::default() };
            let one = ExportBody { payment: Some(payment_id()), from: Some(7), ..case.clone() };
            exchange::<ops::AuditExport>(op, &[case, one], &[page, more])
        }
        AdminOp::CrlGet => exchange::<ops::CrlGet>(op, &[Empty {}], &[Crl { crl: ByteString(vec![0x30, 0x00]) }]),
        _ => panic!("{op:?} is not about evidence"),
    }
}
