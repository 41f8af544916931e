use axum::{Router, routing::get};
use gridkey_service::{
    https::{self, ClientTimeouts, HttpLimits},
    tls::{self, ClientAuth, Identity, TlsError, Versions},
};
use rcgen::ExtendedKeyUsagePurpose;
use tokio_util::sync::CancellationToken;

use crate::{
    certificates::{Root, purpose},
    support::loopback,
};

/// Asks a listener that lets only `security-server` under `root` in, showing `shown`.
async fn ask(root: &Root, shown: Option<&Identity>) -> reqwest::Result<String> {
    let auth = ClientAuth::Require { roots: vec![root.der()], name: "security-server".to_owned() };
    let config = tls::server_config(&root.server(), auth, Versions::Tls13).unwrap();
    let (listener, address) = loopback().await;
    let stop = CancellationToken::new();
    let router = Router::new().route("/", get(async || "in"));
    let served = tokio::spawn(https::serve(listener, Some(config), router, HttpLimits::default(), stop.clone()));

    let config = tls::client_config(&[root.der()], shown, Versions::Tls13).unwrap();
    let client = https::client(config, ClientTimeouts::default()).unwrap();
    let answer = async {
        let url = format!("https://localhost:{}/", address.port());
        client.get(url).send().await?.error_for_status()?.text().await
    }
    .await;
    stop.cancel();
    served.await.unwrap().unwrap();
    answer
}

#[tokio::test]
async fn the_named_client_gets_in() {
    let root = Root::new();
    let client = root.client("security-server");
    assert_eq!(ask(&root, Some(&client)).await.unwrap(), "in");
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused() {
    let root = Root::new();
    assert!(ask(&root, None).await.is_err());
}

#[tokio::test]
async fn a_client_under_another_root_is_refused() {
    let root = Root::new();
    let stranger = Root::new().client("security-server");
    assert!(ask(&root, Some(&stranger)).await.is_err());
}

#[tokio::test]
async fn a_client_of_another_name_is_refused() {
    let root = Root::new();
    for name in ["other-server", "security-server.example", "*.security-server"] {
        assert!(ask(&root, Some(&root.client(name))).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_purpose_or_none_is_refused() {
    let root = Root::new();
    let server = root.leaf("security-server", purpose(ExtendedKeyUsagePurpose::ServerAuth));
    assert!(ask(&root, Some(&server)).await.is_err());
    let unstated = root.leaf("security-server", |_| {});
    assert!(ask(&root, Some(&unstated)).await.is_err());
}

#[tokio::test]
async fn a_certificate_out_of_time_is_refused() {
    let root = Root::new();
    let late = root.leaf("security-server", |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    });
    assert!(ask(&root, Some(&late)).await.is_err());
}

#[test]
fn a_client_that_would_trust_nobody_is_not_made() {
    assert!(matches!(tls::client_config(&[], None, Versions::Tls13), Err(TlsError::NoRoot)));
}

#[test]
fn an_identity_does_not_show_its_key() {
    let identity = Root::new().server();
    assert_eq!(format!("{identity:?}"), "Identity { certificates: 1, .. }");
}
