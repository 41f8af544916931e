use std::{sync::atomic::Ordering, time::Duration};

use gridkey_protocol::{
    CloseCode,
    domain::account::AccountUpdate,
    frame::OpError,
    ops::{self, Empty, account::Settings},
    testpki::TestPki,
};

use super::*;
use crate::{
    store::Store,
    testing::{EPOCH, Greeting, Line, LineConnector, MemoryToken, Peer, settings},
    transport::{ChannelError, Incoming},
};

struct Fixture {
    pki: TestPki,
    session: Session,
    lines: tokio::sync::mpsc::UnboundedReceiver<Line>,
    connector: Arc<LineConnector>,
}

fn start(change: impl FnOnce(&mut SessionSettings)) -> Fixture {
    let pki = TestPki::new();
    let (connector, lines) = LineConnector::new();
    let mut settings = settings(&pki);
    change(&mut settings);
    let key = MemoryToken::new(&pki).usb_key(&pki.anchor());
    let session = Session::start(Arc::clone(&connector) as Arc<dyn Connector>, key, settings);
    Fixture { pki, session, lines, connector }
}

const FRESH: Greeting = Greeting { offset: 0, recovered: false };

impl Fixture {
    async fn welcome(&mut self, greeting: Greeting) -> Peer {
        let line = self.lines.recv().await.unwrap();
        Peer::shake_hands(line, &self.pki, greeting).await
    }

    async fn state(&self, wanted: impl Fn(&ConnectionState) -> bool) -> ConnectionState {
        self.session.state().wait_for(wanted).await.unwrap().clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_carries_requests_and_tells_errors_apart() {
    let mut fixture = start(|_| {});
    let mut peer = fixture.welcome(FRESH).await;
    let online = fixture.session.online().await.unwrap();
    assert_eq!(online.customer.as_ref().map(|customer| customer.as_str()), Some("1100000001"));

    let session = fixture.session.clone();
    let first = tokio::spawn(async move { session.call::<ops::SettingsGet>(&Empty {}).await });
    let request = peer.request().await.unwrap();
    assert_eq!(request.op, "settings.get");
    peer.answer(request.id, Ok(&Settings::default()));
    assert_eq!(first.await.unwrap().unwrap(), Settings::default());

    let session = fixture.session.clone();
    let second = tokio::spawn(async move { session.call::<ops::AccountUpdate>(&AccountUpdate::default()).await });
    let request = peer.request().await.unwrap();
    peer.answer::<()>(request.id, Err(OpError::fatal("bad-request", "contact: missing")));
    assert_eq!(second.await.unwrap().unwrap_err().code(), Some("bad-request"));

    let session = fixture.session.clone();
    let third = tokio::spawn(async move { session.call::<ops::SettingsGet>(&Empty {}).await });
    let request = peer.request().await.unwrap();
    peer.answer(request.id, Ok(&"no map"));
    assert!(matches!(third.await.unwrap(), Err(CallError::BadAnswer(_))));
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_answer_never_comes_ends_as_unknown() {
    let mut fixture = start(|_| {});
    let mut peer = fixture.welcome(FRESH).await;
    fixture.session.online().await.unwrap();
    let session = fixture.session.clone();
    let lost = tokio::spawn(async move { session.call::<ops::AccountGet>(&Empty {}).await });
    peer.request().await.unwrap();
    peer.close(CloseCode::GoingAway);
    let error = lost.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::Lost) && error.outcome_unknown());

    let mut peer = fixture.welcome(FRESH).await;
    fixture.state(|state| matches!(state, ConnectionState::Online(_))).await;
    let session = fixture.session.clone();
    let slow = tokio::spawn(async move { session.call::<ops::AccountGet>(&Empty {}).await });
    let keep_alive = tokio::spawn(async move {
        peer.request().await.unwrap();
        loop {
            tokio::time::sleep(Duration::from_secs(20)).await;
            peer.line.to_client.send(Ok(Incoming::Alive)).unwrap();
        }
    });
    assert!(matches!(slow.await.unwrap(), Err(CallError::NoAnswer)));
    keep_alive.abort();
}

#[tokio::test(start_paused = true)]
async fn without_a_session_nothing_is_sent() {
    let fixture = start(|_| {});
    assert!(matches!(fixture.session.call::<ops::AccountGet>(&Empty {}).await, Err(CallError::NotConnected)));
}

#[tokio::test(start_paused = true)]
async fn comes_back_after_codes_that_invite_it_and_not_after_others() {
    for code in [CloseCode::Unavailable, CloseCode::GoingAway, CloseCode::SessionEnd, CloseCode::TooMany] {
        let mut fixture = start(|_| {});
        fixture.welcome(FRESH).await.close(code);
        let _peer = fixture.welcome(FRESH).await;
        fixture.state(|state| matches!(state, ConnectionState::Online(_))).await;
        assert_eq!(fixture.connector.attempts.load(Ordering::Relaxed), 2, "{code:?}");
    }
    for code in [CloseCode::NotAuthenticated, CloseCode::Unbound, CloseCode::Lost, CloseCode::ReplacedSession] {
        let mut fixture = start(|_| {});
        fixture.welcome(FRESH).await.close(code);
        let ended = fixture.state(|state| matches!(state, ConnectionState::Ended(_))).await;
        let ConnectionState::Ended(reason) = ended else { unreachable!() };
        assert_eq!(reason.close_code(), Some(code));
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(fixture.connector.attempts.load(Ordering::Relaxed), 1, "{code:?}");
        // Only a person starts it again.
        fixture.session.retry_now().await;
        fixture.welcome(FRESH).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_in_the_handshake_is_told_as_the_server_told_it() {
    let mut fixture = start(|_| {});
    let mut line = fixture.lines.recv().await.unwrap();
    let (_, hello) = Peer::hello(&fixture.pki, Some([3; 32]));
    line.to_client.send(Ok(Incoming::Message(hello))).unwrap();
    line.from_client.recv().await.unwrap();
    line.to_client.send(Err(ChannelError::Closed(CloseCode::Unbound))).unwrap();
    let failure = fixture.session.online().await.unwrap_err().unwrap();
    assert!(failure.is_not_allowed_in());
    assert!(failure.to_string().contains("not bound"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn a_server_without_the_company_s_envelope_is_not_talked_to() {
    let mut fixture = start(|_| {});
    let mut line = fixture.lines.recv().await.unwrap();
    let (_, hello) = Peer::hello(&TestPki::with_seed(9), Some([3; 32]));
    line.to_client.send(Ok(Incoming::Message(hello))).unwrap();
    let failure = fixture.session.online().await.unwrap_err().unwrap();
    assert!(matches!(failure.as_ref(), SessionFailure::Handshake(_)), "{failure}");
    assert!(!failure.invites_retry());
    assert_eq!(line.closed.recv().await, Some(CloseCode::NotAuthenticated));
    // The proof never left this machine.
    assert!(line.from_client.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_binds_to_no_channel_is_refused_unless_allowed() {
    for allowed in [false, true] {
        let mut fixture = start(|settings| settings.allow_unbound = allowed);
        let mut line = fixture.lines.recv().await.unwrap();
        let (_, hello) = Peer::hello(&fixture.pki, None);
        line.to_client.send(Ok(Incoming::Message(hello))).unwrap();
        if allowed {
            assert!(line.from_client.recv().await.is_some());
        } else {
            assert_eq!(line.closed.recv().await, Some(CloseCode::NotAuthenticated));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_does_not_open_ends_the_session() {
    let mut fixture = start(|_| {});
    let mut peer = fixture.welcome(FRESH).await;
    fixture.session.online().await.unwrap();
    peer.line.to_client.send(Ok(Incoming::Message(vec![0; 40]))).unwrap();
    assert_eq!(peer.line.closed.recv().await, Some(CloseCode::Malformed));
    fixture.state(|state| matches!(state, ConnectionState::Ended(_))).await;
}

#[tokio::test(start_paused = true)]
async fn leaves_after_75_seconds_of_silence_and_not_while_pings_come() {
    let mut fixture = start(|_| {});
    let peer = fixture.welcome(FRESH).await;
    fixture.session.online().await.unwrap();
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_secs(70)).await;
        peer.line.to_client.send(Ok(Incoming::Alive)).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(fixture.session.current().is_some());
    }
    tokio::time::sleep(Duration::from_secs(76)).await;
    fixture.welcome(FRESH).await;
}

#[tokio::test(start_paused = true)]
async fn closing_tells_the_server() {
    let mut fixture = start(|_| {});
    let mut peer = fixture.welcome(FRESH).await;
    fixture.session.online().await.unwrap();
    fixture.session.close().await;
    assert_eq!(peer.line.closed.recv().await, Some(CloseCode::SessionEnd));
    assert!(matches!(*fixture.session.state().borrow(), ConnectionState::Offline));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_last_handle_ends_the_session() {
    let mut fixture = start(|_| {});
    let mut peer = fixture.welcome(FRESH).await;
    fixture.session.online().await.unwrap();
    drop(fixture.session);
    assert_eq!(peer.line.closed.recv().await, Some(CloseCode::SessionEnd));
}

#[tokio::test(start_paused = true)]
async fn more_requests_than_the_window_wait_their_turn() {
    let mut fixture = start(|_| {});
    let mut peer = fixture.welcome(FRESH).await;
    fixture.session.online().await.unwrap();
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let session = fixture.session.clone();
            tokio::spawn(async move { session.call::<ops::SettingsGet>(&Empty {}).await })
        })
        .collect();
    // `request` fails the test if more than 64 wait at once.
    for _ in 0..200 {
        let request = peer.request().await.unwrap();
        tokio::task::yield_now().await;
        peer.answer(request.id, Ok(&Settings::default()));
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn pushes_are_kept_then_acknowledged_and_resumed_after_a_break() {
    let folder = tempfile::tempdir().unwrap();
    let pki = TestPki::new();
    let key = MemoryToken::new(&pki).usb_key(&pki.anchor());
    let store = Store::open(folder.path(), &key).await.unwrap();
    let keeper: Arc<dyn StreamKeeper> = Arc::new(store.clone());
    let mut fixture = start(|settings| settings.keeper = Some(keeper));
    let mut events = fixture.session.events();
    let mut peer = fixture.welcome(Greeting { offset: 4, recovered: false }).await;
    assert_eq!(peer.resume, None);
    assert!(matches!(events.recv().await, Ok(Event::Reload)));
    assert!(matches!(events.recv().await, Ok(Event::CaughtUp)));
    peer.push(5);
    peer.push(6);
    let mut acknowledged = 0;
    while acknowledged < 6 {
        let request = peer.request().await.unwrap();
        assert_eq!(request.op, "stream.ack");
        let body: ops::alarms::StreamAckBody = gridkey_protocol::cbor::from_value(request.body).unwrap();
        assert!(body.offset > acknowledged);
        acknowledged = body.offset;
        // What is acknowledged is on disk.
        assert!(store.place().unwrap().unwrap().offset >= acknowledged);
        peer.answer(request.id, Ok(&ops::alarms::StreamAcknowledged { offset: acknowledged }));
    }
    for offset in [5, 6] {
        assert!(matches!(events.recv().await, Ok(Event::Push(push)) if push.offset == offset));
    }
    peer.close(CloseCode::GoingAway);

    let mut peer = fixture.welcome(Greeting { offset: 8, recovered: true }).await;
    let resume = peer.resume.unwrap();
    assert_eq!((resume.epoch.0, resume.offset), (EPOCH, 6));
    peer.push(7);
    peer.push(8);
    for offset in [7, 8] {
        assert!(matches!(events.recv().await, Ok(Event::Push(push)) if push.offset == offset));
    }
    assert!(matches!(events.recv().await, Ok(Event::CaughtUp)));
    assert_eq!(store.unseen().unwrap().len(), 4);
}

#[tokio::test]
async fn a_session_that_does_not_follow_moves_nothing() {
    let mut fixture = start(|_| {});
    let mut events = fixture.session.events();
    let mut peer = fixture.welcome(Greeting { offset: 4, recovered: false }).await;
    fixture.session.online().await.unwrap();
    peer.push(5);
    assert!(matches!(events.recv().await, Ok(Event::Push(push)) if push.offset == 5));
    fixture.session.close().await;
    // No acknowledgement was sent.
    assert!(peer.request().await.is_none());
}
