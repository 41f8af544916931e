//! A peer of the session listener that speaks raw WebSocket, so that it can also say what no client of ours would.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use ed25519_dalek::{Signer as _, SigningKey, pkcs8::DecodePrivateKey as _};
use futures_util::{SinkExt as _, StreamExt as _};
use gridkey_protocol::{
    certificate::TrustAnchor,
    close::CloseCode,
    crypto::Secret32,
    frame::{ServerFrame, Welcome},
    handshake::{ClientHandshake, ProofParts, Resume},
    session::ClientSession,
};
use gridkey_service::tls::{Versions, client_config, read_certificates};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Bytes, Message, client::IntoClientRequest as _, http::HeaderValue},
};

pub(crate) type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// Longest wait for anything; a test that reaches it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What one key needs to log in.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) key: SigningKey,
}

impl Key {
    /// The key that `dev-key` wrote to `folder`.
    pub(crate) fn load(folder: &Path) -> Self {
        let chain = read_certificates(&folder.join("certificate.pem")).unwrap();
        let pem = std::fs::read_to_string(folder.join("key.pem")).unwrap();
        Self { chain: chain.iter().map(|der| der.to_vec()).collect(), key: SigningKey::from_pkcs8_pem(&pem).unwrap() }
    }
}

/// Reaches the listener and upgrades, with the headers given.
pub(crate) async fn connect(
    address: SocketAddr,
    root: &[u8],
    headers: &[(&'static str, &str)],
) -> Result<(Socket, [u8; 32]), tungstenite::Error> {
    let roots = [rustls_pki_types::CertificateDer::from(root.to_vec())];
    let tls = client_config(&roots, None, Versions::Tls13).unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = rustls_pki_types::ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(tls)).connect(name, stream).await.unwrap();
    let exporter = stream.get_ref().1.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(b"")).unwrap();
    let mut request = "wss://localhost/session".into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    client_async(request, stream).await.map(|(socket, _)| (socket, exporter))
}

/// Upgrades as the contract says.
pub(crate) async fn stranger(address: SocketAddr, root: &[u8]) -> (Socket, [u8; 32]) {
    connect(address, root, &[("sec-websocket-protocol", "gridkey.v1")]).await.unwrap()
}

/// The next message that is not a control frame.
pub(crate) async fn next(socket: &mut Socket) -> Option<Message> {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.expect("the server says something") {
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(message)) => return Some(message),
            Some(Err(_)) | None => return None,
        }
    }
}

/// Awaits the server's goodbye, passing over what comes before it.
pub(crate) async fn closed(socket: &mut Socket) -> Option<CloseCode> {
    loop {
        match next(socket).await? {
            Message::Close(Some(frame)) => return CloseCode::from_frame(frame.code.into(), frame.reason.as_str()),
            Message::Close(None) => return None,
            _ => {}
        }
    }
}

/// An `authenticate` for this connection's `hello`.
pub(crate) fn authenticate(
    hello: &[u8],
    exporter: [u8; 32],
    anchor: &TrustAnchor,
    key: &Key,
    resume: Option<Resume>,
) -> (Vec<u8>, ClientSession) {
    let mut secret = Secret32::default();
    getrandom::fill(secret.as_mut()).unwrap();
    let now = jiff::Timestamp::now().into();
    let awaiting = ClientHandshake::new(secret, Some(exporter), false).on_hello(hello, anchor, now).unwrap();
    let signature = key.key.sign(awaiting.to_sign()).to_bytes();
    let parts = ProofParts { chain: key.chain.clone(), signature, resume, agent: "test/1".into(), locale: "en".into() };
    let (message, keys) = awaiting.finish(parts);
    (message, ClientSession::new(keys, resume.map(|resume| resume.offset)))
}

/// An open session.
pub(crate) struct Peer {
    pub(crate) socket: Socket,
    pub(crate) session: ClientSession,
    pub(crate) welcome: Welcome,
}

impl Peer {
    /// Logs in, or says with what code it was sent away.
    pub(crate) async fn login(
        address: SocketAddr,
        anchor: &TrustAnchor,
        key: &Key,
        resume: Option<Resume>,
    ) -> Result<Self, Option<CloseCode>> {
        let (mut socket, exporter) = stranger(address, anchor.der()).await;
        let hello = match next(&mut socket).await {
            Some(Message::Binary(hello)) => hello,
            Some(Message::Close(Some(frame))) => {
                return Err(CloseCode::from_frame(frame.code.into(), frame.reason.as_str()));
            }
            other => panic!("hello expected, not {other:?}"),
        };
        let (message, mut session) = authenticate(&hello, exporter, anchor, key, resume);
        socket.send(Message::Binary(message.into())).await.unwrap();
        match next(&mut socket).await {
            Some(Message::Binary(frame)) => {
                let Ok(ServerFrame::Welcome(welcome)) = session.receive(&frame) else { panic!("welcome expected") };
                Ok(Self { socket, session, welcome })
            }
            Some(Message::Close(Some(frame))) => Err(CloseCode::from_frame(frame.code.into(), frame.reason.as_str())),
            other => panic!("welcome expected, not {other:?}"),
        }
    }

    /// The server's next frame, or the code with which it said goodbye.
    pub(crate) async fn frame(&mut self) -> Result<ServerFrame, Option<CloseCode>> {
        match next(&mut self.socket).await {
            Some(Message::Binary(frame)) => Ok(self.session.receive(&frame).unwrap()),
            Some(Message::Close(Some(frame))) => Err(CloseCode::from_frame(frame.code.into(), frame.reason.as_str())),
            _ => Err(None),
        }
    }

    /// Asks and awaits the answer.
    pub(crate) async fn call<B: serde::Serialize>(
        &mut self,
        op: &str,
        body: &B,
    ) -> Result<gridkey_protocol::cbor::Value, String> {
        let (id, frame) = self.session.request(op, body).unwrap();
        self.send(frame).await;
        loop {
            if let ServerFrame::Response(response) = self.frame().await.unwrap()
                && response.id == id
            {
                return response.outcome.map_err(|error| error.code);
            }
        }
    }

    /// Sends a message as it is.
    pub(crate) async fn send(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::Binary(Bytes::from(bytes))).await.unwrap();
    }
}
