use gridkey_domain::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::{
    bytes::ByteArray,
    crypto::Secret32,
    frame::PushKind,
    handshake::Resume,
    ops::{self, Empty},
    testpki::{self, Meeting, welcome},
};

fn sessions() -> (ServerSession, ClientSession) {
    Meeting::new().sessions(limits::UNANSWERED).unwrap()
}

/// Both sides after `welcome`.
fn welcomed() -> (ServerSession, ClientSession) {
    let (mut server, mut client) = sessions();
    let frame = server.welcome(welcome(0, false)).unwrap();
    client.receive(&frame).unwrap();
    (server, client)
}

fn ask(client: &mut ClientSession) -> Vec<u8> {
    client.request("account.get", &Empty {}).unwrap().1
}

fn push(offset: u64) -> Push {
    Push { offset, at: testpki::now(), kind: PushKind::Notice, body: Value::empty_map() }
}

const CLOSED: Result<Incoming, SessionError> = Err(SessionError::Frame(FrameError::DoesNotOpen));

#[test]
fn a_request_is_answered_with_a_result_or_an_error() {
    let (mut server, mut client) = welcomed();
    let (id, frame) = client.request("account.get", &Empty {}).unwrap();
    let Incoming::Request(request) = server.receive(&frame).unwrap() else { panic!("busy") };
    assert_eq!((request.id, request.op.as_str(), &request.body), (id, "account.get", &Value::empty_map()));
    let frame = server.answer(id, Ok(Value::Null)).unwrap();
    let answer = ServerFrame::Response(Response { id, outcome: Ok(Value::Null) });
    assert_eq!(client.receive(&frame).unwrap(), answer);

    let (id, frame) = client.request("bill.get", &Empty {}).unwrap();
    server.receive(&frame).unwrap();
    let error = OpError::fatal(ops::error::NOT_FOUND, "no such bill");
    let frame = server.answer(id, Err(error.clone())).unwrap();
    assert_eq!(client.receive(&frame).unwrap(), ServerFrame::Response(Response { id, outcome: Err(error) }));
}

#[test]
fn frames_out_of_order_do_not_open() {
    let (mut server, mut client) = welcomed();
    let (_first, second) = (ask(&mut client), ask(&mut client));
    assert_eq!(server.receive(&second), CLOSED);

    let (mut server, mut client) = welcomed();
    let (_first, second) = (server.push(push(1)).unwrap(), server.push(push(2)).unwrap());
    assert_eq!(client.receive(&second), Err(SessionError::Frame(FrameError::DoesNotOpen)));
}

#[test]
fn a_replayed_frame_does_not_open() {
    let (mut server, mut client) = welcomed();
    let frame = ask(&mut client);
    server.receive(&frame).unwrap();
    assert_eq!(server.receive(&frame), CLOSED);

    let frame = server.push(push(1)).unwrap();
    client.receive(&frame).unwrap();
    assert_eq!(client.receive(&frame), Err(SessionError::Frame(FrameError::DoesNotOpen)));
}

#[test]
fn a_reflected_frame_does_not_open() {
    let (mut server, mut client) = sessions();
    let first = server.welcome(welcome(0, false)).unwrap();
    assert_eq!(server.receive(&first), CLOSED);
    client.receive(&first).unwrap();

    // Same counter in both directions: only the keys tell them apart.
    let asked = ask(&mut client);
    assert_eq!(client.receive(&asked), Err(SessionError::Frame(FrameError::DoesNotOpen)));
}

#[test]
fn a_frame_of_another_session_does_not_open() {
    let mut meeting = Meeting::new();
    let (mut server, _) = meeting.sessions(limits::UNANSWERED).unwrap();
    meeting.server_exporter = Some([1; 32]);
    meeting.client_exporter = Some([1; 32]);
    let (mut other, mut client) = meeting.sessions(limits::UNANSWERED).unwrap();
    client.receive(&other.welcome(welcome(0, false)).unwrap()).unwrap();
    assert_eq!(server.receive(&ask(&mut client)), CLOSED);
}

#[test]
fn a_frame_cut_or_changed_anywhere_does_not_open() {
    let (_, mut client) = welcomed();
    let frame = ask(&mut client);
    let (mut server, _) = sessions();
    for cut in 0..frame.len() {
        assert_eq!(server.receive(&frame[..cut]), CLOSED);
    }
    for at in 0..frame.len() {
        let mut changed = frame.clone();
        changed[at] ^= 0x10;
        assert_eq!(server.receive(&changed), CLOSED);
    }
    assert_eq!(server.receive(&[&frame[..], &[0]].concat()), CLOSED);
    assert_eq!(SessionError::from(FrameError::DoesNotOpen).close(), CloseCode::Malformed);
    // None of this moved the counter.
    assert!(server.receive(&frame).is_ok());
}

#[test]
fn what_opens_to_no_request_ends_the_session() {
    let keys = Meeting::new().keys().unwrap().0;
    let text = |value: &str| Value::Text(value.into());
    let entry = |key: &str, value: Value| (key.to_owned(), value);
    let good = [entry("id", Value::Unsigned(1)), entry("op", text("x")), entry("body", Value::empty_map())];
    let with = |index: usize, value: Value| {
        let mut entries = good.to_vec();
        entries[index].1 = value;
        cbor::encode(&Value::Map(entries))
    };
    let cases = [
        vec![],
        vec![0xa0],
        vec![0xff],
        with(0, Value::Negative(-1)),
        with(0, text("1")),
        with(1, Value::Null),
        with(2, Value::Null),
        with(2, Value::Array(vec![])),
        cbor::encode(&Value::Map(good[..2].to_vec())),
        cbor::encode(&Value::Map([&good[..], &[entry("more", Value::Null)]].concat())),
        [&cbor::encode(&Value::Map(good.to_vec()))[..], &[0]].concat(),
    ];
    for case in cases {
        let mut client = Direction::new(keys.client_to_server.clone());
        let mut server = ServerSession::new(keys.clone(), 64);
        let error = server.receive(&client.seal(&case).unwrap()).unwrap_err();
        assert!(matches!(error, SessionError::Frame(FrameError::Malformed(_))), "{error}");
        assert_eq!(error.close(), CloseCode::Malformed);
    }
}

#[test]
fn what_opens_to_no_server_frame_ends_the_session() {
    let keys = Meeting::new().keys().unwrap().1;
    let first = ServerFrame::Welcome(welcome(0, false)).to_bytes();
    let entry = |key: &str, value: Value| (key.to_owned(), value);
    let mut both = match cbor::parse(&first).unwrap() {
        Value::Map(entries) => entries,
        _ => panic!("a frame is a map"),
    };
    both.push(entry("push", Value::empty_map()));
    let mut list = push(1);
    list.body = Value::Array(vec![]);
    let cases = [
        vec![0xa0],
        cbor::encode(&Value::Map(both)),
        ServerFrame::Push(list).to_bytes(),
        cbor::encode(&Value::Map(vec![entry("id", Value::Unsigned(1))])),
        cbor::encode(&Value::Map(vec![
            entry("id", Value::Unsigned(1)),
            entry("ok", Value::Null),
            entry("error", Value::Null),
        ])),
    ];
    for case in cases {
        let mut server = Direction::new(keys.server_to_client.clone());
        let mut client = ClientSession::new(keys.clone(), None);
        let error = client.receive(&server.seal(&case).unwrap()).unwrap_err();
        assert!(matches!(error, SessionError::Frame(FrameError::Malformed(_))), "{error}");
    }
}

#[test]
fn nothing_is_asked_before_welcome() {
    let (_, mut client) = sessions();
    assert_eq!(client.request("account.get", &Empty {}), Err(SessionError::Welcome));
}

#[test]
fn welcome_comes_first_and_once() {
    let (mut server, mut client) = sessions();
    assert_eq!(client.receive(&server.push(push(1)).unwrap()), Err(SessionError::Welcome));
    let (mut server, mut client) = sessions();
    assert_eq!(client.receive(&server.answer(1, Ok(Value::Null)).unwrap()), Err(SessionError::Welcome));
    let (mut server, mut client) = welcomed();
    let again = server.welcome(welcome(0, false)).unwrap();
    assert_eq!(client.receive(&again), Err(SessionError::Welcome));
}

#[test]
fn ids_strictly_grow_and_may_leap() {
    let keys = Meeting::new().keys().unwrap().0;
    for (ids, fits) in [(&[0, 1, 7, 9][..], true), (&[3, 3], false), (&[3, 2], false), (&[limits::INTEGER], true)] {
        let mut client = Direction::new(keys.client_to_server.clone());
        let mut server = ServerSession::new(keys.clone(), 64);
        let outcome: Result<Vec<_>, _> = ids
            .iter()
            .map(|id| {
                let request = Request { id: *id, op: "account.get".into(), body: Value::empty_map() };
                server.receive(&client.seal(&cbor::encode(&request)).unwrap())
            })
            .collect();
        assert_eq!(outcome.err(), (!fits).then_some(SessionError::Id), "{ids:?}");
    }
    assert_eq!(SessionError::Id.close(), CloseCode::Malformed);
}

#[test]
fn the_65th_unanswered_request_is_told_to_come_back() {
    let (mut server, mut client) = welcomed();
    for _ in 0..64 {
        assert!(client.has_room());
        assert!(matches!(server.receive(&ask(&mut client)), Ok(Incoming::Request(_))));
    }
    assert!(!client.has_room());
    let (id, frame) = client.request("account.get", &Empty {}).unwrap();
    let Incoming::Busy(busy) = server.receive(&frame).unwrap() else { panic!("taken") };
    let ServerFrame::Response(Response { id: refused, outcome: Err(error) }) = client.receive(&busy).unwrap() else {
        panic!("no error")
    };
    assert_eq!((refused, error.code.as_str(), error.retry), (id, ops::error::BUSY, true));
    // An answer makes room for one more; the refused one took none.
    client.receive(&server.answer(1, Ok(Value::Null)).unwrap()).unwrap();
    assert!(matches!(server.receive(&ask(&mut client)), Ok(Incoming::Request(_))));
    assert!(matches!(server.receive(&ask(&mut client)), Ok(Incoming::Busy(_))));
}

#[test]
fn an_answer_nobody_asked_for_ends_the_session() {
    let (mut server, mut client) = welcomed();
    assert_eq!(client.receive(&server.answer(1, Ok(Value::Null)).unwrap()), Err(SessionError::Unasked));
    let (mut server, mut client) = welcomed();
    server.receive(&ask(&mut client)).unwrap();
    client.receive(&server.answer(1, Ok(Value::Null)).unwrap()).unwrap();
    assert_eq!(client.receive(&server.answer(1, Ok(Value::Null)).unwrap()), Err(SessionError::Unasked));
}

/// Receives `offsets` after `welcome`; gives the first that did not follow.
fn stream(resume: Option<u64>, newest: u64, recovered: bool, offsets: &[u64]) -> Option<u64> {
    let mut meeting = Meeting::new();
    meeting.resume = resume.map(|offset| Resume { epoch: ByteArray([0xe0; 16]), offset });
    let (mut server, mut client) = meeting.sessions(64).unwrap();
    client.receive(&server.welcome(welcome(newest, recovered)).unwrap()).unwrap();
    offsets.iter().copied().find(|offset| {
        let frame = server.push(push(*offset)).unwrap();
        match client.receive(&frame) {
            Ok(_) => false,
            Err(error) => {
                assert_eq!(error, SessionError::Gap);
                true
            }
        }
    })
}

#[test]
fn pushes_follow_each_other_without_gaps() {
    assert_eq!(stream(Some(4), 6, true, &[5, 6, 7]), None, "missed ones first");
    assert_eq!(stream(Some(4), 6, true, &[6]), Some(6), "one was left out");
    assert_eq!(stream(Some(4), 6, true, &[5, 5]), Some(5), "one came twice");
    assert_eq!(stream(Some(4), 6, true, &[4]), Some(4), "one came that was applied before");
    assert_eq!(stream(None, 6, false, &[7, 8]), None, "a fresh start goes on at the newest");
    assert_eq!(stream(Some(90), 6, false, &[7]), None, "another epoch starts anew");
    assert_eq!(stream(None, 6, false, &[6]), Some(6));
    assert_eq!(stream(None, 0, false, &[limits::INTEGER]), Some(limits::INTEGER));
}

#[test]
fn a_direction_ends_after_its_last_frame() {
    let key = || Secret32::new([7; 32]);
    let mut sender = Direction::at(key(), limits::FRAMES - 1);
    let mut receiver = Direction::at(key(), limits::FRAMES - 1);
    let last = sender.seal(b"last").unwrap();
    assert_eq!(receiver.open(&last).unwrap().as_slice(), b"last");
    assert_eq!(sender.seal(b"more"), Err(FrameError::Exhausted));
    assert_eq!(receiver.open(&last).err(), Some(FrameError::Exhausted));
    assert_eq!(SessionError::from(FrameError::Exhausted).close(), CloseCode::SessionEnd);
}

#[test]
fn nothing_shows_a_session_key() {
    let (keys, _) = Meeting::new().keys().unwrap();
    let shown = crate::bytes::hex(&keys.client_to_server[..4]);
    let (server, client) = sessions();
    let debug = format!("{keys:?} {server:?} {client:?}");
    assert!(!debug.contains(&shown) && debug.contains("SessionKeys(…)"), "{debug}");
}

/// What a network may do to the frames of one direction.
#[derive(Debug, Clone)]
enum Network {
    Deliver,
    Drop,
    Replay(prop::sample::Index),
    Reflect,
    Flip(prop::sample::Index),
    Invent(Vec<u8>),
}

fn network() -> impl Strategy<Value = Network> {
    prop_oneof![
        6 => Just(Network::Deliver),
        1 => Just(Network::Drop),
        1 => any::<prop::sample::Index>().prop_map(Network::Replay),
        1 => Just(Network::Reflect),
        1 => any::<prop::sample::Index>().prop_map(Network::Flip),
        1 => proptest::collection::vec(any::<u8>(), 0..80).prop_map(Network::Invent),
    ]
}

proptest! {
    /// Whatever the network does, the server takes exactly a prefix of what the client sent, and nothing once one is missing.
    #[test]
    fn the_server_takes_a_prefix_of_what_was_sent(acts in proptest::collection::vec(network(), 1..40)) {
        let (mut server, mut client) = Meeting::new().sessions(1000).unwrap();
        let from_server = server.welcome(welcome(0, false)).unwrap();
        client.receive(&from_server).unwrap();
        let mut delivered: Vec<Vec<u8>> = Vec::new();
        let mut taken = 0;
        let mut lost = false;
        for act in acts {
            let wire = match act {
                Network::Deliver | Network::Drop | Network::Flip(_) => {
                    let (id, mut frame) = client.request("account.get", &Empty {}).unwrap();
                    match act {
                        Network::Deliver if !lost => {
                            let Incoming::Request(request) = server.receive(&frame).unwrap() else { panic!("busy") };
                            taken += 1;
                            prop_assert_eq!((request.id, id), (taken, taken));
                            delivered.push(frame);
                            continue;
                        }
                        Network::Flip(index) => {
                            let at = index.index(frame.len());
                            frame[at] ^= 0x40;
                            lost = true;
                            frame
                        }
                        _ => {
                            if matches!(act, Network::Drop) {
                                lost = true;
                                continue;
                            }
                            frame
                        }
                    }
                }
                Network::Replay(_) if delivered.is_empty() => continue,
                Network::Replay(index) => index.get(&delivered).clone(),
                Network::Reflect => from_server.clone(),
                Network::Invent(bytes) => bytes,
            };
            prop_assert_eq!(server.receive(&wire), CLOSED);
        }
    }

    #[test]
    fn server_frames_read_back(
        offset in 0..limits::INTEGER, id in 0..limits::INTEGER, seconds in 0_i64..4_000_000_000,
        code in "[a-z-]{1,20}", message in ".{0,40}", retry: bool, recovered: bool,
    ) {
        let at = Timestamp::from_seconds(seconds);
        let error = OpError { code, message, retry };
        for frame in [
            ServerFrame::Welcome(Welcome { time: at, ..welcome(offset, recovered) }),
            ServerFrame::Push(Push { at, ..push(offset) }),
            ServerFrame::Response(Response { id, outcome: Ok(Value::Array(vec![Value::Unsigned(offset)])) }),
            ServerFrame::Response(Response { id, outcome: Err(error) }),
        ] {
            prop_assert_eq!(ServerFrame::from_bytes(&frame.to_bytes()), Ok(frame));
        }
    }
}
