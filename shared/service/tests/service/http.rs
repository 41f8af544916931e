use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::ConnectInfo,
    routing::{get, post},
};
use gridkey_service::{
    https::{self, ClientTimeouts, HttpLimits},
    tls::{self, ClientAuth, Versions},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
};
use tokio_util::sync::CancellationToken;

use crate::{certificates::Root, support::loopback};

async fn start(router: Router, limits: HttpLimits) -> (SocketAddr, CancellationToken) {
    let (listener, address) = loopback().await;
    let stop = CancellationToken::new();
    tokio::spawn(https::serve(listener, None, router, limits, stop.clone()));
    (address, stop)
}

#[tokio::test]
async fn handlers_learn_the_peers_address() {
    let router =
        Router::new().route("/", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string()));
    let (address, _stop) = start(router, HttpLimits::default()).await;
    let client = https::plain_client(ClientTimeouts::default()).unwrap();
    let answer = client.get(format!("http://{address}/")).send().await.unwrap().text().await.unwrap();
    assert_eq!(answer, "127.0.0.1");
}

#[tokio::test]
async fn a_body_over_the_limit_gets_413() {
    let router = Router::new().route("/", post(async |body: Bytes| body.len().to_string()));
    let (address, _stop) = start(router, HttpLimits { body: 100, ..HttpLimits::default() }).await;
    let client = https::plain_client(ClientTimeouts::default()).unwrap();
    let send = |size| client.post(format!("http://{address}/")).body(vec![b'x'; size]).send();
    assert_eq!(send(100).await.unwrap().status(), 200);
    assert_eq!(send(101).await.unwrap().status(), 413);
}

#[tokio::test]
async fn a_head_over_the_limit_gets_431() {
    let (address, _stop) = start(Router::new(), HttpLimits::default()).await;
    let client = https::plain_client(ClientTimeouts::default()).unwrap();
    let answer = client.get(format!("http://{address}/")).header("x-long", "x".repeat(20_000)).send().await.unwrap();
    assert_eq!(answer.status(), 431);
}

#[tokio::test]
async fn a_request_that_takes_too_long_gets_503() {
    let router = Router::new().route("/", get(std::future::pending::<()>));
    let (address, _stop) =
        start(router, HttpLimits { request: Duration::from_millis(50), ..HttpLimits::default() }).await;
    let client = https::plain_client(ClientTimeouts::default()).unwrap();
    assert_eq!(client.get(format!("http://{address}/")).send().await.unwrap().status(), 503);
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_cut() {
    let limits = HttpLimits { head: Duration::from_millis(50), ..HttpLimits::default() };
    let (address, _stop) = start(Router::new(), limits).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).await.unwrap();
}

#[tokio::test]
async fn a_peer_that_never_finishes_the_handshake_frees_its_place() {
    let root = Root::new();
    let config = tls::server_config(&root.server(), ClientAuth::None, Versions::Tls12Up).unwrap();
    let (listener, address) = loopback().await;
    let limits = HttpLimits { connections: 1, handshake: Duration::from_millis(50), ..HttpLimits::default() };
    let router = Router::new().route("/", get(async || "in"));
    tokio::spawn(https::serve(listener, Some(config), router, limits, CancellationToken::new()));

    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(&[0x16, 0x03, 0x01]).await.unwrap();
    let config = tls::client_config(&[root.der()], None, Versions::Tls12Up).unwrap();
    let client = https::client(config, ClientTimeouts::default()).unwrap();
    let url = format!("https://localhost:{}/", address.port());
    assert_eq!(client.get(url).send().await.unwrap().text().await.unwrap(), "in");
}

#[tokio::test]
async fn a_request_under_way_is_finished_when_the_daemon_stops() {
    let begun = std::sync::Arc::new(Notify::new());
    let go_on = std::sync::Arc::new(Notify::new());
    let (seen, gate) = (begun.clone(), go_on.clone());
    let router = Router::new().route(
        "/",
        get(async move || {
            seen.notify_one();
            gate.notified().await;
            "finished"
        }),
    );
    let (listener, address) = loopback().await;
    let stop = CancellationToken::new();
    let served = tokio::spawn(https::serve(listener, None, router, HttpLimits::default(), stop.clone()));
    let client = https::plain_client(ClientTimeouts::default()).unwrap();
    let asked = tokio::spawn(client.get(format!("http://{address}/")).send());
    begun.notified().await;
    stop.cancel();
    go_on.notify_one();
    assert_eq!(asked.await.unwrap().unwrap().text().await.unwrap(), "finished");
    served.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let router = Router::new().route("/", get(async || axum::response::Redirect::to("/elsewhere")));
    let (address, _stop) = start(router, HttpLimits::default()).await;
    let client = https::plain_client(ClientTimeouts::default()).unwrap();
    assert_eq!(client.get(format!("http://{address}/")).send().await.unwrap().status(), 303);
}
