//! What the tests of this crate share: a token in memory, a line that the test holds both ends of, and the server's side.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use gridkey_protocol::{
    ByteArray, CloseCode,
    cbor::{self, Value},
    certificate::{Purpose, TrustAnchor},
    crypto::Secret32,
    frame::{OpError, Push, PushKind, Request, Role, Welcome},
    handshake::{HelloParts, Resume, ServerHandshake},
    session::{Incoming as FromClient, ServerSession},
    testpki::{self, Leaf, TestPki},
};
use gridkey_token::{
    Caution, KeyId, KeyKind, KeyRef, Pin, PinState, PublicKey, Token, TokenCertificate, TokenError, TokenInfo,
    TokenKey, TokenSession, Tries,
};
use serde::Serialize;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::{
    clock::Clock,
    key::{KeyCertificates, UsbKey},
    session::SessionSettings,
    transport::{Channel, ChannelError, ConnectError, Connector, Incoming},
};

pub(crate) const EPOCH: [u8; 16] = [7; 16];
const EXPORTER: [u8; 32] = [3; 32];

/// A clock at the test PKI's time.
pub(crate) fn clock() -> Clock {
    let seconds = testpki::now().seconds().unsigned_abs();
    Clock::from_millis(move || seconds * 1000)
}

/// A token in memory; it takes every PIN.
#[derive(Clone)]
pub(crate) struct MemoryToken {
    signing: Leaf,
    agreement: Option<Leaf>,
    pub(crate) signatures: Arc<AtomicU64>,
}

impl MemoryToken {
    pub(crate) fn new(pki: &TestPki) -> Self {
        let signing = pki.usbkey("1100000001", 1);
        Self { signing, agreement: Some(pki.leaf(Purpose::Agreement)), signatures: Arc::default() }
    }

    pub(crate) fn without_agreement(mut self) -> Self {
        self.agreement = None;
        self
    }

    pub(crate) fn with_agreement_seed(mut self, pki: &TestPki, seed: u8) -> Self {
        let mut spec = pki.spec(Purpose::Agreement);
        spec.seed = [seed; 32];
        self.agreement = Some(pki.issue(&spec));
        self
    }

    /// Its certificate's dates are these.
    pub(crate) fn valid(
        mut self,
        pki: &TestPki,
        from: gridkey_domain::Timestamp,
        to: gridkey_domain::Timestamp,
    ) -> Self {
        let mut spec = pki.spec(Purpose::UsbKey);
        (spec.not_before, spec.not_after) = (from, to);
        self.signing = pki.issue(&spec);
        self
    }

    pub(crate) fn of_customer(mut self, pki: &TestPki, customer: &str) -> Self {
        self.signing = pki.usbkey(customer, 2);
        self
    }

    pub(crate) fn usb_key(&self, anchor: &TrustAnchor) -> UsbKey {
        let certificates = KeyCertificates::read(self, anchor, Purpose::UsbKey, testpki::now()).unwrap();
        UsbKey::log_in(self, certificates, &Pin::new("123456").unwrap(), Caution::Normal).unwrap()
    }

    /// What it holds, for a token that can hold more.
    pub(crate) fn leaves(&self) -> Vec<Leaf> {
        std::iter::once(&self.signing).chain(&self.agreement).cloned().collect()
    }

    fn key_ref(leaf: &Leaf, kind: KeyKind) -> TokenKey {
        TokenKey { id: KeyId::new(vec![kind as u8]), label: String::new(), kind, public: Some(leaf.public()) }
    }
}

impl Token for MemoryToken {
    fn info(&self) -> Result<TokenInfo, TokenError> {
        Ok(TokenInfo {
            label: "memory".into(),
            serial: "1".into(),
            manufacturer: String::new(),
            model: String::new(),
            tries: Tries::NotTold,
            pin: PinState::Usable,
            pin_length: (1, 255),
        })
    }

    fn certificates(&self) -> Result<Vec<TokenCertificate>, TokenError> {
        let id = |kind: KeyKind| KeyId::new(vec![kind as u8]);
        let mut all: Vec<TokenCertificate> = Vec::new();
        // The issuing certificate first: the right one has to be found by its kind, not by its place.
        for leaf in [Some(&self.signing), self.agreement.as_ref()].into_iter().flatten() {
            for der in leaf.chain.iter().rev() {
                let stored = TokenCertificate::new(der.clone(), KeyId::default(), String::new());
                let kind = stored.public.map(|public: PublicKey| public.kind);
                let stored = match kind {
                    Some(kind) if der.as_slice() == leaf.der() => TokenCertificate { id: id(kind), ..stored },
                    _ => stored,
                };
                if !all.iter().any(|known| known.der == stored.der) {
                    all.push(stored);
                }
            }
        }
        Ok(all)
    }

    fn login(&self, _: &Pin, _: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        Ok(Box::new(self.clone()))
    }

    fn change_pin(&self, _: &Pin, _: &Pin, _: Caution) -> Result<(), TokenError> {
        Ok(())
    }
}

impl TokenSession for MemoryToken {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        let agreement = self.agreement.as_ref().map(|leaf| Self::key_ref(leaf, KeyKind::X25519));
        Ok([Some(Self::key_ref(&self.signing, KeyKind::Ed25519)), agreement].into_iter().flatten().collect())
    }

    fn sign_ed25519(&self, _: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        self.signatures.fetch_add(1, Ordering::Relaxed);
        Ok(self.signing.sign(message))
    }

    fn agree_x25519(&self, _: &KeyRef, peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        let leaf = self.agreement.as_ref().ok_or(TokenError::UnsupportedMechanism("X25519"))?;
        Ok(leaf.agree(peer))
    }

    fn logout(self: Box<Self>) -> Result<(), TokenError> {
        Ok(())
    }
}

pub(crate) fn settings(pki: &TestPki) -> SessionSettings {
    SessionSettings {
        anchor: Arc::new(pki.anchor()),
        allow_unbound: false,
        agent: "test/1".into(),
        locale: "en".into(),
        reconnect: true,
        clock: clock(),
        keeper: None,
    }
}

/// The server's end of a line.
pub(crate) struct Line {
    pub(crate) to_client: mpsc::UnboundedSender<Result<Incoming, ChannelError>>,
    pub(crate) from_client: mpsc::UnboundedReceiver<Vec<u8>>,
    pub(crate) closed: mpsc::UnboundedReceiver<CloseCode>,
}

/// Gives the test the other end of every line it makes.
pub(crate) struct LineConnector {
    lines: mpsc::UnboundedSender<Line>,
    pub(crate) attempts: Arc<AtomicU64>,
}

impl LineConnector {
    pub(crate) fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<Line>) {
        let (lines, receiver) = mpsc::unbounded_channel();
        (Arc::new(Self { lines, attempts: Arc::default() }), receiver)
    }
}

struct LineChannel {
    to_server: mpsc::UnboundedSender<Vec<u8>>,
    from_server: mpsc::UnboundedReceiver<Result<Incoming, ChannelError>>,
    closing: mpsc::UnboundedSender<CloseCode>,
}

fn broken() -> ChannelError {
    ChannelError::Broken("end of file".into())
}

#[async_trait]
impl Connector for LineConnector {
    async fn connect(&self) -> Result<Box<dyn Channel>, ConnectError> {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        let (to_server, from_client) = mpsc::unbounded_channel();
        let (to_client, from_server) = mpsc::unbounded_channel();
        let (closing, closed) = mpsc::unbounded_channel();
        let line = Line { to_client, from_client, closed };
        self.lines
            .send(line)
            .map_err(|_| ConnectError::Unreachable { authority: "test".into(), cause: "refused".into() })?;
        Ok(Box::new(LineChannel { to_server, from_server, closing }))
    }
}

#[async_trait]
impl Channel for LineChannel {
    fn exporter(&self) -> Option<[u8; 32]> {
        Some(EXPORTER)
    }

    async fn send(&mut self, message: Vec<u8>) -> Result<(), ChannelError> {
        self.to_server.send(message).map_err(|_| broken())
    }

    async fn receive(&mut self, limit: usize) -> Result<Incoming, ChannelError> {
        match self.from_server.recv().await {
            Some(Ok(Incoming::Message(message))) if message.len() > limit => Err(ChannelError::TooBig),
            Some(incoming) => incoming,
            None => Err(broken()),
        }
    }

    async fn close(&mut self, code: CloseCode) {
        let _ = self.closing.send(code);
    }
}

/// The server's side of a session, played by the test.
pub(crate) struct Peer {
    pub(crate) line: Line,
    session: ServerSession,
    /// What the client wanted to resume.
    pub(crate) resume: Option<Resume>,
}

/// What a welcome says.
#[derive(Clone, Copy)]
pub(crate) struct Greeting {
    pub(crate) offset: u64,
    pub(crate) recovered: bool,
}

impl Peer {
    /// Plays the handshake. `exporter` is what the server's TLS gave.
    pub(crate) async fn shake_hands(line: Line, pki: &TestPki, greeting: Greeting) -> Self {
        Self::meet(line, pki, greeting).await.unwrap()
    }

    /// As [`Self::shake_hands`]; `None` if the client leaves without a word.
    pub(crate) async fn meet(line: Line, pki: &TestPki, greeting: Greeting) -> Option<Self> {
        Self::meet_if(line, pki, greeting, |_| None).await
    }

    /// As [`Self::meet`]; a certificate, DER, that `refusal` has a code for is not let in.
    pub(crate) async fn meet_if(
        mut line: Line,
        pki: &TestPki,
        greeting: Greeting,
        refusal: impl Fn(&[u8]) -> Option<CloseCode>,
    ) -> Option<Self> {
        let (handshake, hello) = Self::hello(pki, Some(EXPORTER));
        line.to_client.send(Ok(Incoming::Message(hello))).ok()?;
        let message = line.from_client.recv().await?;
        let awaiting = handshake.on_authenticate(&message, &pki.anchor(), Purpose::UsbKey, testpki::now()).unwrap();
        if let Some(code) = refusal(&awaiting.chain()[0]) {
            let _ = line.to_client.send(Err(ChannelError::Closed(code)));
            return None;
        }
        let resume = awaiting.resume();
        let shared = pki.leaf(Purpose::Envelope).agree(awaiting.peer());
        let mut session = ServerSession::new(awaiting.finish(shared).unwrap(), 64);
        let welcome = session.welcome(welcome(greeting)).unwrap();
        line.to_client.send(Ok(Incoming::Message(welcome))).unwrap();
        Some(Self { line, session, resume })
    }

    pub(crate) fn hello(pki: &TestPki, exporter: Option<[u8; 32]>) -> (ServerHandshake, Vec<u8>) {
        ServerHandshake::start(HelloParts {
            challenge: [1; 32],
            ephemeral: Secret32::new([2; 32]),
            envelope: &pki.leaf(Purpose::Envelope).chain,
            exporter,
        })
    }

    /// The next request; `None` when the client is gone.
    pub(crate) async fn request(&mut self) -> Option<Request> {
        let message = self.line.from_client.recv().await?;
        match self.session.receive(&message).unwrap() {
            FromClient::Request(request) => Some(request),
            FromClient::Busy(_) => panic!("the client keeps to its window"),
        }
    }

    pub(crate) fn answer<T: Serialize>(&mut self, id: u64, outcome: Result<&T, OpError>) {
        let outcome = outcome.map(|value| cbor::to_value(value).unwrap());
        let message = self.session.answer(id, outcome).unwrap();
        // A client that hung up does not hear it.
        let _ = self.line.to_client.send(Ok(Incoming::Message(message)));
    }

    pub(crate) fn push(&mut self, offset: u64) {
        let message = self.session.push(push(offset)).unwrap();
        self.line.to_client.send(Ok(Incoming::Message(message))).unwrap();
    }

    /// Pushes something of a kind.
    pub(crate) fn push_of<T: Serialize>(&mut self, offset: u64, kind: PushKind, body: &T) {
        let push = Push { offset, at: testpki::now(), kind, body: cbor::to_value(body).unwrap() };
        let message = self.session.push(push).unwrap();
        // A client that hung up does not hear it.
        let _ = self.line.to_client.send(Ok(Incoming::Message(message)));
    }

    /// Closes with a code.
    pub(crate) fn close(self, code: CloseCode) {
        let _ = self.line.to_client.send(Err(ChannelError::Closed(code)));
    }
}

fn welcome(greeting: Greeting) -> Welcome {
    Welcome {
        session: "s-1".into(),
        role: Role::Customer,
        customer: Some("1100000001".parse().unwrap()),
        time: testpki::now(),
        epoch: ByteArray(EPOCH),
        offset: greeting.offset,
        recovered: greeting.recovered,
    }
}

pub(crate) fn push(offset: u64) -> Push {
    let body = Value::Map(vec![("text".into(), Value::Text(format!("notice {offset}")))]);
    Push { offset, at: testpki::now(), kind: PushKind::Notice, body }
}
