//! The administrators' listener, played: who is inside, what was asked, what was signed.

use std::{
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
    ops::admin::{
        customers::CustomerDetail,
        keys::{AdminName, KeyDetail},
        sessions::LiveSession,
    },
    session::{Incoming as FromClient, ServerSession},
    testpki::{self, Leaf, TestPki},
};
use tokio::sync::mpsc;

use super::{
    keys::lock,
    line::{EXPORTER, Line},
};

/// What the server holds.
pub(super) struct Books {
    pub(super) role: Option<AdminRole>,
    pub(super) refusal: Option<CloseCode>,
    /// Every operation asked for; acts as they were signed.
    pub(super) asked: Vec<String>,
    /// Answers nothing to these.
    pub(super) silent: Vec<&'static str>,
    pub(super) customers: Vec<CustomerDetail>,
    pub(super) keys: Vec<KeyDetail>,
    pub(super) sessions: Vec<LiveSession>,
    pub(super) holder: Option<AdminName>,
    pub(super) for_customer: Option<CustomerNo>,
    pub(super) logins: u32,
}

/// The played server.
#[derive(Clone)]
pub(super) struct Server {
    books: Arc<Mutex<Books>>,
    line: Arc<Mutex<Option<mpsc::UnboundedSender<CloseCode>>>>,
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

pub(super) fn admin() -> Leaf {
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
            address: None,
            heard: None,
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
