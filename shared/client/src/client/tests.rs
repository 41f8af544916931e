//! The client against a server that the test plays, over the line that the test holds.

use std::{
    collections::VecDeque,
    path::Path,
    sync::{Mutex, PoisonError, atomic::Ordering},
};

use gridkey_domain::{
    BillId, Fen, PaymentState,
    account::Account,
    bill::{Bill, BillList, BillState},
    payment::{Method, Payment},
};
use gridkey_protocol::{
    CloseCode,
    cbor::{self, Value},
    certificate::Purpose,
    crypto,
    frame::{OpError, Request},
    ops::payments::{PaymentBody, PaymentDetail, PaymentList, SubmitBody, Submitted},
    order::{Order, SignedOrder},
    testpki::{self, TestPki},
};
use tokio::sync::mpsc;

use super::*;
use crate::{
    queue::{Intent, OrderRecord},
    session::CallError,
    testing::{Greeting, Line, LineConnector, MemoryToken, Peer, clock},
};

/// What the played server does with the next submissions; after the last it behaves.
#[derive(Debug, Clone, Copy)]
enum Trick {
    /// Carries it out and hangs up before the answer.
    HangUp,
    /// Stores nothing.
    Unavailable,
    /// Refuses for good.
    Refuse,
}

#[derive(Default)]
struct Company {
    tricks: VecDeque<Trick>,
    orders: Vec<(SignedOrder, Order)>,
    refusal: Option<CloseCode>,
}

type Shared = Arc<Mutex<Company>>;

fn lock(company: &Shared) -> std::sync::MutexGuard<'_, Company> {
    company.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bill(open: u64) -> Bill {
    Bill {
        bill: "B-2016-01-M1".parse().unwrap(),
        customer: "1100000001".parse().unwrap(),
        meter: "M1".parse().unwrap(),
        month: "2016-01".parse().unwrap(),
        issued: jiff::civil::date(2016, 2, 1),
        due: jiff::civil::date(2016, 2, 16),
        kwh: Default::default(),
        kvarh: Default::default(),
        max_kw: Default::default(),
        pf: Default::default(),
        lines: Vec::new(),
        total: Fen::new(5_000).unwrap(),
        open: Fen::new(open).unwrap(),
        state: BillState::Open,
        documents: vec!["csv".to_owned()],
    }
}

fn value(of: &impl Serialize) -> Value {
    cbor::to_value(of).unwrap()
}

impl Company {
    /// The answer; `None` hangs up.
    fn handle(&mut self, pki: &TestPki, request: Request) -> Option<Result<Value, OpError>> {
        Some(Ok(match request.op.as_str() {
            "account.get" => value(&Account {
                customer: "1100000001".parse().unwrap(),
                name: "Riverside".into(),
                name_zh: String::new(),
                kind: "industrial".into(),
                grade: "A".into(),
                contact: String::new(),
                address: String::new(),
                balance: 0,
                meters: Vec::new(),
            }),
            "bill.get" => value(&bill(5_000)),
            "bill.list" => value(&BillList { bills: Vec::new(), next: None }),
            "payment.list" => value(&PaymentList {
                payments: self.orders.iter().map(|(_, order)| payment(order)).collect(),
                next: None,
            }),
            "payment.get" | "payment.confirm" => {
                let body: PaymentBody = cbor::from_value(request.body).unwrap();
                match self.orders.iter().find(|(_, order)| order.id == body.payment) {
                    Some((_, order)) if request.op == "payment.get" => {
                        value(&PaymentDetail::new(payment(order), Vec::new(), None))
                    }
                    Some((_, order)) => value(&submitted(order)),
                    None => return Some(Err(OpError::fatal("not-found", "no such payment"))),
                }
            }
            "payment.submit" => return self.submit(pki, &cbor::from_value(request.body).unwrap()),
            other => panic!("{other} is not played"),
        }))
    }

    fn submit(&mut self, pki: &TestPki, body: &SubmitBody) -> Option<Result<Value, OpError>> {
        let envelope = pki.leaf(Purpose::Envelope);
        assert_eq!(body.to.0, envelope.fingerprint());
        let shared = envelope.agree(&crypto::sealed_box_ephemeral(body.sealed.as_ref()).unwrap());
        let plain = crypto::sealed_box_open(&envelope.public(), shared, body.sealed.as_ref()).unwrap();
        let (signed, order) = SignedOrder::from_bytes(&plain).unwrap();
        signed.verify(&order, &pki.anchor(), testpki::now()).unwrap();
        let trick = self.tricks.pop_front();
        match trick {
            Some(Trick::Unavailable) => return Some(Err(OpError::passing("unavailable", "later"))),
            Some(Trick::Refuse) => return Some(Err(OpError::fatal("already-paid", "is paid"))),
            Some(Trick::HangUp) | None => {}
        }
        match self.orders.iter().find(|(_, known)| known.id == order.id) {
            Some((known, _)) => assert_eq!(known.order, signed.order, "the same bytes every time"),
            None => self.orders.push((signed, order.clone())),
        }
        match trick {
            Some(Trick::HangUp) => None,
            _ => Some(Ok(value(&submitted(&order)))),
        }
    }
}

fn submitted(order: &Order) -> Submitted {
    Submitted { payment: order.id, state: PaymentState::Pending, page: Some("https://pay.example/1".into()) }
}

fn payment(order: &Order) -> Payment {
    Payment {
        payment: order.id,
        method: Method::Gateway,
        state: PaymentState::Pending,
        created: order.created,
        updated: testpki::now(),
        amount: order.amount,
        bills: order.bills.iter().cloned().map(Into::into).collect(),
        reference: None,
        reason: None,
    }
}

/// Serves every line until the test ends.
async fn serve(company: Shared, mut lines: mpsc::UnboundedReceiver<Line>) {
    let pki = TestPki::new();
    while let Some(line) = lines.recv().await {
        let refusal = lock(&company).refusal;
        if let Some(code) = refusal {
            let _ = line.to_client.send(Err(crate::transport::ChannelError::Closed(code)));
            continue;
        }
        let mut peer = Peer::shake_hands(line, &pki, Greeting { offset: 0, recovered: false }).await;
        while let Some(request) = peer.request().await {
            let id = request.id;
            let answer = lock(&company).handle(&pki, request);
            match answer {
                Some(Ok(value)) => peer.answer(id, Ok(&value)),
                Some(Err(error)) => peer.answer::<()>(id, Err(error)),
                None => break,
            }
        }
    }
}

struct Fixture {
    company: Shared,
    connector: Arc<LineConnector>,
    token: MemoryToken,
    client: Client,
}

impl Fixture {
    async fn new(folder: &Path) -> Self {
        let company = Shared::default();
        let (connector, lines) = LineConnector::new();
        tokio::spawn(serve(Arc::clone(&company), lines));
        let token = MemoryToken::new(&TestPki::new());
        let client = client(folder, &token).await;
        Self { company, connector, token, client }
    }

    async fn connect(&mut self) -> Result<Arc<Online>, Arc<SessionFailure>> {
        let wish =
            Wish { follow: false, reconnect: false, allow_unbound: false, agent: "test/1".into(), locale: "en".into() };
        self.client.connect(Arc::clone(&self.connector) as Arc<dyn Connector>, wish).await
    }

    /// The program ends without a word and starts again.
    async fn restart(&mut self, folder: &Path) {
        self.client = client(folder, &self.token).await;
    }

    fn signatures(&self) -> u64 {
        self.token.signatures.load(Ordering::Relaxed)
    }

    async fn record(&self) -> OrderRecord {
        let mut records = self.client.orders().await.unwrap();
        assert_eq!(records.len(), 1);
        records.remove(0)
    }
}

async fn client(folder: &Path, token: &MemoryToken) -> Client {
    let anchor = Arc::new(TestPki::new().anchor());
    let key = token.usb_key(&anchor);
    Client::new(ClientParts {
        store: Store::open(folder, &key).await.unwrap(),
        key,
        anchor,
        caps: Caps { per_order: Fen::new(10_000).unwrap(), queued: Fen::new(10_000).unwrap() },
        order_seconds: 72 * 3600,
        clock: clock(),
    })
}

fn request() -> PayRequest {
    PayRequest::Bills(vec![("B-2016-01-M1".parse::<BillId>().unwrap(), None)])
}

#[tokio::test]
async fn an_order_is_signed_sealed_and_submitted_once_and_shown_when_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(folder.path()).await;
    fixture.connect().await.unwrap();
    let outcome = fixture.client.pay(request(), Intent::Now).await.unwrap();
    let PayOutcome::Submitted(view) = outcome else { panic!("{outcome:?}") };
    assert_eq!((view.state, view.amount.get()), (PaymentState::Pending, 5_000));
    assert!(view.page.is_some());
    let signed = fixture.signatures();
    let again = fixture.client.pay(request(), Intent::Now).await.unwrap();
    assert!(matches!(&again, PayOutcome::Existing(existing) if existing.payment == view.payment), "{again:?}");
    assert_eq!(fixture.signatures(), signed, "nothing was signed again");
    assert_eq!(lock(&fixture.company).orders.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_outcome_unknown_and_the_same_order_is_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(folder.path()).await;
    fixture.connect().await.unwrap();
    lock(&fixture.company).tricks.push_back(Trick::HangUp);
    let error = fixture.client.pay(request(), Intent::Now).await.unwrap_err();
    assert!(matches!(error, PayError::OutcomeUnknown(_)), "{error}");
    assert!(fixture.record().await.in_doubt);

    fixture.restart(folder.path()).await;
    let offline = fixture.client.pay(request(), Intent::Queue).await.unwrap();
    assert!(matches!(offline, PayOutcome::Existing(view) if view.in_doubt));
    fixture.connect().await.unwrap();
    let sent = fixture.client.send_queue(true).await.unwrap();
    assert!(matches!(&sent[..], [Sent::Taken(view)] if view.state == PaymentState::Pending), "{sent:?}");
    assert_eq!(lock(&fixture.company).orders.len(), 1);
    assert!(!fixture.record().await.in_doubt);
}

#[tokio::test]
async fn an_order_to_be_paid_now_is_given_up_when_the_server_cannot_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(folder.path()).await;
    fixture.connect().await.unwrap();
    lock(&fixture.company).tricks.push_back(Trick::Unavailable);
    let error = fixture.client.pay(request(), Intent::Now).await.unwrap_err();
    assert!(matches!(error, PayError::GivenUp { .. }), "{error}");
    assert_eq!(fixture.record().await.state, PaymentState::Cancelled);
    assert!(matches!(fixture.client.pay(request(), Intent::Now).await, Ok(PayOutcome::Submitted(_))));
}

#[tokio::test]
async fn without_a_session_nothing_is_signed_to_be_paid_now() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = Fixture::new(folder.path()).await;
    let error = fixture.client.pay(request(), Intent::Now).await.unwrap_err();
    assert!(matches!(error, PayError::Client(ClientError::Offline)), "{error}");
    assert_eq!((fixture.signatures(), fixture.client.orders().await.unwrap().len()), (0, 0));
}

#[tokio::test]
async fn a_queued_order_survives_the_program_and_goes_out_with_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(folder.path()).await;
    let error = fixture.client.pay(request(), Intent::Queue).await.unwrap_err();
    assert!(matches!(error, PayError::AmountUnknown(_)), "nothing is known offline yet: {error}");
    fixture.connect().await.unwrap();
    fixture.client.bill(&"B-2016-01-M1".parse().unwrap()).await.unwrap();
    fixture.client.close().await;

    fixture.restart(folder.path()).await;
    let outcome = fixture.client.pay(request(), Intent::Queue).await.unwrap();
    assert!(matches!(&outcome, PayOutcome::Queued(view) if view.state == PaymentState::Queued), "{outcome:?}");
    let kept = fixture.record().await;

    fixture.restart(folder.path()).await;
    lock(&fixture.company).tricks.extend([Trick::Unavailable, Trick::HangUp]);
    fixture.connect().await.unwrap();
    let put_off = fixture.client.send_queue(true).await.unwrap();
    assert!(matches!(&put_off[..], [Sent::Waiting(view, CallError::Refused(_))] if !view.in_doubt), "{put_off:?}");
    // By itself it waits its time; by hand it does not.
    assert!(fixture.client.send_queue(false).await.unwrap().is_empty());
    let lost = fixture.client.send_queue(true).await.unwrap();
    assert!(matches!(&lost[..], [Sent::Waiting(view, CallError::Lost)] if view.in_doubt), "{lost:?}");

    fixture.restart(folder.path()).await;
    fixture.connect().await.unwrap();
    let view = fixture.client.confirm(kept.id).await.unwrap();
    assert_eq!(view.state, PaymentState::Pending);
    assert_eq!(
        lock(&fixture.company).orders.iter().map(|(signed, _)| signed.clone()).collect::<Vec<_>>(),
        [kept.signed]
    );
}

#[tokio::test]
async fn a_refusal_is_final_and_frees_the_bill_for_another_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(folder.path()).await;
    fixture.connect().await.unwrap();
    lock(&fixture.company).tricks.push_back(Trick::Refuse);
    let error = fixture.client.pay(request(), Intent::Now).await.unwrap_err();
    assert!(matches!(&error, PayError::Refused { error, .. } if error.code == "already-paid"), "{error}");
    let record = fixture.record().await;
    assert_eq!((record.state, record.reason.as_deref()), (PaymentState::Refused, Some("already-paid")));
    assert!(fixture.client.send_queue(true).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_queued_order_can_be_withdrawn_without_a_network() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(folder.path()).await;
    fixture.connect().await.unwrap();
    fixture.client.close().await;
    let amount = Fen::new(700).unwrap();
    fixture.client.pay(PayRequest::OnAccount(amount), Intent::Queue).await.unwrap();
    let id = fixture.record().await.id;
    assert_eq!(fixture.client.cancel(id).await.unwrap().state, PaymentState::Cancelled);
    assert!(fixture.client.cancel(id).await.is_err());
    let too_much = PayRequest::OnAccount(Fen::new(10_001).unwrap());
    assert!(matches!(fixture.client.pay(too_much, Intent::Queue).await, Err(PayError::Admit(_))));
}

#[tokio::test]
async fn the_same_payment_on_account_asked_for_twice_at_once_is_one_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(folder.path()).await;
    fixture.connect().await.unwrap();
    fixture.client.close().await;
    let pay = || fixture.client.pay(PayRequest::OnAccount(Fen::new(700).unwrap()), Intent::Queue);
    let (first, second) = tokio::join!(pay(), pay());
    let outcomes = [first.unwrap(), second.unwrap()];
    let queued = outcomes.iter().filter(|outcome| matches!(outcome, PayOutcome::Queued(_))).count();
    assert_eq!((queued, fixture.client.orders().await.unwrap().len()), (1, 1), "{outcomes:?}");
}

#[tokio::test]
async fn what_was_read_is_there_offline_with_its_age_but_not_for_a_key_that_is_not_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(folder.path()).await;
    assert!(matches!(fixture.client.account().await, Err(ClientError::Offline)));
    fixture.connect().await.unwrap();
    assert!(fixture.client.account().await.unwrap().live);

    fixture.restart(folder.path()).await;
    lock(&fixture.company).refusal = Some(CloseCode::Unavailable);
    fixture.connect().await.unwrap_err();
    let kept = fixture.client.account().await.unwrap();
    assert_eq!((kept.live, kept.at, kept.value.name.as_str()), (false, testpki::now(), "Riverside"));

    fixture.restart(folder.path()).await;
    lock(&fixture.company).refusal = Some(CloseCode::Lost);
    fixture.connect().await.unwrap_err();
    let refused = fixture.client.account().await;
    assert!(matches!(&refused, Err(ClientError::Session(failure)) if failure.is_not_allowed_in()), "{refused:?}");
}

#[tokio::test]
async fn a_receipt_changed_by_one_bit_is_not_genuine() {
    use gridkey_protocol::{ByteArray, ByteString, receipt};
    let pki = TestPki::new();
    let stated = receipt::Receipt {
        v: 1,
        order: ByteArray([1; 32]),
        id: gridkey_domain::PaymentId::from_parts(1, [2; 10]),
        customer: "1100000001".parse().unwrap(),
        amount: Fen::new(5_000).unwrap(),
        currency: "CNY".into(),
        state: "paid".into(),
        reference: "2026".into(),
        at: testpki::now(),
    };
    let leaf = pki.leaf(Purpose::Receipt);
    let bytes = cbor::encode(&stated);
    let signed = receipt::SignedReceipt {
        signature: ByteArray(leaf.sign(&receipt::message_to_sign(&bytes))),
        receipt: ByteString(bytes),
        chain: leaf.chain.iter().cloned().map(ByteString).collect(),
    };
    let file = cbor::encode(&signed);
    assert_eq!(VerifiedReceipt::from_file(&file, &pki.anchor()).unwrap().receipt, stated);
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(VerifiedReceipt::from_file(&changed, &pki.anchor()).is_err(), "byte {at}");
    }
    assert!(VerifiedReceipt::from_file(&file, &TestPki::with_seed(9).anchor()).is_err());
}
