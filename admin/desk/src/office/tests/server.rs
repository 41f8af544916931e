//! The administrators' listener, played: who is inside, what was asked, what was signed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use gridkey_client::transport::{ChannelError, Incoming};
use gridkey_domain::{
    CustomerNo,
    account::Account,
    key::{AdminRole, KeyState},
};
use gridkey_protocol::{
    ByteArray, ByteString, CloseCode,
    cbor::{self, Value},
    certificate::Purpose,
    command::{Place, SignedCommand},
    crypto::Secret32,
    frame::{OpError, Request, Role, Welcome},
    handshake::{HelloParts, ServerHandshake},
    ops::{
        Page,
        admin::{
            audit::{Entry, EntryPage, ListBody},
            customers::{CreateBody, CustomerBody, CustomerDetail, CustomerLine, CustomerList, SearchBody},
            keys::{
                AdminName, BindBody, ChallengeBody, EndBody, Ended, IssueBody, Issued, KeyBody, KeyDetail, KeyLife,
            },
            sessions::{CutBody, LiveSession, SessionPage},
        },
        error,
        key::Challenge,
    },
    session::{Incoming as FromClient, ServerSession},
    testpki::{self, Leaf, TestPki},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::mpsc;

use super::{
    keys::lock,
    line::{EXPORTER, Line},
};

/// What the server holds.
struct Books {
    role: Option<AdminRole>,
    refusal: Option<CloseCode>,
    /// Every operation asked for; acts as they were signed.
    asked: Vec<String>,
    /// Answers nothing to these.
    silent: Vec<&'static str>,
    customers: Vec<CustomerDetail>,
    keys: Vec<KeyDetail>,
    sessions: Vec<LiveSession>,
    holder: Option<AdminName>,
    for_customer: Option<CustomerNo>,
    logins: u32,
}

/// The played server.
#[derive(Clone)]
pub(super) struct Server {
    books: Arc<Mutex<Books>>,
    line: Arc<Mutex<Option<mpsc::UnboundedSender<CloseCode>>>>,
}

fn value(of: &impl Serialize) -> Value {
    cbor::to_value(of).unwrap()
}

fn read<T: DeserializeOwned + Serialize>(body: Value) -> T {
    cbor::from_value(body).unwrap()
}

pub(super) fn customer(number: &str, name: &str) -> CustomerDetail {
    let account = Account {
        customer: number.parse().unwrap(),
        name: name.into(),
        name_zh: name.into(),
        kind: "industrial".into(),
        grade: "A".into(),
        contact: "1".into(),
        address: "2".into(),
        balance: 0,
        meters: Vec::new(),
    };
    CustomerDetail { account, keys: Vec::new() }
}

fn admin() -> Leaf {
    TestPki::new().leaf(Purpose::Administrator)
}

pub(super) fn key(name: &str, of: u8, state: KeyState) -> KeyDetail {
    KeyDetail {
        key: ByteArray([of; 32]),
        serial: ByteString(vec![of]),
        role: Role::Customer,
        customer: name.parse().ok(),
        name: name.into(),
        admin: None,
        state,
        since: testpki::now(),
        reason: "test".into(),
        not_before: testpki::now(),
        not_after: testpki::now().plus_seconds(1000),
        token: None,
        succeeds: None,
        successor: None,
    }
}

impl Server {
    pub(super) fn new(role: AdminRole) -> Self {
        let books = Books {
            role: Some(role),
            refusal: None,
            asked: Vec::new(),
            silent: Vec::new(),
            customers: vec![customer("1100000001", "Dairy"), customer("1100000002", "Mill")],
            keys: vec![key("1100000001", 1, KeyState::Bound)],
            sessions: Vec::new(),
            holder: None,
            for_customer: None,
            logins: 0,
        };
        Self { books: Arc::new(Mutex::new(books)), line: Arc::default() }
    }

    /// Lets nobody in any more and ends the session there is; `None` lets in again.
    pub(super) fn refuse(&self, code: Option<CloseCode>) {
        lock(&self.books).refusal = code;
        if let Some(code) = code {
            self.cut(code);
        }
    }

    /// Ends the session there is.
    pub(super) fn cut(&self, code: CloseCode) {
        if let Some(line) = &*lock(&self.line) {
            let _ = line.send(code);
        }
    }

    /// The store knows this key as nobody's.
    pub(super) fn forget_admin(&self) {
        lock(&self.books).role = None;
    }

    pub(super) fn be_silent_about(&self, op: &'static str) {
        lock(&self.books).silent.push(op);
    }

    pub(super) fn talk_again(&self) {
        lock(&self.books).silent.clear();
    }

    pub(super) fn live(&self, names: &[&str]) {
        let session = |name: &&str| LiveSession {
            session: (*name).to_owned(),
            role: Role::Customer,
            customer: None,
            key: ByteArray([1; 32]),
            since: testpki::now(),
            agent: "gridkey".into(),
        };
        lock(&self.books).sessions = names.iter().map(session).collect();
    }

    pub(super) fn asked(&self, op: &str) -> usize {
        lock(&self.books).asked.iter().filter(|asked| *asked == op).count()
    }

    pub(super) fn logins(&self) -> u32 {
        lock(&self.books).logins
    }

    /// The keys in this state.
    pub(super) fn keys_in(&self, state: KeyState) -> usize {
        lock(&self.books).keys.iter().filter(|key| key.state == state).count()
    }

    /// Serves every line until the test ends.
    pub(super) async fn serve(self, mut lines: mpsc::UnboundedReceiver<Line>) {
        while let Some(line) = lines.recv().await {
            // The line before may not be told yet that it is over.
            tokio::spawn(self.clone().serve_line(line));
        }
    }

    async fn serve_line(self, mut line: Line) {
        let refusal = lock(&self.books).refusal;
        if let Some(code) = refusal {
            let _ = line.to_client.send(Err(ChannelError::Closed(code)));
            return;
        }
        let pki = TestPki::new();
        let (handshake, hello) = ServerHandshake::start(HelloParts {
            challenge: [1; 32],
            ephemeral: Secret32::new([2; 32]),
            envelope: &pki.leaf(Purpose::Envelope).chain,
            exporter: Some(EXPORTER),
        });
        let _ = line.to_client.send(Ok(Incoming::Message(hello)));
        let Some(message) = line.from_client.recv().await else { return };
        let awaiting =
            handshake.on_authenticate(&message, &pki.anchor(), Purpose::Administrator, testpki::now()).unwrap();
        let shared = pki.leaf(Purpose::Envelope).agree(awaiting.peer());
        let mut session = ServerSession::new(awaiting.finish(shared).unwrap(), 64);
        let number = {
            let mut books = lock(&self.books);
            books.logins += 1;
            books.logins
        };
        let name = format!("s-{number}");
        let welcome = Welcome {
            session: name.clone(),
            role: Role::Admin,
            customer: None,
            time: testpki::now(),
            epoch: ByteArray([7; 16]),
            offset: 0,
            recovered: true,
        };
        let _ = line.to_client.send(Ok(Incoming::Message(session.welcome(welcome).unwrap())));
        let (say, mut words) = mpsc::unbounded_channel();
        *lock(&self.line) = Some(say);
        let mut last = 0;
        let mut alive = tokio::time::interval(Duration::from_secs(25));
        loop {
            tokio::select! {
                _ = alive.tick() => {
                    let _ = line.to_client.send(Ok(Incoming::Alive));
                }
                message = line.from_client.recv() => {
                    let Some(message) = message else { return };
                    let FromClient::Request(request) = session.receive(&message).unwrap() else { panic!("too many") };
                    let id = request.id;
                    let Some(outcome) = self.answer(request, &name, &mut last) else { continue };
                    let _ = line.to_client.send(Ok(Incoming::Message(session.answer(id, outcome).unwrap())));
                }
                Some(code) = words.recv() => {
                    let _ = line.to_client.send(Err(ChannelError::Closed(code)));
                    return;
                }
            }
        }
    }

    fn answer(&self, request: Request, session: &str, last: &mut u64) -> Option<Result<Value, OpError>> {
        let Request { op, body, .. } = request;
        let mut books = lock(&self.books);
        books.asked.push(op.clone());
        if books.silent.contains(&op.as_str()) {
            return None;
        }
        let body = match cbor::from_value::<SignedCommand>(body.clone()) {
            Ok(signed) => {
                let place = Place {
                    op: &op,
                    session,
                    key: &admin().fingerprint(),
                    public: &admin().public(),
                    last: *last,
                    now: testpki::now(),
                };
                let command = signed.open(&place).expect("signed for this session");
                *last = command.number;
                command.body
            }
            Err(_) => body,
        };
        Some(books.answer(&op, body))
    }
}

impl Books {
    fn answer(&mut self, op: &str, body: Value) -> Result<Value, OpError> {
        let not_found = || OpError::fatal(error::NOT_FOUND, "no such thing");
        match op {
            "key.get" => {
                let KeyBody { key: wanted } = read(body);
                let own =
                    KeyDetail { key: wanted, admin: self.role, name: "desk-1".into(), ..key("", 0, KeyState::Bound) };
                let found = self.keys.iter().find(|key| key.key == wanted).cloned();
                let key = if wanted.0 == admin().fingerprint() { Some(own) } else { found };
                let key = key.ok_or_else(not_found)?;
                Ok(value(&KeyLife { key, history: Vec::new(), chain: Vec::new() }))
            }
            "customer.search" => {
                let SearchBody { text, next } = read(body);
                let found =
                    self.customers.iter().map(|known| &known.account).filter(|known| known.name.contains(&text));
                let line = |known: &Account| CustomerLine {
                    customer: known.customer.clone(),
                    name: known.name.clone(),
                    name_zh: known.name_zh.clone(),
                    grade: known.grade.clone(),
                };
                // One a page.
                let at = next.map_or(0, |next| next.parse::<usize>().unwrap());
                let all: Vec<CustomerLine> = found.map(line).collect();
                let next = (at + 1 < all.len()).then(|| (at + 1).to_string());
                Ok(value(&CustomerList { customers: all.into_iter().skip(at).take(1).collect(), next }))
            }
            "customer.get" => {
                let CustomerBody { customer } = read(body);
                let found = self.customers.iter().find(|known| known.account.customer == customer);
                found.map(value).ok_or_else(not_found)
            }
            "customer.create" => {
                let CreateBody { customer: number, name, meters, .. } = read(body);
                if self.customers.iter().any(|known| known.account.customer == number) {
                    return Err(OpError::fatal(error::CUSTOMER_EXISTS, "it exists"));
                }
                let mut made = customer(number.as_str(), &name);
                made.account.meters = meters;
                self.customers.push(made.clone());
                Ok(value(&made))
            }
            "session.list" => {
                let _: Page = read(body);
                Ok(value(&SessionPage { sessions: self.sessions.clone(), next: None }))
            }
            "session.cut" => {
                let CutBody { session, .. } = read(body);
                self.sessions.retain(|known| known.session != session);
                Ok(value(&HashMap::from([("session", session)])))
            }
            "audit.list" => Ok(value(&entries(read(body)))),
            "key.lost" | "key.revoke" => {
                let EndBody { key, .. } = read(body);
                let found = self.keys.iter_mut().find(|known| known.key == key).ok_or_else(not_found)?;
                found.state = if op == "key.lost" { KeyState::Lost } else { KeyState::Revoked };
                Ok(value(&Ended { key: found.clone(), sessions: 1, orders: 0 }))
            }
            "key.challenge" => {
                let ChallengeBody { customer, admin } = read(body);
                let name = customer.as_ref().map(ToString::to_string).or_else(|| Some(admin.as_ref()?.name.clone()));
                (self.for_customer, self.holder) = (customer, admin);
                let (challenge, ephemeral) = (ByteArray([4; 32]), ByteArray([5; 32]));
                Ok(value(&Challenge { challenge, ephemeral, name: name.unwrap(), expires: testpki::now() }))
            }
            "key.issue" => Ok(value(&self.issue(&read(body)))),
            "key.bind" => {
                let BindBody { key, .. } = read(body);
                let found = self.keys.iter_mut().find(|known| known.key == key).ok_or_else(not_found)?;
                found.state = KeyState::Bound;
                Ok(value(found))
            }
            other => Err(OpError::fatal(error::UNKNOWN_OP, other)),
        }
    }

    fn issue(&mut self, body: &IssueBody) -> Issued {
        let pki = TestPki::new();
        let certify = |purpose, public: &[u8]| {
            let mut spec = pki.spec(purpose);
            spec.public = Some(public.try_into().unwrap());
            pki.issue(&spec)
        };
        let leaf = certify(Purpose::UsbKey, &body.request.0);
        let name = self.for_customer.as_ref().map_or("desk", CustomerNo::as_str).to_owned();
        let key = KeyDetail { key: ByteArray(leaf.fingerprint()), ..key(&name, 9, KeyState::Issued) };
        self.keys.push(key.clone());
        let agreement = body.agreement.map(|public| certify(Purpose::Agreement, &public.0));
        Issued {
            key,
            chain: leaf.chain.into_iter().map(ByteString).collect(),
            agreement: agreement.map(|leaf| ByteString(leaf.der().to_vec())),
        }
    }
}

/// A chain of 250 entries, 40 in an answer at most.
fn entries(body: ListBody) -> EntryPage {
    const LENGTH: u64 = 250;
    let limit = u64::from(body.limit.unwrap());
    let from = body.from.unwrap_or(LENGTH - limit);
    let end = LENGTH.min(from + limit.min(40));
    let entry = |number| Entry {
        number,
        at: testpki::now(),
        event: "key.bound".into(),
        actor: "server".into(),
        customer: None,
        facts: ByteString(cbor::encode(&HashMap::from([("number", number)]))),
        content: ByteString(Vec::new()),
        previous: ByteArray([0; 32]),
        hash: ByteArray([1; 32]),
    };
    EntryPage { entries: (from..end).map(entry).collect(), next: (end < LENGTH).then_some(end) }
}
