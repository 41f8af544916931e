//! A real value of every message, encoded as it would travel: for the grammar, the examples in the documents, and fuzzing.

mod admin;
mod messages;

pub use admin::{command, exchanges as admin_exchanges, signed_command};
use gridkey_domain::{
    Fen, PaymentId, PaymentState, Timestamp,
    account::{Account, AccountUpdate, Basic, Meter},
    arrears::{Arrears, ArrearsChange, ArrearsEvent, Level, OverdueBill},
    bill::{Bill, BillLine, BillList, BillState, BillSummary, LineKind},
    payment::{BillShare, Method, Payment, Transition},
    usage::{MeterUsage, Registers, Resolution, UsagePoint, UsageSeries, UsageSummary},
};
pub use messages::{Sample, all, pushes};
use serde::Serialize;

use super::{Leaf, TestPki, now};
use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, Value},
    certificate::Purpose,
    ops::{
        self, CustomerOp, Empty, Operation, Page,
        account::{Settings, SettingsUpdate},
        alarms::{Alarm, AlarmAcknowledged, AlarmBody, ArrearsHistory, StreamAckBody, StreamAcknowledged},
        bills::{BillBody, BillListBody, Document, DocumentBody},
        key::{Challenge, RenewBody, Renewed},
        payments::{
            Mandate, MandateBody, MandateList, MandateOpenBody, PaymentBody, PaymentDetail, PaymentList,
            PaymentListBody, SubmitBody, Submitted,
        },
        usage::SeriesBody,
    },
    order::{self, CURRENCY, Order, Share, SignedOrder},
    possession::RequestDraft,
    receipt::{self, Receipt, SignedReceipt},
};

/// An operation with bodies and results.
#[derive(Debug, Clone)]
pub struct Exchange<O = CustomerOp> {
    /// The operation.
    pub op: O,
    /// Request bodies; the first is the usual one.
    pub bodies: Vec<Value>,
    /// Results; the first is the usual one.
    pub results: Vec<Value>,
}

fn text<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text} is no {}", std::any::type_name::<T>()))
}

fn fen(amount: u64) -> Fen {
    Fen::new(amount).expect("a small amount")
}

fn at(at: &str) -> Timestamp {
    text(at)
}

/// The payment of every sample.
pub fn payment_id() -> PaymentId {
    PaymentId::from_parts(1_795_334_400_000, [0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0x2a])
}

/// An order of 1,234.56 yuan on one bill, signed by `key`.
pub fn order(key: &Leaf) -> Order {
    Order {
        v: 1,
        id: payment_id(),
        customer: text("1100000001"),
        bills: vec![Share { bill: text("B-2016-01-M1000000011"), amount: fen(123_456) }],
        amount: fen(123_456),
        currency: CURRENCY.into(),
        method: Method::Gateway,
        created: now(),
        not_after: now().plus_seconds(72 * 3600),
        key: ByteArray(key.fingerprint()),
    }
}

/// `order` signed by `key`.
pub fn signed_order(order: &Order, key: &Leaf) -> SignedOrder {
    let bytes = cbor::encode(order);
    SignedOrder {
        signature: ByteArray(key.sign(&order::message_to_sign(&bytes))),
        order: ByteString(bytes),
        chain: chain(key),
    }
}

/// The receipt of `order`.
pub fn signed_receipt(pki: &TestPki, order: &[u8]) -> SignedReceipt {
    let receipt = cbor::encode(&Receipt {
        v: 1,
        order: ByteArray(crate::crypto::sha256(&[order])),
        id: payment_id(),
        customer: text("1100000001"),
        amount: fen(123_456),
        currency: CURRENCY.into(),
        state: "paid".into(),
        reference: "826111220800000000018".into(),
        at: at("2026-11-22T08:01:07Z"),
    });
    let key = pki.leaf(Purpose::Receipt);
    SignedReceipt {
        signature: ByteArray(key.sign(&receipt::message_to_sign(&receipt))),
        receipt: ByteString(receipt),
        chain: chain(&key),
    }
}

fn chain(leaf: &Leaf) -> Vec<ByteString> {
    leaf.chain.iter().cloned().map(ByteString).collect()
}

fn account() -> Account {
    Account {
        customer: text("1100000001"),
        name: "Example Steel Works".into(),
        name_zh: "示例钢铁厂".into(),
        kind: "industrial".into(),
        grade: "A".into(),
        contact: "+86 10 5550 0101".into(),
        address: "1 Furnace Road".into(),
        balance: 0,
        meters: vec![Meter {
            meter: text("M1000000011"),
            basic: Basic::Capacity,
            capacity_kva: text("800.00"),
            voltage_kv: text("10.00"),
        }],
    }
}

fn registers() -> Registers {
    Registers {
        sharp: text("1200.00"),
        peak: text("25310.25"),
        flat: text("30120.50"),
        valley: text("18040.75"),
        total: text("74671.50"),
    }
}

fn summary(state: BillState) -> BillSummary {
    BillSummary {
        bill: text("B-2016-01-M1000000011"),
        meter: text("M1000000011"),
        month: text("2016-01"),
        issued: text("2016-02-01"),
        due: text("2016-02-16"),
        total: fen(6_543_210),
        open: if state == BillState::Paid { Fen::ZERO } else { fen(123_456) },
        state,
    }
}

fn bill() -> Bill {
    let BillSummary { bill, meter, month, issued, due, total, open, state } = summary(BillState::Overdue);
    let line = |kind, quantity, price, amount| BillLine { kind, quantity: text(quantity), price: text(price), amount };
    Bill {
        bill,
        customer: text("1100000001"),
        meter,
        month,
        issued,
        due,
        kwh: registers(),
        kvarh: text("20110.10"),
        max_kw: text("181.44"),
        pf: text("0.97"),
        lines: vec![
            line(LineKind::Sharp, "1200.00", "1.2700", 152_400),
            line(LineKind::Capacity, "800.00", "25.0000", 2_000_000),
            line(LineKind::PowerFactor, "62000.00", "-0.0075", -46_500),
            line(LineKind::Late, "15500.00", "0.0020", 3_100),
        ],
        total,
        open,
        state,
        documents: vec!["csv".into()],
    }
}

fn event(change: ArrearsChange, level: Level) -> ArrearsEvent {
    ArrearsEvent {
        alarm: "A-1100000001-1".into(),
        at: at("2016-02-16T16:00:00Z"),
        change,
        level,
        open: fen(123_456),
        late: fen(246),
    }
}

fn payment(state: PaymentState) -> Payment {
    let paid = state == PaymentState::Paid;
    Payment {
        payment: payment_id(),
        method: Method::Gateway,
        state,
        created: now(),
        updated: at("2026-11-22T08:01:07Z"),
        amount: fen(123_456),
        bills: vec![BillShare { bill: text("B-2016-01-M1000000011"), amount: fen(123_456) }],
        reference: paid.then(|| "826111220800000000018".into()),
        reason: reason(state).map(Into::into),
    }
}

const fn reason(state: PaymentState) -> Option<&'static str> {
    match state {
        PaymentState::Paid => Some("gateway-confirmed"),
        PaymentState::Refused => Some("gateway-refused"),
        PaymentState::Cancelled => Some("by-customer"),
        PaymentState::Refunding => Some("refund-asked"),
        PaymentState::Refunded => Some("gateway-refunded"),
        _ => None,
    }
}

fn detail(state: PaymentState) -> PaymentDetail {
    let step = |state, at, reason: &str| Transition { state, at, reason: reason.into() };
    let mut history = vec![
        step(PaymentState::Submitted, now(), "submitted"),
        step(PaymentState::Pending, at("2026-11-22T08:00:01Z"), ""),
    ];
    let pki = TestPki::new();
    let order = cbor::encode(&order(&pki.leaf(Purpose::UsbKey)));
    if matches!(state, PaymentState::Refunding | PaymentState::Refunded) {
        history.push(step(PaymentState::Paid, at("2026-11-22T08:00:07Z"), "gateway-confirmed"));
    }
    if state == PaymentState::Refunded {
        history.push(step(PaymentState::Refunding, at("2026-11-22T08:01:00Z"), "refund-asked"));
    }
    if state != PaymentState::Pending {
        history.push(step(state, at("2026-11-22T08:01:07Z"), reason(state).unwrap_or_default()));
    }
    let was_paid = matches!(state, PaymentState::Paid | PaymentState::Refunding | PaymentState::Refunded);
    let receipt = was_paid.then(|| signed_receipt(&pki, &order));
    let mut detail = PaymentDetail::new(payment(state), history, receipt);
    if let Some(refund) = detail.refund.as_mut().filter(|refund| refund.done.is_some()) {
        refund.reference = Some("826111220800070000028".into());
    }
    detail
}

fn mandate() -> Mandate {
    Mandate { mandate: "m-1".into(), account: "Example Bank ···6789".into(), limit: fen(10_000_000), created: now() }
}

/// An exchange of the operation `O`.
fn exchange<O: Operation>(op: CustomerOp, bodies: &[O::Body], results: &[O::Result]) -> Exchange {
    assert_eq!(op.name(), O::NAME);
    Exchange { op, bodies: bodies.iter().map(value).collect(), results: results.iter().map(value).collect() }
}

fn value<T: Serialize>(message: &T) -> Value {
    cbor::to_value(message).expect("samples are of the contract's CBOR")
}

/// The exchange of every operation for customers.
pub fn exchanges() -> Vec<Exchange> {
    CustomerOp::ALL.iter().map(|op| exchange_of(*op)).collect()
}

#[expect(clippy::too_many_lines, reason = "one arm an operation")]
fn exchange_of(op: CustomerOp) -> Exchange {
    let pki = TestPki::new();
    let next = || Some("2016-01".to_owned());
    let asked = PaymentBody { payment: payment_id() };
    match op {
        CustomerOp::AccountGet => exchange::<ops::AccountGet>(op, &[Empty {}], &[account()]),
        CustomerOp::AccountUpdate => {
            let contact = AccountUpdate { contact: Some("+86 10 5550 0101".into()), address: None };
            let address = AccountUpdate { contact: None, address: Some("炉前路1号".into()) };
            exchange::<ops::AccountUpdate>(op, &[contact, address], &[Account { balance: -1, ..account() }])
        }
        CustomerOp::SettingsGet => exchange::<ops::SettingsGet>(op, &[Empty {}], &[Settings::default()]),
        CustomerOp::SettingsUpdate => {
            let language = SettingsUpdate { locale: Some("zh-CN".into()), ..SettingsUpdate::default() };
            let all = SettingsUpdate {
                locale: Some("en".into()),
                notify_arrears: Some(true),
                notify_bills: Some(false),
                notify_payments: Some(true),
            };
            let result = Settings { locale: "zh-CN".into(), ..Settings::default() };
            exchange::<ops::SettingsUpdate>(op, &[language, all, SettingsUpdate::default()], &[result])
        }
        CustomerOp::UsageSummary => {
            let meter = MeterUsage {
                meter: text("M1000000011"),
                kvarh: text("20110.10"),
                max_kw: text("181.44"),
                pf: text("0.97"),
                kwh: registers(),
                running: fen(6_543_210),
            };
            let summary = UsageSummary {
                month: text("2016-01"),
                at: at("2016-01-22T08:00:00Z"),
                running: fen(6_543_210),
                meters: vec![meter],
            };
            let none = UsageSummary { meters: vec![], running: Fen::ZERO, ..summary.clone() };
            exchange::<ops::UsageSummary>(op, &[Empty {}], &[summary, none])
        }
        CustomerOp::UsageSeries => {
            let body = SeriesBody {
                meter: text("M1000000011"),
                from: text("2016-01-01"),
                to: text("2016-01-31"),
                resolution: Resolution::Day,
                next: None,
            };
            let point = UsagePoint {
                start: at("2015-12-31T16:00:00Z"),
                kwh: text("2408.76"),
                kvarh: text("648.71"),
                max_kw: text("181.44"),
            };
            let series = |resolution, next| UsageSeries {
                meter: text("M1000000011"),
                resolution,
                points: vec![point.clone()],
                next,
            };
            let bodies = [
                body.clone(),
                SeriesBody { resolution: Resolution::QuarterHour, next: next(), ..body.clone() },
                SeriesBody { resolution: Resolution::Hour, ..body.clone() },
                SeriesBody { resolution: Resolution::Month, ..body },
            ];
            let results = [series(Resolution::Day, None), series(Resolution::QuarterHour, next())];
            exchange::<ops::UsageSeries>(op, &bodies, &results)
        }
        CustomerOp::BillList => {
            let all = [BillState::Open, BillState::Overdue, BillState::InPayment, BillState::Paid];
            let list = BillList { bills: vec![summary(BillState::Overdue)], next: None };
            let every = BillList { bills: all.map(summary).to_vec(), next: next() };
            let page = BillListBody { next: next(), limit: Some(200) };
            exchange::<ops::BillList>(op, &[BillListBody { next: None, limit: Some(50) }, page], &[list, every])
        }
        CustomerOp::BillGet => {
            exchange::<ops::BillGet>(op, &[BillBody { bill: text("B-2016-01-M1000000011") }], &[bill()])
        }
        CustomerOp::BillDocument => {
            let body = DocumentBody { bill: text("B-2016-01-M1000000011"), format: "csv".into() };
            let document = Document {
                bill: body.bill.clone(),
                format: "csv".into(),
                media_type: "text/csv; charset=utf-8".into(),
                file_name: "B-2016-01-M1000000011.csv".into(),
                content: ByteString(b"kind,quantity,price,amount\r\n".to_vec()),
            };
            exchange::<ops::BillDocument>(op, &[body], &[document])
        }
        CustomerOp::ArrearsGet => {
            let bill = OverdueBill {
                bill: text("B-2016-01-M1000000011"),
                due: text("2016-02-16"),
                days: 1,
                open: fen(123_456),
                late: fen(246),
            };
            let some = Arrears { open: fen(123_456), late: fen(246), level: Level::Reminder, bills: vec![bill] };
            let none = Arrears { open: Fen::ZERO, late: Fen::ZERO, level: Level::None, bills: vec![] };
            exchange::<ops::ArrearsGet>(op, &[Empty {}], &[some, none])
        }
        CustomerOp::ArrearsHistory => {
            let alarm = |change, level, acknowledged| Alarm { event: event(change, level), acknowledged };
            let history =
                ArrearsHistory { events: vec![alarm(ArrearsChange::Raised, Level::Reminder, None)], next: None };
            let every = ArrearsHistory {
                events: vec![
                    alarm(ArrearsChange::Cleared, Level::None, Some(now())),
                    alarm(ArrearsChange::Eased, Level::Warning, None),
                    alarm(ArrearsChange::Escalated, Level::Final, None),
                ],
                next: next(),
            };
            exchange::<ops::ArrearsHistory>(op, &[Page::default(), Page { next: next() }], &[history, every])
        }
        CustomerOp::AlarmAck => {
            let body = AlarmBody { alarm: "A-1100000001-1".into() };
            let result = AlarmAcknowledged { alarm: body.alarm.clone(), acknowledged: now() };
            exchange::<ops::AlarmAck>(op, &[body], &[result])
        }
        CustomerOp::PaymentSubmit => {
            let (key, envelope) = (pki.leaf(Purpose::UsbKey), pki.leaf(Purpose::Envelope));
            let sealed = signed_order(&order(&key), &key).seal(&envelope.public(), &[0x5e; 32]).expect("a good key");
            let body = SubmitBody { to: ByteArray(envelope.fingerprint()), sealed: ByteString(sealed) };
            exchange::<ops::PaymentSubmit>(op, &[body], &submitted())
        }
        CustomerOp::PaymentConfirm => exchange::<ops::PaymentConfirm>(op, &[asked], &submitted()),
        CustomerOp::PaymentCancel => exchange::<ops::PaymentCancel>(op, &[asked], &[detail(PaymentState::Cancelled)]),
        CustomerOp::PaymentGet => {
            let states = PaymentState::ALL.into_iter().filter(|state| *state != PaymentState::Queued);
            let mut results = vec![detail(PaymentState::Paid)];
            results.extend(states.map(detail));
            exchange::<ops::PaymentGet>(op, &[asked], &results)
        }
        CustomerOp::PaymentList => {
            let body = PaymentListBody { before: None, next: None, limit: Some(20) };
            let all = PaymentListBody { before: Some(payment_id()), next: next(), limit: None };
            let list = PaymentList { payments: vec![payment(PaymentState::Paid)], next: None };
            let on_account = Payment { bills: vec![], method: Method::Mandate, ..payment(PaymentState::Refused) };
            let more = PaymentList { payments: vec![on_account], next: next() };
            exchange::<ops::PaymentList>(op, &[body, all], &[list, more])
        }
        CustomerOp::MandateList => {
            let none = MandateList { mandates: vec![], next: None };
            let some = MandateList { mandates: vec![mandate()], next: next() };
            exchange::<ops::MandateList>(op, &[Page::default(), Page { next: next() }], &[none, some])
        }
        CustomerOp::MandateOpen => {
            exchange::<ops::MandateOpen>(op, &[MandateOpenBody { limit: fen(10_000_000) }], &[mandate()])
        }
        CustomerOp::MandateDelete => {
            exchange::<ops::MandateDelete>(op, &[MandateBody { mandate: "m-1".into() }], &[mandate()])
        }
        CustomerOp::StreamAck => {
            exchange::<ops::StreamAck>(op, &[StreamAckBody { offset: 7 }], &[StreamAcknowledged { offset: 7 }])
        }
        CustomerOp::KeyPrepare => exchange::<ops::KeyPrepare>(op, &[Empty {}], &[challenge()]),
        CustomerOp::KeyRenew => {
            let (request, agreement) = request(&pki.leaf(Purpose::UsbKey));
            let body = RenewBody {
                request,
                agreement,
                answer: ByteArray([8; 32]),
                signature: ByteArray(pki.leaf(Purpose::UsbKey).sign(b"renewal")),
            };
            let renewed = Renewed {
                chain: chain(&pki.leaf(Purpose::UsbKey)),
                agreement: ByteString(pki.leaf(Purpose::Agreement).der().to_vec()),
            };
            exchange::<ops::KeyRenew>(op, &[body], &[renewed])
        }
    }
}

fn challenge() -> Challenge {
    Challenge {
        challenge: ByteArray([0x4c; 32]),
        ephemeral: ByteArray(crate::crypto::x25519_public(&[6; 32])),
        name: "1100000001".into(),
        expires: at("2026-11-22T08:10:00Z"),
    }
}

/// A request of `key` that answers [`challenge`], and an X25519 key beside it.
fn request(key: &Leaf) -> (ByteString, ByteArray<32>) {
    let draft = RequestDraft::new("1100000001", &key.public(), &challenge().challenge.0).expect("a plain name");
    let signature = key.sign(draft.to_sign());
    (ByteString(draft.finish(&signature).expect("it encodes")), ByteArray(crate::crypto::x25519_public(&[7; 32])))
}

fn submitted() -> Vec<Submitted> {
    let page = "https://pay.example.com/pay/w3bB0kJm1cYlZ0d2mQp8y7sVtq5e4rTnXuAiOoLfKgI";
    let with_page = Submitted { payment: payment_id(), state: PaymentState::Pending, page: Some(page.into()) };
    let paid = Submitted { state: PaymentState::Paid, page: None, ..with_page.clone() };
    vec![with_page, paid]
}
