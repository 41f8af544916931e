//! `init`, `check` and `dev-key` on a real SoftHSM and an embedded database; what they write works in TLS and in the
//! protocol's path validation.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ed25519_dalek::{SigningKey, pkcs8::DecodePrivateKey as _};
use gridkey_domain::Timestamp;
use gridkey_protocol::certificate::{Certificate, PublicKey, Purpose};
use gridkey_server::{
    config::Config,
    envelope::EnvelopeKeeper,
    hsm::{Hsm, HsmError},
    parts,
    provision::{
        ProvisionError,
        check::check,
        dev_key::{self, DevKey, Holder},
        init::{AdminRequest, init},
        intranet,
    },
    store::{KeyState, Role, Store, surreal::SurrealStore},
};
use gridkey_service::tls::{ClientAuth, Identity, Versions, client_config, read_certificates, server_config};
use rustls::{ClientConnection, ServerConnection};

#[path = "support/server.rs"]
mod server;
#[path = "support/softhsm.rs"]
mod softhsm;

use server::configure;

const DAY: i64 = 86_400;

fn now() -> Timestamp {
    jiff::Timestamp::now().into()
}

fn block_on<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(gridkey_surreal::WORKER_STACK_BYTES)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { tokio::spawn(task).await.unwrap() })
}

fn chain(path: &Path) -> Vec<Vec<u8>> {
    read_certificates(path).unwrap().iter().map(|der| der.to_vec()).collect()
}

fn admin(folder: &Path) -> Option<AdminRequest> {
    Some(AdminRequest { csr: None, out: folder.join("admin") })
}

#[test]
fn a_blank_token_becomes_a_server_once() {
    softhsm::in_own_process("a_blank_token_becomes_a_server_once", |folder| {
        let folder = folder.to_owned();
        block_on(async move {
            let config = configure(&folder, true);
            init(&config, admin(&folder), now()).await.unwrap();
            let again = init(&config, None, now()).await;
            assert!(matches!(again, Err(ProvisionError::AlreadyDone(_))), "{again:?}");
            for (name, found) in check(&config, now()).await {
                found.unwrap_or_else(|why| panic!("{name}: {why}"));
            }

            let anchor = parts::open_anchor(&config).unwrap();
            let receipt = anchor.validate(&parts::open_receipt_chain(&config).unwrap(), Purpose::Receipt, now());
            receipt.unwrap();
            let leaf = anchor.validate(&chain(&folder.join("admin/certificate.pem")), Purpose::Administrator, now());
            let pem = std::fs::read_to_string(folder.join("admin/key.pem")).unwrap();
            let key = SigningKey::from_pkcs8_pem(&pem).unwrap().verifying_key().to_bytes();
            let leaf = leaf.unwrap();
            assert_eq!(leaf.public_key(), PublicKey::Ed25519(key));

            let hsm = parts::start_hsm(&config).unwrap();
            let store = parts::open_store(&config, hsm.as_ref()).await.unwrap();
            let record = store.key(leaf.fingerprint()).await.unwrap().unwrap();
            assert_eq!((record.role, record.state, record.customer), (Role::Admin, KeyState::Bound, None));
            let [envelope] = &store.envelopes().await.unwrap()[..] else { panic!("one envelope expected") };
            anchor.validate(&envelope.chain, Purpose::Envelope, now()).unwrap();
            hsm.agree(&envelope.key_id, &[9; 32]).await.unwrap();
            assert!(store.audit_head().await.unwrap().length >= 3);
            hsm.shutdown(std::time::Duration::from_secs(5)).await;
            // The half-done case: files gone, keys there.
            std::fs::remove_dir_all(&config.state_dir).unwrap();
            let again = init(&config, None, now()).await;
            assert!(matches!(again, Err(ProvisionError::AlreadyDone(_))), "{again:?}");
        });
    });
}

#[test]
fn the_certificates_work_in_tls() {
    softhsm::in_own_process("the_certificates_work_in_tls", |folder| {
        let folder = folder.to_owned();
        block_on(async move {
            let config = configure(&folder, false);
            init(&config, None, now()).await.unwrap();
            let none = ClientAuth::None;
            let session = (&config.session.certificate, &config.session.key);
            shake(session, none.clone(), &config.root.certificate, None, "localhost").unwrap();
            shake(session, none.clone(), &config.root.certificate, None, "127.0.0.1").unwrap_err();
            shake(session, none.clone(), &config.web_root(), None, "localhost").unwrap_err();
            let public = (&config.public.certificate, &config.public.key);
            for name in ["localhost", "127.0.0.1"] {
                shake(public, none.clone(), &config.web_root(), None, name).unwrap();
            }

            let folder = config.intranet_dir();
            let platform = (&folder.join("platform.pem"), &folder.join("platform-key.pem"));
            let roots = read_certificates(&config.platform.root).unwrap();
            let require = ClientAuth::Require { roots, name: intranet::SERVER_NAME.to_owned() };
            let own = (&config.platform.certificate, &config.platform.key);
            for name in ["platform", "localhost", "127.0.0.1"] {
                shake(platform, require.clone(), &config.platform.root, Some(own), name).unwrap();
            }
            shake(platform, require.clone(), &config.platform.root, None, "platform").unwrap_err();
            // The platform's own certificate is no client's.
            shake(platform, require, &config.platform.root, Some(platform), "platform").unwrap_err();
        });
    });
}

type Pair<'a> = (&'a PathBuf, &'a PathBuf);

/// A TLS handshake in memory.
fn shake(
    server: Pair<'_>,
    auth: ClientAuth,
    root: &Path,
    own: Option<Pair<'_>>,
    name: &str,
) -> Result<(), rustls::Error> {
    let identity = Identity::from_pem_files(server.0, server.1).unwrap();
    let server = server_config(&identity, auth, Versions::Tls13).unwrap();
    let own = own.map(|(certificate, key)| Identity::from_pem_files(certificate, key).unwrap());
    let client = client_config(&read_certificates(root).unwrap(), own.as_ref(), Versions::Tls13).unwrap();
    let mut client = ClientConnection::new(Arc::new(client), name.to_owned().try_into().unwrap())?;
    let mut server = ServerConnection::new(server)?;
    while client.is_handshaking() || server.is_handshaking() || client.wants_write() || server.wants_write() {
        let mut wire = Vec::new();
        client.write_tls(&mut wire).unwrap();
        server.read_tls(&mut wire.as_slice()).unwrap();
        server.process_new_packets()?;
        let mut wire = Vec::new();
        server.write_tls(&mut wire).unwrap();
        client.read_tls(&mut wire.as_slice()).unwrap();
        client.process_new_packets()?;
    }
    Ok(())
}

#[test]
fn a_trial_key_is_issued_bound_and_written() {
    softhsm::in_own_process("a_trial_key_is_issued_bound_and_written", |folder| {
        let folder = folder.to_owned();
        block_on(async move {
            let config = configure(&folder, true);
            init(&config, None, now()).await.unwrap();
            let out = folder.join("key");
            let customer: gridkey_domain::CustomerNo = "1100000001".parse().unwrap();
            let asked = DevKey {
                holder: Holder::Customer(customer.clone()),
                out: out.clone(),
                csr: None,
                agreement_public_key: None,
            };
            dev_key::run(&config, &asked, now()).await.unwrap();
            assert!(dev_key::run(&config, &asked, now()).await.is_err(), "never over another key");

            let anchor = parts::open_anchor(&config).unwrap();
            assert_eq!(chain(&out.join("root.pem")), [anchor.der().to_vec()]);
            let authentication = chain(&out.join("certificate.pem"));
            let leaf = anchor.validate(&authentication, Purpose::UsbKey, now()).unwrap();
            let pem = std::fs::read_to_string(out.join("key.pem")).unwrap();
            let key = SigningKey::from_pkcs8_pem(&pem).unwrap().verifying_key().to_bytes();
            assert_eq!(leaf.public_key(), PublicKey::Ed25519(key));
            let agreement = [chain(&out.join("agreement.pem")), authentication[1..].to_vec()].concat();
            let agreement = anchor.validate(&agreement, Purpose::Agreement, now()).unwrap();
            assert!(out.join("agreement-key.pem").exists());

            // A key on a token: a request comes in, no key goes out.
            let signer = gridkey_server::ca::SoftwareSigner::generate().unwrap();
            let (csr, point) = (folder.join("csr"), folder.join("point"));
            std::fs::write(&csr, signer.request("token").unwrap()).unwrap();
            std::fs::write(&point, format!("{}\n", hex::encode([5; 32]))).unwrap();
            let out = folder.join("token-key");
            let asked = DevKey {
                holder: Holder::Customer(customer.clone()),
                out: out.clone(),
                csr: Some(csr),
                agreement_public_key: Some(point),
            };
            dev_key::run(&config, &asked, now()).await.unwrap();
            assert!(out.join("agreement.pem").exists() && !out.join("key.pem").exists());

            let store = open(&config).await;
            let keys = store.keys_of(&customer).await.unwrap();
            assert_eq!(keys.len(), 2);
            assert!(keys.iter().all(|key| key.state == KeyState::Bound));
            let first = keys.iter().find(|key| key.fingerprint == leaf.fingerprint()).unwrap();
            let stored = Certificate::from_der(first.agreement.as_ref().unwrap()).unwrap();
            assert_eq!(stored.fingerprint(), agreement.fingerprint());
            store.close().await.unwrap();

            let mut strict = config.clone();
            strict.development.software_keys = false;
            let asked = DevKey { out: folder.join("other"), ..asked };
            let refused = dev_key::run(&strict, &asked, now()).await.unwrap_err().to_string();
            assert!(refused.contains("software keys"), "{refused}");
            assert!(!asked.out.exists());
        });
    });
}

async fn open(config: &Config) -> SurrealStore {
    let hsm = parts::start_hsm(config).unwrap();
    let store = parts::open_store(config, hsm.as_ref()).await.unwrap();
    hsm.shutdown(std::time::Duration::from_secs(5)).await;
    store
}

#[test]
fn envelope_keys_are_renewed_in_time_and_destroyed_after_it() {
    softhsm::in_own_process("envelope_keys_are_renewed_in_time_and_destroyed_after_it", |folder| {
        let folder = folder.to_owned();
        block_on(async move {
            let config = configure(&folder, false);
            let start = now();
            init(&config, None, start).await.unwrap();
            let hsm = parts::start_hsm(&config).unwrap();
            let issuer = Arc::new(parts::open_issuer(&config, Arc::clone(&hsm) as _).unwrap());
            let store: Arc<dyn Store> = Arc::new(parts::open_store(&config, hsm.as_ref()).await.unwrap());
            let keeper = EnvelopeKeeper::new(Arc::clone(&hsm) as _, issuer, Arc::clone(&store));
            let after = |days: i64| start.plus_seconds(days * DAY);

            let first = keeper.ensure_current(after(22)).await.unwrap();
            assert_eq!(first.len(), 1, "8 days are left");
            let both = keeper.ensure_current(after(24)).await.unwrap();
            assert_eq!(both.len(), 2);
            assert_eq!(both[1], first[0]);
            assert!(both[0].not_after.seconds_since(both[0].not_before) <= 30 * DAY);
            assert_eq!(keeper.ensure_current(after(36)).await.unwrap(), both, "kept for queued orders");
            hsm.agree(&both[1].key_id, &[9; 32]).await.unwrap();

            let left = keeper.ensure_current(after(38)).await.unwrap();
            assert_eq!(left, both[..1]);
            assert_eq!(hsm.agree(&both[1].key_id, &[9; 32]).await, Err(HsmError::NoSuchKey));
            hsm.agree(&both[0].key_id, &[9; 32]).await.unwrap();
            let head = store.audit_head().await.unwrap();
            keeper.ensure_current(after(38)).await.unwrap();
            assert_eq!(store.audit_head().await.unwrap(), head, "nothing is done twice");
            hsm.shutdown(std::time::Duration::from_secs(5)).await;
        });
    });
}
