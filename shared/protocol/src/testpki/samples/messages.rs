//! Pushes, and every message with the rule it follows.

use gridkey_domain::{
    PaymentState,
    arrears::{ArrearsChange, Level},
    bill::BillState,
    payment::Method,
};

use super::{
    Exchange, admin_exchanges, command, event, exchanges, order, payment, signed_command, signed_order, signed_receipt,
    summary, value,
};
use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, Value},
    certificate::Purpose,
    frame::{OpError, Push, PushKind, Request, Response, ServerFrame},
    handshake::{Proof, Resume},
    ops::{
        self,
        push::{AccountChanged, KeyChanged, Notice},
    },
    order::Order,
    testpki::{Meeting, TestPki, now, welcome},
};

/// A message.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The rule of the grammar that it follows.
    pub rule: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A push of every kind.
pub fn pushes() -> Vec<Push> {
    let key = TestPki::new().leaf(Purpose::UsbKey).fingerprint();
    let renewed = KeyChanged { key: ByteArray(key), event: "expiring".into(), not_after: Some(now()) };
    let bodies = [
        (PushKind::Arrears, value(&event(ArrearsChange::Raised, Level::Reminder))),
        (PushKind::Bill, value(&summary(BillState::Open))),
        (PushKind::Payment, value(&payment(PaymentState::Paid))),
        (PushKind::Account, value(&AccountChanged { fields: vec!["contact".into()] })),
        (
            PushKind::Notice,
            value(&Notice { title: "Maintenance".into(), text: "On Sunday from 02:00 to 04:00.".into() }),
        ),
        (PushKind::Key, value(&renewed)),
        (PushKind::Key, value(&KeyChanged { not_after: None, event: "bound".into(), ..renewed })),
    ];
    (1..).zip(bodies).map(|(offset, (kind, body))| Push { offset, at: now(), kind, body }).collect()
}

/// Every message with the rule it follows.
pub fn all() -> Vec<Sample> {
    let mut meeting = Meeting::new();
    let mut all = Vec::new();
    let mut add = |rule: &str, bytes: Vec<u8>| all.push(Sample { rule: rule.into(), bytes });
    for resume in [None, Some(Resume { epoch: ByteArray([9; 16]), offset: 6 })] {
        meeting.resume = resume;
        let (_, hello) = meeting.server();
        let (authenticate, _) = meeting.answer(&hello).expect("both sides agree");
        add("hello", hello);
        add("authenticate", authenticate);
        let parts = meeting.proof(b"");
        add(
            "proof",
            cbor::encode(&Proof {
                chain: parts.chain.into_iter().map(ByteString).collect(),
                signature: ByteArray(parts.signature),
                resume,
                agent: parts.agent,
                locale: parts.locale,
            }),
        );
    }
    let mut unbound = Meeting::new();
    unbound.server_exporter = None;
    add("hello", unbound.server().1);

    add("welcome-frame", ServerFrame::Welcome(welcome(7, true)).to_bytes());
    let admin = crate::frame::Welcome { role: crate::frame::Role::Admin, customer: None, ..welcome(0, false) };
    add("welcome-frame", ServerFrame::Welcome(admin).to_bytes());
    for (id, Exchange { op, bodies, results }) in (1..).zip(exchanges()) {
        let rule = op.name().replace('.', "-");
        for body in bodies {
            add(&format!("op-{rule}-body"), cbor::encode(&body));
            add("request", cbor::encode(&Request { id, op: op.name().into(), body }));
        }
        for result in results {
            add(&format!("op-{rule}-result"), cbor::encode(&result));
            add("response-ok", ServerFrame::Response(Response { id, outcome: Ok(result) }).to_bytes());
        }
    }
    for (id, Exchange { op, bodies, results }) in (1..).zip(admin_exchanges()) {
        let rule = op.name().replace('.', "-");
        for body in bodies {
            add(&format!("op-{rule}-body"), cbor::encode(&body));
            let body = if op.is_act() {
                add(
                    "act",
                    cbor::encode(&Value::Map(vec![
                        ("op".into(), Value::Text(op.name().into())),
                        ("body".into(), body.clone()),
                    ])),
                );
                let command = command(op.name(), body);
                add("command", cbor::encode(&command));
                value(&signed_command(&command))
            } else {
                body
            };
            add("admin-request", cbor::encode(&Request { id, op: op.name().into(), body }));
        }
        for result in results {
            add(&format!("op-{rule}-result"), cbor::encode(&result));
        }
    }
    for error in [
        OpError::fatal(ops::error::BAD_REQUEST, "bill: text expected, not an integer"),
        OpError::passing(ops::error::UNAVAILABLE, "a part of the service is away; try again"),
    ] {
        add("response-error", ServerFrame::Response(Response { id: 1, outcome: Err(error) }).to_bytes());
    }
    for push in pushes() {
        add("push-frame", ServerFrame::Push(push).to_bytes());
    }
    let key = meeting.key;
    let order_ = order(&key);
    let on_account = Order { bills: vec![], method: Method::Mandate, ..order_.clone() };
    for order in [order_, on_account] {
        add("order", cbor::encode(&order));
        add("signed-order", cbor::encode(&signed_order(&order, &key)));
    }
    let signed = signed_receipt(&meeting.pki, b"order");
    add("receipt", signed.receipt.0.clone());
    add("signed-receipt", cbor::encode(&signed));
    all
}
