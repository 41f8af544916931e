//! The daemon on real sockets: who gets in, and what an operator sees.

use std::{path::Path, sync::Arc};

use gridkey_platform::{config::Config, serve::Daemon};
use gridkey_service::{
    clock::ManualClock,
    https::{self, ClientTimeouts},
    tls::{self, Identity, Versions},
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_util::sync::CancellationToken;

type Root = CertifiedIssuer<'static, KeyPair>;

fn root() -> Root {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn leaf(root: &Root, name: &str, purpose: ExtendedKeyUsagePurpose) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.extended_key_usages = vec![purpose];
    (params.signed_by(&key, root).unwrap(), key)
}

fn client(root: &Root, name: &str) -> Identity {
    let (certificate, key) = leaf(root, name, ExtendedKeyUsagePurpose::ClientAuth);
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Identity::new(vec![certificate.der().clone()], key)
}

async fn start(folder: &Path, root: &Root, stop: CancellationToken) -> Daemon {
    use std::os::unix::fs::PermissionsExt;
    let (certificate, key) = leaf(root, "localhost", ExtendedKeyUsagePurpose::ServerAuth);
    std::fs::write(folder.join("root.pem"), root.pem()).unwrap();
    std::fs::write(folder.join("platform.pem"), certificate.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    std::fs::set_permissions(folder.join("key.pem"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let text = "[https]\ncertificate = 'platform.pem'\nkey = 'key.pem'\nclient_root = 'root.pem'\n";
    std::fs::write(folder.join("platform.toml"), text).unwrap();
    let config = Config::load(&folder.join("platform.toml")).unwrap();
    let clock = Arc::new(ManualClock::at("2026-11-23T04:00:00Z".parse().unwrap()));
    Daemon::start(&config, clock, stop).await.unwrap()
}

#[tokio::test]
async fn only_the_security_server_gets_in() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs, stop) = (root(), root(), CancellationToken::new());
    let daemon = start(folder.path(), &ours, stop.clone()).await;
    let ask = async |identity: Option<Identity>| {
        let config = tls::client_config(&[ours.der().clone()], identity.as_ref(), Versions::Tls13).unwrap();
        let client = https::client(config, ClientTimeouts::default()).unwrap();
        let url = format!("https://localhost:{}/v1/ping", daemon.https.port());
        client.get(url).send().await?.error_for_status()?.text().await
    };
    let answer = ask(Some(client(&ours, "security-server"))).await.unwrap();
    assert_eq!(answer, r#"{"time":"2026-11-23T04:00:00Z"}"#);
    assert!(ask(Some(client(&ours, "customer"))).await.is_err());
    assert!(ask(Some(client(&theirs, "security-server"))).await.is_err());
    assert!(ask(None).await.is_err());
    stop.cancel();
    daemon.wait().await.unwrap();
}

#[tokio::test]
async fn an_operator_sees_health_metrics_and_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let (root, stop) = (root(), CancellationToken::new());
    let daemon = start(folder.path(), &root, stop.clone()).await;
    let plain = https::plain_client(ClientTimeouts::default()).unwrap();
    let health = plain.get(format!("http://{}/healthz", daemon.ops)).send().await.unwrap();
    assert!(health.status().is_success());
    let metrics = plain.get(format!("http://{}/metrics", daemon.ops)).send().await.unwrap();
    assert!(metrics.status().is_success());
    let announced = std::fs::read_to_string(folder.path().join("data/runtime.json")).unwrap();
    let announced: serde_json::Value = serde_json::from_str(&announced).unwrap();
    assert_eq!(announced["https"], daemon.https.to_string());
    stop.cancel();
    daemon.wait().await.unwrap();
}
