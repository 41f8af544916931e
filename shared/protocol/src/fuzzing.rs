//! Fuzz bodies: one function a parser or state machine, each taking any bytes and never panicking.
//!
//! `fuzz/fuzz_targets/` has a target of one line for each; the ordinary tests feed them arbitrary bytes and broken copies of
//! [`seeds`]. An assertion here is a property that no input may break.

use std::sync::LazyLock;

use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, Value},
    certificate::{Certificate, Purpose, TrustAnchor, parse_chain},
    crypto::{self, Secret32},
    frame::{Direction, Push, Request, ServerFrame, SessionKeys},
    handshake::{Authenticate, Hello},
    ops::{AdminOp, CustomerOp},
    order::{Order, SignedOrder},
    receipt::SignedReceipt,
    session::{ClientSession, Incoming, ServerSession},
    testpki::{Meeting, now, samples, welcome},
};

/// A fuzz body with its name.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name of its file in `fuzz/fuzz_targets/`.
    pub name: &'static str,
    /// The body.
    pub run: fn(&[u8]),
}

/// Every body.
pub const TARGETS: &[Target] = &[
    Target { name: "cbor", run: cbor },
    Target { name: "certificate", run: certificate },
    Target { name: "chain", run: chain },
    Target { name: "hello", run: hello },
    Target { name: "authenticate", run: authenticate },
    Target { name: "proof", run: proof },
    Target { name: "client_frame", run: client_frame },
    Target { name: "server_frame", run: server_frame },
    Target { name: "traffic", run: traffic },
    Target { name: "operation", run: operation },
    Target { name: "signed_order", run: signed_order },
    Target { name: "sealed_order", run: sealed_order },
    Target { name: "receipt", run: receipt },
];

/// What every body needs and no input changes.
struct World {
    meeting: Meeting,
    anchor: TrustAnchor,
    keys: SessionKeys,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let meeting = Meeting::new();
    let (keys, _) = meeting.keys().expect("both sides agree");
    World { anchor: meeting.pki.anchor(), keys, meeting }
});

/// Valid inputs, from which a fuzzer or a test makes broken ones.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let meeting = &WORLD.meeting;
    let of = |rules: &[&str]| -> Vec<Vec<u8>> {
        let all = samples::all().into_iter();
        all.filter(|sample| rules.contains(&sample.rule.as_str())).map(|sample| sample.bytes).collect()
    };
    match target {
        "cbor" => samples::all().into_iter().map(|sample| sample.bytes).collect(),
        "certificate" => Purpose::ALL.into_iter().map(|kind| meeting.pki.leaf(kind).der().to_vec()).collect(),
        "chain" => Purpose::ALL.into_iter().map(|kind| lengths_first(&meeting.pki.leaf(kind).chain)).collect(),
        "hello" => of(&["hello"]),
        "authenticate" => of(&["authenticate"]),
        "proof" => of(&["proof"]),
        "client_frame" => of(&["request"]),
        "server_frame" => of(&["welcome-frame", "response-ok", "response-error", "push-frame"]),
        "operation" => samples::exchanges()
            .into_iter()
            .flat_map(|exchange| [exchange.bodies, exchange.results].concat())
            .map(|value| cbor::encode(&value))
            .collect(),
        "signed_order" => of(&["signed-order"]),
        "sealed_order" => {
            let plain = of(&["signed-order"]);
            let seal = |plain: &Vec<u8>| crypto::sealed_box_seal(&meeting.envelope.public(), &[5; 32], plain).ok();
            plain.iter().filter_map(seal).collect()
        }
        "receipt" => of(&["signed-receipt"]),
        "traffic" => vec![vec![0, 0, 1, 2, 9, 3, 7, 4, 0, 5], (0..64).collect()],
        _ => Vec::new(),
    }
}

/// Certificates one after another, each with its length in two bytes.
fn lengths_first(chain: &[Vec<u8>]) -> Vec<u8> {
    let one = |der: &Vec<u8>| [&u16::try_from(der.len()).unwrap_or(0).to_be_bytes()[..], der].concat();
    chain.iter().flat_map(one).collect()
}

/// Strict CBOR: what is read is written back as it came.
pub fn cbor(input: &[u8]) {
    if let Ok(value) = cbor::parse(input) {
        assert_eq!(cbor::encode(&value), input, "a second spelling was read");
        let _ = format!("{value:?}");
    }
}

/// A certificate alone.
pub fn certificate(input: &[u8]) {
    if let Ok(certificate) = Certificate::from_der(input) {
        let _ = (certificate.serial(), certificate.common_name(), certificate.purpose(WORLD.anchor.purposes()));
        let _ = certificate.is_in_time(now());
        assert_eq!(certificate.der(), input);
        let _ = TrustAnchor::new(input, *WORLD.anchor.purposes());
    }
}

/// A chain: certificates with their lengths in front.
pub fn chain(input: &[u8]) {
    let mut chain = Vec::new();
    let mut rest = input;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (der, after) = after.split_at(after.len().min(usize::from(u16::from_be_bytes(*length))));
        chain.push(der);
        rest = after;
    }
    let _ = parse_chain(&chain);
    for purpose in Purpose::ALL {
        if let Ok(leaf) = WORLD.anchor.validate(&chain, purpose, now()) {
            assert_eq!(leaf.purpose(WORLD.anchor.purposes()), Some(purpose));
            let made_here = Purpose::ALL.into_iter().any(|kind| WORLD.meeting.pki.leaf(kind).der() == leaf.der());
            assert!(made_here, "a certificate that nobody signed is trusted");
        }
    }
}

/// `hello`, as the client judges it.
pub fn hello(input: &[u8]) {
    if let Ok(awaiting) = WORLD.meeting.client().on_hello(input, &WORLD.anchor, now()) {
        let parsed: Hello = cbor::decode(input).expect("an accepted hello is a hello");
        assert_eq!(parsed.v, 1);
        let _ = awaiting.finish(WORLD.meeting.proof(b""));
    }
}

/// `authenticate`, as the server judges it: only the one that belongs to this hello passes.
pub fn authenticate(input: &[u8]) {
    let (server, hello) = WORLD.meeting.server();
    if WORLD.meeting.judge(server, input).is_ok() {
        let (genuine, _) = WORLD.meeting.answer(&hello).expect("both sides agree");
        let sealed = |bytes: &[u8]| cbor::decode::<Authenticate>(bytes).map(|message| message.ephemeral);
        assert_eq!(sealed(input), sealed(&genuine), "nobody but the client could make this");
    }
}

/// A proof sealed by somebody who runs the key agreement but holds no key.
pub fn proof(input: &[u8]) {
    let (server, hello) = WORLD.meeting.server();
    let Ok(hello_) = cbor::decode::<Hello>(&hello) else { return };
    let secret = [0x77; 32];
    let Some(sealed) = crate::handshake::seal_any_proof(&hello, &hello_, &secret, WORLD.meeting.server_exporter, input)
    else {
        return;
    };
    let message = Authenticate { ephemeral: ByteArray(crypto::x25519_public(&secret)), sealed: ByteString(sealed) };
    assert!(WORLD.meeting.judge(server, &cbor::encode(&message)).is_err(), "a proof without a key passed");
}

/// What a client sends within a good frame.
pub fn client_frame(input: &[u8]) {
    let _ = Request::from_bytes(input);
    let mut client = Direction::new(WORLD.keys.client_to_server.clone());
    let mut server = ServerSession::new(WORLD.keys.clone(), 1);
    for _ in 0..2 {
        let Ok(frame) = client.seal(input) else { return };
        let _ = server.receive(&frame);
    }
    let _ = ServerSession::new(WORLD.keys.clone(), 1).receive(input);
}

/// What a server sends within a good frame.
pub fn server_frame(input: &[u8]) {
    if let Ok(frame) = ServerFrame::from_bytes(input) {
        assert_eq!(ServerFrame::from_bytes(&frame.to_bytes()), Ok(frame));
    }
    let mut server = Direction::new(WORLD.keys.server_to_client.clone());
    let mut client = ClientSession::new(WORLD.keys.clone(), None);
    let greeting = ServerFrame::Welcome(welcome(0, false)).to_bytes();
    for plain in [&greeting[..], input, input] {
        let Ok(frame) = server.seal(plain) else { return };
        let _ = client.receive(&frame);
    }
    let _ = ClientSession::new(WORLD.keys.clone(), None).receive(input);
}

/// A network that delivers, drops, repeats, reorders, reflects and changes frames, two bytes of input an act.
pub fn traffic(input: &[u8]) {
    let mut server = ServerSession::new(WORLD.keys.clone(), 8);
    let mut client = ClientSession::new(WORLD.keys.clone(), None);
    let (mut sent, mut received, mut offset, mut broken) = (Vec::new(), 0, 0, false);
    let Ok(greeting) = server.welcome(welcome(0, false)) else { return };
    let mut from_server = vec![greeting.clone()];
    let _ = client.receive(&greeting);
    for act in input.chunks_exact(2).take(200) {
        let pick = usize::from(act[1]);
        match act[0] % 6 {
            0 => {
                let Ok((_, frame)) = client.request("account.get", &Value::empty_map()) else { return };
                sent.push(frame);
            }
            1 => {
                // The next in order, which must pass as long as nothing went wrong before.
                let Some(frame) = sent.get(received) else { continue };
                let taken = server.receive(frame);
                assert_eq!(taken.is_ok(), !broken, "frame {received}");
                received += 1;
                if let Ok(Incoming::Busy(frame)) = taken {
                    from_server.push(frame);
                }
            }
            2 => {
                let Some(frame) = sent.get(pick % sent.len().max(1)) else { continue };
                if pick % sent.len() != received {
                    assert!(server.receive(frame).is_err(), "a frame out of its place was taken");
                }
            }
            3 => {
                let Some(frame) = from_server.get(pick % from_server.len()) else { continue };
                assert!(server.receive(frame).is_err(), "a reflected frame was taken");
            }
            4 => {
                let Some(frame) = sent.get(received) else { continue };
                let mut changed = frame.clone();
                let at = pick % changed.len();
                if let Some(byte) = changed.get_mut(at) {
                    *byte ^= 1;
                }
                assert!(server.receive(&changed).is_err(), "a changed frame was taken");
            }
            _ => {
                offset += 1;
                let kind = crate::frame::PushKind::Notice;
                let push = Push { offset, at: now(), kind, body: Value::empty_map() };
                let Ok(frame) = server.push(push) else { return };
                if pick.is_multiple_of(2) {
                    // Busy answers may lie before it, unread; then it does not open.
                    let _ = client.receive(&frame);
                } else {
                    broken |= server.receive(&frame).is_ok();
                }
                from_server.push(frame);
            }
        }
    }
}

/// Any bytes as the body and result of every operation.
pub fn operation(input: &[u8]) {
    let Ok(value) = cbor::parse(input) else { return };
    let customers = CustomerOp::ALL.iter().flat_map(|op| [op.read_body(value.clone()), op.read_result(value.clone())]);
    let administrators =
        AdminOp::ALL.iter().flat_map(|op| [op.read_body(value.clone()), op.read_result(value.clone())]);
    for read in customers.chain(administrators) {
        match read {
            Ok(value) => assert!(matches!(value, Value::Map(_))),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// What was sealed to the HSM.
pub fn signed_order(input: &[u8]) {
    let Ok((signed, order)) = SignedOrder::from_bytes(input) else { return };
    let _ = (order.check_shape(), order.check_time(now()), signed.hash());
    if signed.verify(&order, &WORLD.anchor, now()).is_ok() {
        let genuine = samples::order(&WORLD.meeting.key);
        let on_account = Order { bills: vec![], method: gridkey_domain::payment::Method::Mandate, ..genuine.clone() };
        assert!([genuine, on_account].contains(&order), "an order that nobody signed passed");
    }
}

/// A sealed box as it comes off the wire.
pub fn sealed_order(input: &[u8]) {
    let Ok(epk) = crypto::sealed_box_ephemeral(input) else { return };
    let envelope = &WORLD.meeting.envelope;
    if let Ok(plain) = crypto::sealed_box_open(&envelope.public(), envelope.agree(&epk), input) {
        signed_order(&plain);
    }
    let _ = crypto::sealed_box_open(&envelope.public(), Secret32::default(), input);
}

/// A receipt.
pub fn receipt(input: &[u8]) {
    let Ok(signed) = cbor::decode::<SignedReceipt>(input) else { return };
    if signed.verify(&WORLD.anchor).is_ok() {
        let genuine = samples::signed_receipt(&WORLD.meeting.pki, b"order");
        assert_eq!(signed.receipt, genuine.receipt, "a receipt that nobody signed passed");
    }
}

#[cfg(test)]
mod tests;
