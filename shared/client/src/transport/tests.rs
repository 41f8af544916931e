//! The real channel over loopback: TLS, WebSocket, and what each failure is called.

#![expect(clippy::result_large_err, reason = "the WebSocket library's callback answers with a whole response")]

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use gridkey_protocol::{
    CloseCode, SUBPROTOCOL,
    certificate::Purpose,
    limits,
    testpki::{Leaf, Spec, TestPki},
};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
        http::{HeaderValue, StatusCode, header::SEC_WEBSOCKET_PROTOCOL},
        protocol::CloseFrame,
    },
};

use super::*;
use crate::address::ServerAddress;

/// Long enough for the machine's own clock, which is what TLS goes by.
fn tls_spec(pki: &TestPki) -> Spec {
    pki.spec(Purpose::Tls).valid(-300 * 86_400, 29 * 365 * 86_400)
}

struct Host {
    listener: TcpListener,
    tls: TlsAcceptor,
}

impl Host {
    async fn new(leaf: &Leaf, versions: &[&'static rustls::SupportedProtocolVersion]) -> Self {
        let chain = leaf.chain.iter().map(|der| CertificateDer::from(der.clone())).collect();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf.pkcs8()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        Self { listener: TcpListener::bind("localhost:0").await.unwrap(), tls: Arc::new(config).into() }
    }

    fn connector(&self, pki: &TestPki) -> WebSocketConnector {
        let port = self.listener.local_addr().unwrap().port();
        let address: ServerAddress = format!("wss://localhost:{port}/session").parse().unwrap();
        WebSocketConnector::new(address, TlsSettings::new(&pki.anchor()).unwrap())
    }

    async fn accept_tls(&self) -> std::io::Result<TlsStream<TcpStream>> {
        let (tcp, _) = self.listener.accept().await.unwrap();
        self.tls.accept(tcp).await
    }

    async fn accept(&self, subprotocol: Option<&'static str>) -> WebSocketStream<TlsStream<TcpStream>> {
        let tls = self.accept_tls().await.unwrap();
        accept_hdr_async(tls, |request: &Request, mut response: Response| {
            assert_eq!(request.uri().path(), "/session");
            assert!(request.headers().get("origin").is_none());
            assert_eq!(request.headers().get(SEC_WEBSOCKET_PROTOCOL).unwrap(), SUBPROTOCOL);
            if let Some(subprotocol) = subprotocol {
                response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(subprotocol));
            }
            Ok(response)
        })
        .await
        .unwrap()
    }
}

const TLS13: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];

async fn pair() -> (Box<dyn Channel>, WebSocketStream<TlsStream<TcpStream>>) {
    let pki = TestPki::new();
    let host = Host::new(&pki.issue(&tls_spec(&pki)), TLS13).await;
    let connector = host.connector(&pki);
    let (channel, peer) = tokio::join!(connector.connect(), host.accept(Some(SUBPROTOCOL)));
    (channel.unwrap(), peer)
}

#[tokio::test]
async fn both_ends_derive_the_same_exporter_value_and_messages_pass() {
    let (mut channel, mut peer) = pair().await;
    let mut exporter = [0; 32];
    let tls = peer.get_ref().get_ref().1;
    tls.export_keying_material(&mut exporter, b"EXPORTER-Channel-Binding", None).unwrap();
    assert_eq!(channel.exporter(), Some(exporter));
    channel.send(vec![1, 2, 3]).await.unwrap();
    assert_eq!(peer.next().await.unwrap().unwrap().into_data().to_vec(), [1, 2, 3]);
    peer.send(Message::Ping(Vec::new().into())).await.unwrap();
    assert_eq!(channel.receive(16).await.unwrap(), Incoming::Alive);
    let long = vec![7; limits::MESSAGE];
    peer.send(Message::binary(long.clone())).await.unwrap();
    assert_eq!(channel.receive(limits::MESSAGE).await.unwrap(), Incoming::Message(long));
}

#[tokio::test]
async fn what_is_too_long_or_text_is_refused() {
    let (mut channel, mut peer) = pair().await;
    peer.send(Message::binary(vec![0; 17])).await.unwrap();
    assert_eq!(channel.receive(16).await, Err(ChannelError::TooBig));
    let (mut channel, mut peer) = pair().await;
    peer.send(Message::text("hello")).await.unwrap();
    assert_eq!(channel.receive(16).await, Err(ChannelError::Malformed));
    let (mut channel, mut peer) = pair().await;
    peer.send(Message::binary(vec![0; limits::MESSAGE + 1])).await.unwrap();
    assert_eq!(channel.receive(usize::MAX).await, Err(ChannelError::TooBig));
}

#[tokio::test]
async fn close_codes_come_through_in_both_directions() {
    let (mut channel, mut peer) = pair().await;
    let frame = CloseFrame { code: 4403.into(), reason: "lost".into() };
    peer.close(Some(frame)).await.unwrap();
    assert_eq!(channel.receive(16).await, Err(ChannelError::Closed(CloseCode::Lost)));

    let (mut channel, mut peer) = pair().await;
    let (_, said) = tokio::join!(channel.close(CloseCode::SessionEnd), peer.next());
    let Some(Ok(Message::Close(Some(frame)))) = said else { panic!("{said:?}") };
    assert_eq!((u16::from(frame.code), frame.reason.as_str()), (1000, "session-end"));
}

#[tokio::test]
async fn an_end_without_a_word_is_a_broken_line() {
    let (mut channel, peer) = pair().await;
    drop(peer);
    let ended = channel.receive(16).await.unwrap_err();
    assert!(matches!(ended, ChannelError::Broken(_)) && ended.invites_retry(), "{ended:?}");
}

#[tokio::test]
async fn only_a_tls_certificate_of_the_company_for_this_host_is_trusted() {
    let pki = TestPki::new();
    let mut elsewhere = tls_spec(&pki);
    elsewhere.names = vec!["elsewhere.example".into()];
    // A USBKEY's certificate with a server's name: the same root, another kind.
    let mut key = pki.spec(Purpose::UsbKey).valid(-300 * 86_400, 29 * 365 * 86_400);
    key.names = vec!["localhost".into()];
    let mut both = tls_spec(&pki);
    both.usage = both.usage.map(|(critical, mut usage)| {
        usage.extend(pki.spec(Purpose::UsbKey).usage.unwrap().1);
        (critical, usage)
    });
    let mut no_usage = tls_spec(&pki);
    no_usage.usage = None;
    let strangers = TestPki::with_seed(9);
    for leaf in [
        pki.issue(&elsewhere),
        pki.issue(&key),
        pki.issue(&both),
        pki.issue(&no_usage),
        strangers.issue(&tls_spec(&strangers)),
    ] {
        let host = Host::new(&leaf, TLS13).await;
        let connector = host.connector(&pki);
        let (outcome, _) = tokio::join!(connector.connect(), host.accept_tls());
        let error = outcome.err().unwrap();
        assert!(matches!(error, ConnectError::Untrusted(_)) && !error.invites_retry(), "{error:?}");
    }
}

#[tokio::test]
async fn a_certificate_out_of_its_time_points_to_the_clock() {
    let pki = TestPki::new();
    let over = pki.issue(&pki.spec(Purpose::Tls).valid(-300 * 86_400, -299 * 86_400));
    let host = Host::new(&over, TLS13).await;
    let connector = host.connector(&pki);
    let (outcome, _) = tokio::join!(connector.connect(), host.accept_tls());
    assert_eq!(outcome.err(), Some(ConnectError::Clock));
}

#[tokio::test]
async fn an_older_tls_is_not_spoken() {
    let pki = TestPki::new();
    let host = Host::new(&pki.issue(&tls_spec(&pki)), &[&rustls::version::TLS12]).await;
    let connector = host.connector(&pki);
    let (outcome, _) = tokio::join!(connector.connect(), host.accept_tls());
    assert!(matches!(outcome.err(), Some(ConnectError::Tls(_))));
}

#[tokio::test]
async fn a_server_without_the_subprotocol_is_told_apart() {
    let pki = TestPki::new();
    let host = Host::new(&pki.issue(&tls_spec(&pki)), TLS13).await;
    let connector = host.connector(&pki);
    let (outcome, _) = tokio::join!(connector.connect(), host.accept(None));
    assert_eq!(outcome.err(), Some(ConnectError::Subprotocol));
}

#[tokio::test]
async fn an_http_refusal_keeps_its_status() {
    let pki = TestPki::new();
    let host = Host::new(&pki.issue(&tls_spec(&pki)), TLS13).await;
    let connector = host.connector(&pki);
    let refuse = async {
        let tls = host.accept_tls().await.unwrap();
        let refusal = |_: &Request, _: Response| {
            let mut response = ErrorResponse::new(None);
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            Err(response)
        };
        accept_hdr_async(tls, refusal).await.err()
    };
    let (outcome, _) = tokio::join!(connector.connect(), refuse);
    let error = outcome.err().unwrap();
    assert_eq!(error, ConnectError::Http(429));
    assert!(error.invites_retry());
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let pki = TestPki::new();
    let host = Host::new(&pki.issue(&tls_spec(&pki)), TLS13).await;
    let connector = host.connector(&pki);
    drop(host);
    let error = connector.connect().await.err().unwrap();
    assert!(matches!(error, ConnectError::Unreachable { .. }) && error.invites_retry(), "{error:?}");
}
