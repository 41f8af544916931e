//! The session listener of a real server, on a real SoftHSM and database, against peers that keep the contract and peers that don't.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::time::Duration;

use futures_util::SinkExt as _;
use gridkey_domain::CustomerNo;
use gridkey_protocol::{cbor::Value, close::CloseCode, frame::ServerFrame, handshake::Resume, limits};
use gridkey_server::store::KeyState;
use tokio_tungstenite::tungstenite::{self, Bytes, Message};

#[path = "session/admin.rs"]
mod admin;
#[path = "support/peer.rs"]
mod peer;
#[path = "session/rotation.rs"]
mod rotation;
#[path = "support/server.rs"]
mod server;
#[path = "support/softhsm.rs"]
mod softhsm;
#[path = "support/stack.rs"]
mod stack;

use peer::{Key, PATIENCE, Peer, authenticate, closed, connect, next, stranger};
use stack::{Stack, run_test};

#[test]
fn a_stranger_is_sent_away_with_the_reason() {
    run_test("a_stranger_is_sent_away_with_the_reason", async |folder| {
        let stack = Stack::start(&folder, |config| config.session.handshake_seconds = 3).await;
        let root = stack.anchor.der().to_vec();
        let status = |error| match error {
            tungstenite::Error::Http(response) => response.status().as_u16(),
            other => panic!("{other}"),
        };
        let refused = connect(stack.session, &root, &[]).await.unwrap_err();
        assert_eq!(status(refused), 400, "the subprotocol is needed");
        let browser = [("sec-websocket-protocol", "gridkey.v1"), ("origin", "https://example.com")];
        let refused = connect(stack.session, &root, &browser).await.unwrap_err();
        assert_eq!(status(refused), 403, "no web page is let in");

        let says = async |message: Message| {
            let (mut socket, _) = stranger(stack.session, &root).await;
            next(&mut socket).await.unwrap();
            socket.send(message).await.unwrap();
            closed(&mut socket).await
        };
        assert_eq!(says(Message::Text("hello".into())).await, Some(CloseCode::Malformed));
        assert_eq!(says(Message::Binary(Bytes::from_static(b"\xff"))).await, Some(CloseCode::Malformed));
        let long = vec![0; limits::MESSAGE_BEFORE_AUTHENTICATION + 1];
        assert_eq!(says(Message::Binary(long.into())).await, Some(CloseCode::TooBig));

        let (mut silent, _) = stranger(stack.session, &root).await;
        assert_eq!(closed(&mut silent).await, Some(CloseCode::HandshakeTimeout));

        // A certificate of another kind: the administrator's, on the customers' listener.
        let admin = Key::load(&folder.join("admin"));
        assert_eq!(stack.login(&admin).await.err(), Some(Some(CloseCode::NotAuthenticated)));
        // A valid chain, but another key's signature.
        let (customer, _) = stack.key(&folder, "1100000001", "key").await;
        let forged = Key { chain: customer.chain.clone(), key: admin.key.clone() };
        assert_eq!(stack.login(&forged).await.err(), Some(Some(CloseCode::NotAuthenticated)));
        // A proof that was made for another connection.
        let (mut first, exporter) = stranger(stack.session, &root).await;
        let Some(Message::Binary(hello)) = next(&mut first).await else { panic!("hello expected") };
        let (proof, _) = authenticate(&hello, exporter, &stack.anchor, &customer, None);
        assert_eq!(says(Message::Binary(proof.into())).await, Some(CloseCode::NotAuthenticated));
        stack.stop().await;
    });
}

#[test]
fn a_member_is_served_and_held_to_the_rules() {
    run_test("a_member_is_served_and_held_to_the_rules", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let (key, _) = stack.key(&folder, "1100000001", "key").await;
        let mut peer = stack.login(&key).await.unwrap();
        assert_eq!(peer.welcome.customer.as_ref().map(CustomerNo::as_str), Some("1100000001"));
        assert!(!peer.welcome.recovered);

        let empty = Value::empty_map();
        assert!(peer.call("settings.get", &empty).await.is_ok());
        assert_eq!(peer.call("no.such", &empty).await, Err("unknown-op".into()));
        assert_eq!(peer.call("key.issue", &empty).await, Err("forbidden".into()));
        let extra = Value::Map(vec![("x".into(), Value::Null)]);
        assert_eq!(peer.call("settings.get", &extra).await, Err("bad-request".into()));
        // The platform is not there; the session lives on.
        assert_eq!(peer.call("account.get", &empty).await, Err("unavailable".into()));
        assert_eq!(peer.call("stream.ack", &Value::Map(vec![("offset".into(), Value::Unsigned(0))])).await.err(), None);

        // A frame sent twice does not open a second time.
        let (_, frame) = peer.session.request("settings.get", &empty).unwrap();
        peer.send(frame.clone()).await;
        assert!(matches!(peer.frame().await, Ok(ServerFrame::Response(_))));
        peer.send(frame).await;
        assert_eq!(peer.frame().await, Err(Some(CloseCode::Malformed)));

        // Control frames are counted.
        let mut noisy = stack.login(&key).await.unwrap();
        for _ in 0..=limits::CONTROL_FRAMES_PER_TEN_SECONDS {
            let _ = noisy.socket.send(Message::Ping(Bytes::new())).await;
        }
        assert_eq!(closed(&mut noisy.socket).await, Some(CloseCode::TooMany));

        let mut long = stack.login(&key).await.unwrap();
        long.send(vec![0; 2 * limits::MESSAGE]).await;
        assert_eq!(closed(&mut long.socket).await, Some(CloseCode::TooBig));

        // An epoch that is not the stream's, and one that is.
        let strange = Resume { epoch: [9; 16].into(), offset: 0 };
        let peer = Peer::login(stack.session, &stack.anchor, &key, Some(strange)).await.unwrap();
        assert!(!peer.welcome.recovered);
        let known = Resume { epoch: peer.welcome.epoch, offset: peer.welcome.offset };
        let peer = Peer::login(stack.session, &stack.anchor, &key, Some(known)).await.unwrap();
        assert!(peer.welcome.recovered);
        let ahead = Resume { offset: peer.welcome.offset + 1, ..known };
        let peer = Peer::login(stack.session, &stack.anchor, &key, Some(ahead)).await.unwrap();
        assert!(!peer.welcome.recovered, "an offset above the newest is not resumed");
        stack.stop().await;
    });
}

#[test]
fn a_lost_key_is_out_within_a_second_and_stays_out() {
    run_test("a_lost_key_is_out_within_a_second_and_stays_out", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let (lost, fingerprint) = stack.key(&folder, "1100000001", "lost").await;
        let (kept, other) = stack.key(&folder, "1100000001", "kept").await;
        let mut cut = stack.login(&lost).await.unwrap();
        let mut colleague = stack.login(&kept).await.unwrap();

        stack.end(&fingerprint, KeyState::Lost).await;
        let code = tokio::time::timeout(Duration::from_secs(1), closed(&mut cut.socket)).await.unwrap();
        assert_eq!(code, Some(CloseCode::Lost));
        assert_eq!(stack.login(&lost).await.err(), Some(Some(CloseCode::Lost)));
        assert!(colleague.call("settings.get", &Value::empty_map()).await.is_ok(), "the other key goes on");

        let config = stack.stop().await;
        let stack = Stack::serve(config).await;
        assert_eq!(stack.login(&lost).await.err(), Some(Some(CloseCode::Lost)), "a restart forgets nothing");
        assert!(stack.login(&kept).await.is_ok());
        stack.end(&other, KeyState::Unbound).await;
        assert_eq!(stack.login(&kept).await.err(), Some(Some(CloseCode::Unbound)));
        stack.stop().await;
    });
}

#[test]
fn a_fifth_session_replaces_the_oldest() {
    run_test("a_fifth_session_replaces_the_oldest", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let (key, _) = stack.key(&folder, "1100000001", "key").await;
        let mut sessions = Vec::new();
        for _ in 0..=limits::SESSIONS_PER_KEY {
            sessions.push(stack.login(&key).await.unwrap());
        }
        assert_eq!(closed(&mut sessions[0].socket).await, Some(CloseCode::ReplacedSession));
        for session in &mut sessions[1..] {
            assert!(session.call("settings.get", &Value::empty_map()).await.is_ok());
        }
        // A graceful stop tells everyone.
        stack.stop.cancel();
        assert_eq!(closed(&mut sessions[4].socket).await, Some(CloseCode::GoingAway));
        stack.stop().await;
    });
}

#[test]
fn a_lost_hsm_turns_logins_away_and_comes_back_without_a_restart() {
    run_test("a_lost_hsm_turns_logins_away_and_comes_back_without_a_restart", async |folder| {
        let stack = Stack::start(&folder, |config| config.hsm.call_milliseconds = 2_000).await;
        let (key, _) = stack.key(&folder, "1100000001", "key").await;
        let mut member = stack.login(&key).await.unwrap();

        let (tokens, away) = (folder.join("tokens"), folder.join("tokens-away"));
        std::fs::rename(&tokens, &away).unwrap();
        assert_eq!(stack.login(&key).await.err(), Some(Some(CloseCode::Unavailable)));
        assert!(member.call("settings.get", &Value::empty_map()).await.is_ok(), "open sessions go on");
        let client = gridkey_service::https::plain_client(Default::default()).unwrap();
        let health = client.get(format!("http://{}/healthz", stack.ops)).send().await.unwrap();
        assert_eq!(health.status().as_u16(), 503);

        std::fs::rename(&away, &tokens).unwrap();
        let back = tokio::time::timeout(PATIENCE, async {
            while stack.login(&key).await.is_err() {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
        back.await.expect("the server finds its HSM again");
        stack.stop().await;
    });
}

#[test]
fn an_address_that_fails_too_often_must_wait() {
    run_test("an_address_that_fails_too_often_must_wait", async |folder| {
        let stack = Stack::start(&folder, |config| config.session.max_failures_per_minute = 3).await;
        let (key, _) = stack.key(&folder, "1100000001", "key").await;
        let root = stack.anchor.der().to_vec();
        for _ in 0..3 {
            let (mut socket, _) = stranger(stack.session, &root).await;
            next(&mut socket).await.unwrap();
            socket.send(Message::Binary(Bytes::from_static(b"\x00"))).await.unwrap();
            assert_eq!(closed(&mut socket).await, Some(CloseCode::Malformed));
        }
        assert_eq!(stack.login(&key).await.err(), Some(Some(CloseCode::TooMany)));
        stack.stop().await;
    });
}
