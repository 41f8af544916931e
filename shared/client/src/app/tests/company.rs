//! The power company's server, played: one customer with one bill, payments that the test pays.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gridkey_domain::{
    BillId, Fen, PaymentId, PaymentState, Timestamp,
    account::Account,
    arrears::{Arrears, Level},
    bill::{Bill, BillList, BillState, BillSummary},
    payment::{Method, Payment},
    usage::UsageSummary,
};
use gridkey_protocol::{
    ByteArray, ByteString, CloseCode,
    cbor::{self, Value},
    certificate::Purpose,
    crypto,
    frame::{OpError, PushKind, Request},
    ops::{
        account::{Settings, SettingsUpdate},
        alarms::ArrearsHistory,
        key::{Challenge, RenewBody, Renewed},
        payments::{PaymentBody, PaymentDetail, PaymentList, SubmitBody, Submitted},
    },
    order::{Order, SignedOrder},
    possession,
    receipt::{self, Receipt, SignedReceipt},
    testpki::{self, TestPki},
};
use gridkey_token::KeyKind;
use serde::Serialize;
use tokio::sync::mpsc;

use super::drawer::{self, FIRST_SEED};
use crate::{
    testing::{Greeting, Line, Peer},
    transport::ChannelError,
};

pub(super) const BILL: &str = "B-2016-01-M1";

/// An order at the server.
struct Known {
    order: Order,
    bytes: Vec<u8>,
    state: PaymentState,
    updated: Timestamp,
    /// How many bank pages were made.
    pages: u32,
}

/// What the server holds.
#[derive(Default)]
struct Books {
    known: Vec<Known>,
    settings: Settings,
    refusal: Option<CloseCode>,
    /// Certificates that are revoked.
    revoked: Vec<Vec<u8>>,
    /// Every operation asked for.
    asked: Vec<String>,
    /// Answers nothing to these.
    silent: Vec<&'static str>,
    newest: u64,
    changes: i64,
}

/// A message that the server sends by itself, or the end of the line.
enum Word {
    Push(u64, PushKind, Value),
    Cut(CloseCode),
}

/// The played server.
#[derive(Clone, Default)]
pub(super) struct Company {
    books: Arc<Mutex<Books>>,
    line: Arc<Mutex<Option<mpsc::UnboundedSender<Word>>>>,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn value(of: &impl Serialize) -> Value {
    cbor::to_value(of).unwrap()
}

fn fen(fen: u64) -> Fen {
    Fen::new(fen).unwrap()
}

impl Company {
    /// Serves every line until the test ends.
    pub(super) async fn serve(self, mut lines: mpsc::UnboundedReceiver<Line>) {
        let pki = TestPki::new();
        while let Some(line) = lines.recv().await {
            let refusal = lock(&self.books).refusal;
            if let Some(code) = refusal {
                let _ = line.to_client.send(Err(ChannelError::Closed(code)));
                continue;
            }
            let (say, mut words) = mpsc::unbounded_channel();
            *lock(&self.line) = Some(say);
            let newest = lock(&self.books).newest;
            // A line that was made to see whether somebody is there says no more.
            let greeting = Greeting { offset: newest, recovered: true };
            let revoked = |leaf: &[u8]| {
                let revoked = lock(&self.books).revoked.iter().any(|known| known == leaf);
                revoked.then_some(CloseCode::Revoked)
            };
            let Some(mut peer) = Peer::meet_if(line, &pki, greeting, revoked).await else { continue };
            loop {
                tokio::select! {
                    request = peer.request() => {
                        let Some(request) = request else { break };
                        let id = request.id;
                        match self.answer(&pki, request) {
                            Some(Ok(value)) => peer.answer(id, Ok(&value)),
                            Some(Err(error)) => peer.answer::<()>(id, Err(error)),
                            None => {}
                        }
                    }
                    Some(word) = words.recv() => match word {
                        Word::Push(offset, kind, body) => peer.push_of(offset, kind, &body),
                        Word::Cut(code) => {
                            peer.close(code);
                            break;
                        }
                    },
                }
            }
        }
    }

    /// Lets nobody in any more and ends the session there is; `None` lets in again.
    pub(super) fn refuse(&self, code: Option<CloseCode>) {
        lock(&self.books).refusal = code;
        if let Some(code) = code {
            self.say(Word::Cut(code));
        }
    }

    /// Revokes these certificates.
    pub(super) fn revoke(&self, certificates: Vec<Vec<u8>>) {
        lock(&self.books).revoked = certificates;
    }

    pub(super) fn is_silent_about(&self, ops: &[&'static str]) {
        lock(&self.books).silent = ops.to_vec();
    }

    pub(super) fn push(&self, kind: PushKind, body: &impl Serialize) {
        let offset = {
            let mut books = lock(&self.books);
            books.newest += 1;
            books.newest
        };
        self.say(Word::Push(offset, kind, value(body)));
    }

    fn say(&self, word: Word) {
        if let Some(line) = &*lock(&self.line) {
            let _ = line.send(word);
        }
    }

    /// The payer pays, or the bank says something else; the customer hears of it if `tell`.
    pub(super) fn bank_says(&self, payment: PaymentId, state: PaymentState, tell: bool) {
        let news = {
            let mut books = lock(&self.books);
            books.changes += 1;
            let changes = books.changes;
            let known = books.known.iter_mut().find(|known| known.order.id == payment).unwrap();
            known.state = state;
            known.updated = testpki::now().plus_seconds(changes);
            record(known)
        };
        if tell {
            self.push(PushKind::Payment, &news);
        }
    }

    pub(super) fn orders(&self) -> Vec<PaymentId> {
        lock(&self.books).known.iter().map(|known| known.order.id).collect()
    }

    /// How often an operation was asked for.
    pub(super) fn asked(&self, op: &str) -> usize {
        lock(&self.books).asked.iter().filter(|asked| *asked == op).count()
    }

    fn answer(&self, pki: &TestPki, request: Request) -> Option<Result<Value, OpError>> {
        let mut books = lock(&self.books);
        books.asked.push(request.op.clone());
        if books.silent.contains(&request.op.as_str()) {
            return None;
        }
        Some(books.answer(pki, request))
    }
}

impl Books {
    fn is_paid(&self) -> bool {
        self.known.iter().any(|known| known.state == PaymentState::Paid)
    }

    fn find(&mut self, body: Value) -> Result<&mut Known, OpError> {
        let body: PaymentBody = cbor::from_value(body).unwrap();
        let known = self.known.iter_mut().find(|known| known.order.id == body.payment);
        known.ok_or_else(|| OpError::fatal("not-found", "payment"))
    }

    fn answer(&mut self, pki: &TestPki, request: Request) -> Result<Value, OpError> {
        let open = if self.is_paid() { fen(0) } else { fen(5_000) };
        Ok(match request.op.as_str() {
            "account.get" => value(&account()),
            "settings.get" => value(&self.settings),
            "settings.update" => {
                let update: SettingsUpdate = cbor::from_value(request.body).unwrap();
                self.settings = self.settings.clone().with(update).unwrap();
                value(&self.settings)
            }
            "usage.summary" => value(&UsageSummary {
                month: "2026-11".parse().unwrap(),
                at: testpki::now(),
                running: fen(71_820_436),
                meters: Vec::new(),
            }),
            "bill.list" => value(&BillList { bills: vec![bill_summary(open)], next: None }),
            "bill.get" => value(&bill(open)),
            "arrears.get" => value(&Arrears { open: fen(0), late: fen(0), level: Level::None, bills: Vec::new() }),
            "arrears.history" => value(&ArrearsHistory { events: Vec::new(), next: None }),
            "payment.list" => value(&PaymentList { payments: self.known.iter().map(record).collect(), next: None }),
            "payment.get" => {
                let known = self.find(request.body)?;
                let receipt = (known.state == PaymentState::Paid).then(|| receipt_of(pki, known));
                value(&PaymentDetail::new(record(known), Vec::new(), receipt))
            }
            "payment.confirm" => value(&submitted(self.find(request.body)?)),
            "payment.submit" => {
                let body: SubmitBody = cbor::from_value(request.body).unwrap();
                value(&submitted(self.submit(pki, &body)))
            }
            "payment.cancel" => {
                let known = self.find(request.body)?;
                known.state = PaymentState::Cancelled;
                value(&PaymentDetail::new(record(known), Vec::new(), None))
            }
            "key.prepare" => value(&Challenge {
                challenge: ByteArray([7; 32]),
                ephemeral: ByteArray(crypto::x25519_public(&[8; 32])),
                name: "1100000001".into(),
                expires: testpki::now().plus_seconds(600),
            }),
            "key.renew" => value(&renewed(&cbor::from_value(request.body).unwrap())),
            "stream.ack" => Value::empty_map(),
            other => panic!("{other} is not played"),
        })
    }

    fn submit(&mut self, pki: &TestPki, body: &SubmitBody) -> &mut Known {
        let envelope = pki.leaf(Purpose::Envelope);
        let shared = envelope.agree(&crypto::sealed_box_ephemeral(body.sealed.as_ref()).unwrap());
        let plain = crypto::sealed_box_open(&envelope.public(), shared, body.sealed.as_ref()).unwrap();
        let (signed, order) = SignedOrder::from_bytes(&plain).unwrap();
        let at = self.known.iter().position(|known| known.order.id == order.id);
        let at = at.unwrap_or_else(|| {
            let bytes = signed.order.0;
            self.known.push(Known { order, bytes, state: PaymentState::Pending, updated: testpki::now(), pages: 0 });
            self.known.len() - 1
        });
        &mut self.known[at]
    }
}

/// Certifies the pairs that a key of the tests made, after looking at both proofs.
fn renewed(body: &RenewBody) -> Renewed {
    let asked = possession::read_request(body.request.as_ref()).unwrap();
    let find = |kind, public| {
        let made = (FIRST_SEED..=u8::MAX).map(|number| drawer::leaf(kind, number, 400));
        made.into_iter().find(|leaf| leaf.public() == public).expect("a key of the tests made it")
    };
    let signing = find(KeyKind::Ed25519, asked.public_key);
    let agreement = find(KeyKind::X25519, body.agreement.0);
    let shared = crypto::x25519(&[8; 32], &body.agreement.0).unwrap();
    let expected = possession::agreement_answer(&shared, &[7; 32], &asked.public_key, &body.agreement.0);
    assert_eq!((asked.challenge, &body.answer.0), ([7; 32], &*expected));
    Renewed {
        chain: signing.chain.iter().cloned().map(ByteString).collect(),
        agreement: ByteString(agreement.der().to_vec()),
    }
}

fn submitted(known: &mut Known) -> Submitted {
    let payable = known.state == PaymentState::Pending;
    let page = payable.then(|| {
        known.pages += 1;
        format!("https://pay.example/{}", known.pages)
    });
    Submitted { payment: known.order.id, state: known.state, page }
}

fn record(known: &Known) -> Payment {
    Payment {
        payment: known.order.id,
        method: Method::Gateway,
        state: known.state,
        created: known.order.created,
        updated: known.updated,
        amount: known.order.amount,
        bills: known.order.bills.iter().cloned().map(Into::into).collect(),
        reference: None,
        reason: None,
    }
}

fn receipt_of(pki: &TestPki, known: &Known) -> SignedReceipt {
    let stated = Receipt {
        v: 1,
        order: ByteArray(crypto::sha256(&[&known.bytes])),
        id: known.order.id,
        customer: known.order.customer.clone(),
        amount: known.order.amount,
        currency: "CNY".into(),
        state: "paid".into(),
        reference: "2026".into(),
        at: testpki::now(),
    };
    let leaf = pki.leaf(Purpose::Receipt);
    let bytes = cbor::encode(&stated);
    SignedReceipt {
        signature: ByteArray(leaf.sign(&receipt::message_to_sign(&bytes))),
        receipt: ByteString(bytes),
        chain: leaf.chain.iter().cloned().map(ByteString).collect(),
    }
}

fn account() -> Account {
    Account {
        customer: "1100000001".parse().unwrap(),
        name: "Riverside".into(),
        name_zh: String::new(),
        kind: "industrial".into(),
        grade: "A".into(),
        contact: String::new(),
        address: String::new(),
        balance: 0,
        meters: Vec::new(),
    }
}

pub(super) fn bill_id() -> BillId {
    BILL.parse().unwrap()
}

pub(super) fn bill_summary(open: Fen) -> BillSummary {
    BillSummary {
        bill: bill_id(),
        meter: "M1".parse().unwrap(),
        month: "2016-01".parse().unwrap(),
        issued: jiff::civil::date(2016, 2, 1),
        due: jiff::civil::date(2016, 2, 16),
        total: fen(5_000),
        open,
        state: if open == Fen::ZERO { BillState::Paid } else { BillState::Open },
    }
}

fn bill(open: Fen) -> Bill {
    let BillSummary { bill, meter, month, issued, due, total, open, state } = bill_summary(open);
    Bill {
        bill,
        customer: "1100000001".parse().unwrap(),
        meter,
        month,
        issued,
        due,
        kwh: Default::default(),
        kvarh: Default::default(),
        max_kw: Default::default(),
        pf: Default::default(),
        lines: Vec::new(),
        total,
        open,
        state,
        documents: vec!["csv".into()],
    }
}
