//! Both sides of a handshake with fixed secrets, to be stopped or bent wherever a test wants.

use gridkey_domain::Timestamp;

use super::{Leaf, TestPki, now};
use crate::{
    bytes::ByteArray,
    certificate::Purpose,
    crypto::Secret32,
    frame::{Role, SessionKeys, Welcome},
    handshake::{ClientHandshake, ExpectAgreement, HandshakeError, HelloParts, ProofParts, Resume, ServerHandshake},
    session::{ClientSession, ServerSession},
};

/// What the two sides bring.
#[derive(Clone)]
pub struct Meeting {
    /// The company that both trust.
    pub pki: TestPki,
    /// The client's key.
    pub key: Leaf,
    /// The HSM's envelope key.
    pub envelope: Leaf,
    /// The TLS exporter value as the client sees it.
    pub client_exporter: Option<[u8; 32]>,
    /// The TLS exporter value as the server sees it.
    pub server_exporter: Option<[u8; 32]>,
    /// Whether the client accepts a server that binds to no channel.
    pub allow_unbound: bool,
    /// Where the client resumes.
    pub resume: Option<Resume>,
    /// The kind of key that the server's listener takes.
    pub listener: Purpose,
    /// The time on both sides.
    pub now: Timestamp,
}

impl Default for Meeting {
    fn default() -> Self {
        Self::new()
    }
}

impl Meeting {
    /// Two sides that agree.
    pub fn new() -> Self {
        let pki = TestPki::new();
        Self {
            key: pki.leaf(Purpose::UsbKey),
            envelope: pki.leaf(Purpose::Envelope),
            pki,
            client_exporter: Some([0xcb; 32]),
            server_exporter: Some([0xcb; 32]),
            allow_unbound: false,
            resume: None,
            listener: Purpose::UsbKey,
            now: now(),
        }
    }

    /// The server with its `hello`.
    pub fn server(&self) -> (ServerHandshake, Vec<u8>) {
        ServerHandshake::start(HelloParts {
            challenge: [0x17; 32],
            ephemeral: Secret32::new([0x5e; 32]),
            envelope: &self.envelope.chain,
            exporter: self.server_exporter,
        })
    }

    /// The client.
    pub fn client(&self) -> ClientHandshake {
        ClientHandshake::new(Secret32::new([0xc1; 32]), self.client_exporter, self.allow_unbound)
    }

    /// The proof over `to_sign`.
    pub fn proof(&self, to_sign: &[u8]) -> ProofParts {
        ProofParts {
            chain: self.key.chain.clone(),
            signature: self.key.sign(to_sign),
            resume: self.resume,
            agent: "gridkey/0.1.0 test".into(),
            locale: "en".into(),
        }
    }

    /// The client's whole answer to `hello`.
    pub fn answer(&self, hello: &[u8]) -> Result<(Vec<u8>, SessionKeys), HandshakeError> {
        let awaiting = self.client().on_hello(hello, &self.pki.anchor(), self.now)?;
        let proof = self.proof(awaiting.to_sign());
        Ok(awaiting.finish(proof))
    }

    /// The server's judgement of `authenticate`.
    pub fn judge(&self, server: ServerHandshake, authenticate: &[u8]) -> Result<ExpectAgreement, HandshakeError> {
        server.on_authenticate(authenticate, &self.pki.anchor(), self.listener, self.now)
    }

    /// The whole handshake; gives the keys of server and client.
    pub fn keys(&self) -> Result<(SessionKeys, SessionKeys), HandshakeError> {
        let (server, hello) = self.server();
        let (authenticate, client_keys) = self.answer(&hello)?;
        let awaiting = self.judge(server, &authenticate)?;
        let es = self.envelope.agree(awaiting.peer());
        Ok((awaiting.finish(es)?, client_keys))
    }

    /// Both sides of an open session before `welcome`, with `window` unanswered requests.
    pub fn sessions(&self, window: usize) -> Result<(ServerSession, ClientSession), HandshakeError> {
        let (server, client) = self.keys()?;
        let resume = self.resume.map(|resume| resume.offset);
        Ok((ServerSession::new(server, window), ClientSession::new(client, resume)))
    }
}

/// A `welcome` for customer 1100000001.
pub fn welcome(offset: u64, recovered: bool) -> Welcome {
    Welcome {
        session: "s-test".into(),
        role: Role::Customer,
        customer: "1100000001".parse().ok(),
        time: now(),
        epoch: ByteArray([0xe0; 16]),
        offset,
        recovered,
    }
}
