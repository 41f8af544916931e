//! The transcript with fixed keys in `vectors/gridkey-v1.json`: every value is reproduced, byte for byte.

#![expect(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use ed25519_dalek::{Signer as _, SigningKey};
use gridkey_protocol::{
    bytes::{hex, unhex},
    cbor::{self, Value},
    certificate::{Certificate, Purpose, Purposes, TrustAnchor},
    crypto::{self, Secret32},
    domain::Timestamp,
    frame::{Direction, Request, ServerFrame},
    handshake::{Authenticate, ClientHandshake, Hello, HelloParts, Proof, ProofParts, ServerHandshake},
    order::{self, SignedOrder},
    receipt::{self, SignedReceipt},
    session::{ClientSession, Incoming, ServerSession},
};

struct Vectors(serde_json::Value);

impl Vectors {
    fn load() -> Self {
        Self(serde_json::from_str(include_str!("../vectors/gridkey-v1.json")).unwrap())
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        unhex(self.0[name].as_str().unwrap_or_else(|| panic!("no vector {name}"))).unwrap()
    }

    fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).try_into().unwrap()
    }

    fn secret(&self, name: &str) -> Secret32 {
        Secret32::new(self.array(name))
    }

    fn anchor(&self) -> TrustAnchor {
        TrustAnchor::new(&self.bytes("root"), Purposes::default()).unwrap()
    }

    fn usbkey(&self) -> SigningKey {
        SigningKey::from_bytes(&self.array("usbkey_seed"))
    }
}

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

/// Runs both sides with the fixed keys and gives what each ended with.
fn handshake(v: &Vectors) -> (Vec<u8>, ServerSession, ClientSession) {
    let hello: Hello = cbor::decode(&v.bytes("hello")).unwrap();
    let (server, sent) = ServerHandshake::start(HelloParts {
        challenge: hello.challenge.0,
        ephemeral: v.secret("server_ephemeral_private"),
        envelope: &[v.bytes("envelope_certificate")],
        exporter: Some(v.array("tls_exporter")),
    });
    assert_eq!(hex(&sent), hex(&v.bytes("hello")));

    let client = ClientHandshake::new(v.secret("client_ephemeral_private"), Some(v.array("tls_exporter")), false);
    let client = client.on_hello(&sent, &v.anchor(), now()).unwrap();
    assert_eq!(client.to_sign(), [&b"gridkey.v1/authenticate\0"[..], &v.bytes("th1")].concat());
    let signature = v.usbkey().sign(client.to_sign()).to_bytes();
    assert_eq!(signature, v.array("auth_signature"));

    let proof: Proof = cbor::decode(&v.bytes("proof")).unwrap();
    let (authenticate, client_keys) = client.finish(ProofParts {
        chain: proof.chain.iter().map(|der| der.0.clone()).collect(),
        signature,
        resume: proof.resume,
        agent: proof.agent,
        locale: proof.locale,
    });
    assert_eq!(hex(&authenticate), hex(&v.bytes("authenticate")));

    let awaiting = server.on_authenticate(&authenticate, &v.anchor(), Purpose::UsbKey, now()).unwrap();
    let es = crypto::x25519(&v.secret("envelope_private"), awaiting.peer()).unwrap();
    assert_eq!(es[..], v.bytes("es"));
    let server_keys = awaiting.finish(es).unwrap();
    for keys in [&server_keys, &client_keys] {
        assert_eq!(keys.client_to_server[..], v.bytes("client_to_server_key"));
        assert_eq!(keys.server_to_client[..], v.bytes("server_to_client_key"));
    }
    let resume = proof.resume.map(|resume| resume.offset);
    (authenticate, ServerSession::new(server_keys, 64), ClientSession::new(client_keys, resume))
}

#[test]
fn the_handshake_is_reproduced_by_both_sides() {
    handshake(&Vectors::load());
}

#[test]
fn the_intermediate_values_are_reproduced() {
    let v = Vectors::load();
    let ephemeral = crypto::x25519_public(&v.secret("client_ephemeral_private"));
    let authenticate: Authenticate = cbor::decode(&v.bytes("authenticate")).unwrap();
    assert_eq!(authenticate.ephemeral.0, ephemeral);
    let hello = v.bytes("hello");
    let th1 = |binding: &[u8]| {
        let prefix = crypto::length_prefix;
        crypto::sha256(&[b"gridkey.v1/hello", &prefix(&hello), &hello, &prefix(binding), binding, &ephemeral])
    };
    assert_eq!(th1(&v.bytes("tls_exporter"))[..], v.bytes("th1"));
    assert_eq!(th1(&[])[..], v.bytes("th1_for_binding_none_and_same_hello"));
    let server_ephemeral = crypto::x25519_public(&v.secret("server_ephemeral_private"));
    let ee = crypto::x25519(&v.secret("client_ephemeral_private"), &server_ephemeral).unwrap();
    assert_eq!(ee[..], v.bytes("ee"));
    let k_auth = crypto::hkdf::<32>(&v.bytes("th1"), &ee[..], b"gridkey.v1/authenticate");
    assert_eq!(k_auth[..], v.bytes("k_auth"));
    let proof = crypto::secretbox_open(&k_auth, &[0; 24], authenticate.sealed.as_ref()).unwrap();
    assert_eq!(proof, v.bytes("proof"));
    let sent = v.bytes("authenticate");
    let th2 = crypto::sha256(&[b"gridkey.v1/session", &v.bytes("th1"), &crypto::length_prefix(&sent), &sent]);
    assert_eq!(th2[..], v.bytes("th2"));
}

#[test]
fn the_first_frames_are_reproduced() {
    let v = Vectors::load();
    let (_, mut server, mut client) = handshake(&v);

    let ServerFrame::Welcome(welcome) = ServerFrame::from_bytes(&v.bytes("welcome")).unwrap() else {
        panic!("welcome is no welcome")
    };
    let frame = server.welcome(welcome.clone()).unwrap();
    assert_eq!(hex(&frame), hex(&v.bytes("welcome_frame")));
    assert_eq!(client.receive(&frame).unwrap(), ServerFrame::Welcome(welcome));

    let request = Request::from_bytes(&v.bytes("request")).unwrap();
    let (id, frame) = client.request(&request.op, &Value::empty_map()).unwrap();
    assert_eq!(id, request.id);
    assert_eq!(hex(&frame), hex(&v.bytes("request_frame")));
    assert_eq!(server.receive(&frame).unwrap(), Incoming::Request(request));

    let mut direction = Direction::new(v.secret("client_to_server_key"));
    direction.seal(b"").unwrap();
    let second = direction.open(&v.bytes("second_request_frame_counter_1")).unwrap();
    let mut again = Direction::new(v.secret("client_to_server_key"));
    again.seal(b"").unwrap();
    assert_eq!(again.seal(&second).unwrap(), v.bytes("second_request_frame_counter_1"));
    assert!(Request::from_bytes(&second).is_ok());
}

#[test]
fn the_order_is_reproduced() {
    let v = Vectors::load();
    let plain = v.bytes("sealed_plaintext");
    let (signed, parsed) = SignedOrder::from_bytes(&plain).unwrap();
    assert_eq!(signed.order.0, v.bytes("order"));
    assert_eq!(hex(&cbor::encode(&parsed)), hex(&v.bytes("order")));
    assert_eq!(v.usbkey().sign(&order::message_to_sign(&signed.order.0)).to_bytes(), v.array("order_signature"));
    assert_eq!(signed.signature.0, v.array("order_signature"));
    assert_eq!(hex(&cbor::encode(&signed)), hex(&plain));
    let key = Certificate::from_der(&v.bytes("usbkey_certificate")).unwrap().fingerprint();
    assert_eq!(parsed.key.0, key);
    parsed.check_shape().unwrap();
    parsed.check_time(now()).unwrap();
    signed.verify(&parsed, &v.anchor(), now()).unwrap();

    let envelope = Certificate::from_der(&v.bytes("envelope_certificate")).unwrap();
    assert_eq!(envelope.fingerprint(), v.array("to"));
    let recipient = crypto::x25519_public(&v.secret("envelope_private"));
    let sealed = v.bytes("sealed_order");
    let epk = crypto::sealed_box_ephemeral(&sealed).unwrap();
    let shared = crypto::x25519(&v.secret("envelope_private"), &epk).unwrap();
    assert_eq!(crypto::sealed_box_open(&recipient, shared, &sealed).unwrap(), plain);
}

#[test]
fn the_receipt_is_reproduced() {
    let v = Vectors::load();
    let signed = SignedReceipt {
        receipt: v.bytes("receipt").into(),
        signature: v.array("receipt_signature").into(),
        chain: vec![v.bytes("receipt_certificate").into()],
    };
    let stated = signed.verify_for(&v.bytes("order"), &v.anchor()).unwrap();
    assert_eq!(hex(&cbor::encode(&stated)), hex(&v.bytes("receipt")));
    let mut other = v.bytes("order");
    other[0] ^= 1;
    assert_eq!(signed.verify_for(&other, &v.anchor()), Err(receipt::ReceiptError::OtherOrder));
}

#[test]
fn no_vector_is_left_out() {
    let known = [
        "about",
        "root",
        "envelope_certificate",
        "usbkey_certificate",
        "envelope_private",
        "usbkey_seed",
        "server_ephemeral_private",
        "client_ephemeral_private",
        "tls_exporter",
        "hello",
        "th1",
        "ee",
        "k_auth",
        "auth_signature",
        "proof",
        "authenticate",
        "th2",
        "es",
        "client_to_server_key",
        "server_to_client_key",
        "welcome",
        "welcome_frame",
        "request",
        "request_frame",
        "second_request_frame_counter_1",
        "th1_for_binding_none_and_same_hello",
        "order",
        "order_signature",
        "sealed_plaintext",
        "sealed_order",
        "to",
        "receipt_certificate",
        "receipt",
        "receipt_signature",
    ];
    let v = Vectors::load();
    let names: Vec<&String> = v.0.as_object().unwrap().keys().collect();
    assert!(names.iter().all(|name| known.contains(&name.as_str())), "{names:?}");
    assert_eq!(names.len(), known.len());
}
