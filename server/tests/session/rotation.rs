//! Certificates and the envelope key change under live sessions: who is in stays in, who comes next meets the new ones.

use std::{fs, path::Path};

use gridkey_protocol::{
    cbor::Value,
    certificate::{Certificate, Purpose},
    crypto::Secret32,
    handshake::ClientHandshake,
};
use gridkey_server::{control::RENEW, operator, parts};
use gridkey_service::{control, tls::read_certificates};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    peer::{PATIENCE, next, stranger},
    stack::{Stack, now, run_test},
};

/// What a newcomer is shown: the fingerprints of the TLS certificate and of the envelope certificate.
async fn shown(stack: &Stack) -> ([u8; 32], [u8; 32]) {
    let (mut socket, exporter) = stranger(stack.session, stack.anchor.der()).await;
    let tls = socket.get_ref().get_ref().1.peer_certificates().unwrap()[0].to_vec();
    let Some(Message::Binary(hello)) = next(&mut socket).await else { panic!("hello expected") };
    let handshake = ClientHandshake::new(Secret32::default(), Some(exporter), false);
    let awaiting = handshake.on_hello(&hello, &stack.anchor, now()).unwrap();
    (Certificate::from_der(&tls).unwrap().fingerprint(), awaiting.envelope().fingerprint())
}

fn receipt_leaf(stack: &Stack) -> Certificate {
    let chain = parts::open_receipt_chain(&stack.config).unwrap();
    stack.anchor.validate(&chain, Purpose::Receipt, now()).unwrap();
    Certificate::from_der(&chain[0]).unwrap()
}

/// Puts the file in place of the other, as an ACME client does.
fn put(from: &Path, to: &Path) {
    let fresh = to.with_extension("fresh");
    fs::copy(from, &fresh).unwrap();
    fs::rename(&fresh, to).unwrap();
}

#[test]
fn what_the_server_certifies_for_itself_is_renewed_while_sessions_go_on() {
    run_test("rotation::what_the_server_certifies_for_itself_is_renewed_while_sessions_go_on", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let (key, _) = stack.key(&folder, "1100000001", "key").await;
        let mut member = stack.login(&key).await.unwrap();
        let (before, receipt) = (shown(&stack).await, receipt_leaf(&stack));

        let made = control::call(&stack.config.control.socket, RENEW, serde_json::Value::Null).await.unwrap();
        let names: Vec<_> = made["renewed"].as_array().unwrap().iter().map(|it| it["certificate"].clone()).collect();
        assert_eq!(names, ["session", "receipt", "envelope"]);

        let after = shown(&stack).await;
        assert!(before.0 != after.0 && before.1 != after.1, "newcomers meet the new ones at once");
        let renewed = receipt_leaf(&stack);
        assert_ne!(receipt.fingerprint(), renewed.fingerprint());
        assert_eq!(receipt.public_key(), renewed.public_key(), "the key stays in the HSM");
        let empty = Value::empty_map();
        assert!(member.call("settings.get", &empty).await.is_ok(), "who was in stays in");
        let mut newcomer = stack.login(&key).await.unwrap();
        assert!(newcomer.call("settings.get", &empty).await.is_ok());

        // Without the server the command does the same, and the server starts with what it made.
        let config = stack.stop().await;
        operator::renew_certificates(&config, now()).await.unwrap();
        let stack = Stack::serve(config).await;
        let last = shown(&stack).await;
        assert!(last.0 != after.0 && last.1 != after.1);
        assert!(stack.login(&key).await.is_ok());
        stack.stop().await;
    });
}

#[test]
fn a_replaced_file_is_taken_and_one_that_does_not_fit_is_not() {
    run_test("rotation::a_replaced_file_is_taken_and_one_that_does_not_fit_is_not", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let (key, _) = stack.key(&folder, "1100000001", "key").await;
        let mut member = stack.login(&key).await.unwrap();
        let before = shown(&stack).await.0;
        let session = &stack.config.session;
        let kept = folder.join("kept.pem");
        fs::copy(&session.certificate, &kept).unwrap();

        // Another's certificate over the key: what was in use stays, and the metric says so.
        put(&stack.config.public.certificate, &session.certificate);
        let client = gridkey_service::https::plain_client(Default::default()).unwrap();
        let metrics = async || client.get(format!("http://{}/metrics", stack.ops)).send().await.unwrap().text().await;
        let failed = |text: &str| text.contains("gridkey_certificate_reload_failed{name=\"session\"} 1");
        let told = tokio::time::timeout(PATIENCE, async {
            while !failed(&metrics().await.unwrap()) {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        });
        told.await.expect("an operator learns of it");
        assert_eq!(shown(&stack).await.0, before);
        assert!(member.call("settings.get", &Value::empty_map()).await.is_ok());

        // The fitting one again, and what was wrong is forgotten.
        put(&kept, &session.certificate);
        let told = tokio::time::timeout(PATIENCE, async {
            while failed(&metrics().await.unwrap()) {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        });
        told.await.expect("it is taken");
        assert_eq!(shown(&stack).await.0, before);
        assert_eq!(read_certificates(&session.certificate).unwrap(), read_certificates(&kept).unwrap());
        assert!(stack.login(&key).await.is_ok());
        stack.stop().await;
    });
}
