use proptest::prelude::*;

use super::*;
use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, Value},
    certificate::Purpose,
    close::CloseCode,
    testpki::{Leaf, Meeting, TestPki},
};

/// Every public key that gives all zeros with any secret (RFC 7748, 7), in the spellings X25519 accepts.
pub(crate) fn small_order_points() -> Vec<[u8; 32]> {
    let little = |hex: &str| <[u8; 32]>::try_from(crate::bytes::unhex(hex).unwrap()).unwrap();
    let mut points = vec![
        [0; 32],
        little("0100000000000000000000000000000000000000000000000000000000000000"),
        little("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        little("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        little("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        little("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        little("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ];
    let with_top_bit: Vec<_> = points
        .iter()
        .map(|point| {
            let mut point = *point;
            point[31] |= 0x80;
            point
        })
        .collect();
    points.extend(with_top_bit);
    points
}

/// The same signature with S + L in place of S: valid for a verifier that is not strict.
pub(crate) fn malleated(mut signature: [u8; 64]) -> [u8; 64] {
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(L) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    signature
}

fn hello_of(meeting: &Meeting) -> Hello {
    cbor::decode(&meeting.server().1).unwrap()
}

/// What the client says to this hello.
fn client_refuses(meeting: &Meeting, hello: &Hello) -> HandshakeError {
    meeting.answer(&cbor::encode(hello)).expect_err("the client accepted")
}

/// What the server says when the proof is changed before it is sealed.
fn server_refuses(meeting: &Meeting, change: impl FnOnce(&mut ProofParts)) -> HandshakeError {
    let (server, hello) = meeting.server();
    let awaiting = meeting.client().on_hello(&hello, &meeting.pki.anchor(), meeting.now).unwrap();
    let mut parts = meeting.proof(awaiting.to_sign());
    change(&mut parts);
    let (authenticate, _) = awaiting.finish(parts);
    meeting.judge(server, &authenticate).err().expect("the server accepted")
}

#[test]
fn both_sides_end_with_the_same_keys() {
    let (server, client) = Meeting::new().keys().unwrap();
    assert_eq!(server.client_to_server, client.client_to_server);
    assert_eq!(server.server_to_client, client.server_to_client);
    assert_ne!(server.server_to_client, client.client_to_server);
}

#[test]
fn the_server_learns_who_it_is_before_the_hsm_works() {
    let mut meeting = Meeting::new();
    meeting.resume = Some(Resume { epoch: ByteArray([3; 16]), offset: 9 });
    let (server, hello) = meeting.server();
    let (authenticate, _) = meeting.answer(&hello).unwrap();
    let awaiting = meeting.judge(server, &authenticate).unwrap();
    assert_eq!(awaiting.certificate().fingerprint(), meeting.key.fingerprint());
    assert_eq!(awaiting.chain(), meeting.key.chain);
    assert_eq!(awaiting.resume(), meeting.resume);
    assert_eq!((awaiting.agent(), awaiting.locale()), ("gridkey/0.1.0 test", "en"));
}

#[test]
fn a_hello_changed_in_any_byte_ends_without_a_session() {
    let meeting = Meeting::new();
    let (_, hello) = meeting.server();
    for at in 0..hello.len() {
        for bit in [0x01, 0x80] {
            let mut changed = hello.clone();
            changed[at] ^= bit;
            let Ok((authenticate, _)) = meeting.answer(&changed) else { continue };
            let (server, _) = meeting.server();
            assert_eq!(meeting.judge(server, &authenticate).err(), Some(HandshakeError::DoesNotOpen), "byte {at}");
        }
    }
}

#[test]
fn an_authenticate_changed_in_any_byte_is_refused() {
    let meeting = Meeting::new();
    let (_, hello) = meeting.server();
    let (authenticate, _) = meeting.answer(&hello).unwrap();
    for at in 0..authenticate.len() {
        // 0x80 in the last byte of the ephemeral key is a bit that X25519 ignores; the transcript does not.
        for bit in [0x01, 0x80] {
            let mut changed = authenticate.clone();
            changed[at] ^= bit;
            let (server, _) = meeting.server();
            let error = meeting.judge(server, &changed).err().expect("accepted");
            assert!(matches!(error, HandshakeError::DoesNotOpen | HandshakeError::Malformed(_)), "byte {at}: {error}");
        }
    }
}

#[test]
fn a_message_cut_anywhere_is_malformed() {
    let meeting = Meeting::new();
    let (_, hello) = meeting.server();
    let (authenticate, _) = meeting.answer(&hello).unwrap();
    for cut in 0..hello.len() {
        let error = meeting.answer(&hello[..cut]).err().unwrap();
        assert!(matches!(error, HandshakeError::Malformed(_)), "{cut}: {error}");
    }
    for cut in 0..authenticate.len() {
        let (server, _) = meeting.server();
        let error = meeting.judge(server, &authenticate[..cut]).err().unwrap();
        assert!(matches!(error, HandshakeError::Malformed(_)), "{cut}: {error}");
        assert_eq!(error.close(), CloseCode::Malformed);
    }
}

#[test]
fn a_recorded_authenticate_does_not_open_for_another_hello() {
    let meeting = Meeting::new();
    let (_, hello) = meeting.server();
    let (recorded, _) = meeting.answer(&hello).unwrap();
    let (server, _) = ServerHandshake::start(HelloParts {
        challenge: [0x18; 32],
        ephemeral: Secret32::new([0x5e; 32]),
        envelope: &meeting.envelope.chain,
        exporter: meeting.server_exporter,
    });
    assert_eq!(meeting.judge(server, &recorded).err(), Some(HandshakeError::DoesNotOpen));
}

#[test]
fn a_message_sent_back_to_its_sender_is_malformed() {
    let meeting = Meeting::new();
    let (server, hello) = meeting.server();
    let (authenticate, _) = meeting.answer(&hello).unwrap();
    assert!(matches!(meeting.judge(server, &hello).err(), Some(HandshakeError::Malformed(_))));
    assert!(matches!(meeting.answer(&authenticate).err(), Some(HandshakeError::Malformed(_))));
}

#[test]
fn an_all_zero_agreement_ends_either_side() {
    let meeting = Meeting::new();
    for point in small_order_points() {
        let hello = Hello { ephemeral: ByteArray(point), ..hello_of(&meeting) };
        assert_eq!(client_refuses(&meeting, &hello), HandshakeError::AllZero);

        let mut weak = meeting.clone();
        let mut spec = meeting.pki.spec(Purpose::Envelope);
        spec.public = Some(point);
        weak.envelope = meeting.pki.issue(&spec);
        assert_eq!(client_refuses(&weak, &hello_of(&weak)), HandshakeError::AllZero);

        let (server, _) = meeting.server();
        let authenticate = cbor::encode(&Authenticate { ephemeral: ByteArray(point), sealed: ByteString(vec![0; 64]) });
        let error = meeting.judge(server, &authenticate).err().unwrap();
        assert_eq!(error, HandshakeError::AllZero);
        assert_eq!(error.close(), CloseCode::NotAuthenticated);
    }
}

#[test]
fn an_all_zero_answer_of_the_hsm_ends_the_session() {
    let meeting = Meeting::new();
    let (server, hello) = meeting.server();
    let (authenticate, _) = meeting.answer(&hello).unwrap();
    let awaiting = meeting.judge(server, &authenticate).unwrap();
    assert_eq!(awaiting.finish(Secret32::default()).err(), Some(HandshakeError::AllZero));
}

#[test]
fn a_wrong_answer_of_the_hsm_gives_keys_that_open_nothing() {
    let meeting = Meeting::new();
    let (server, hello) = meeting.server();
    let (authenticate, client) = meeting.answer(&hello).unwrap();
    let keys = meeting.judge(server, &authenticate).unwrap().finish(Secret32::new([1; 32])).unwrap();
    assert_ne!(keys.server_to_client, client.server_to_client);
}

#[test]
fn a_certificate_of_another_kind_is_refused_by_either_side() {
    let meeting = Meeting::new();
    for kind in Purpose::ALL {
        let leaf = meeting.pki.leaf(kind);
        let mut changed = meeting.clone();
        if kind != Purpose::Envelope {
            changed.envelope = leaf.clone();
            let error = client_refuses(&changed, &hello_of(&changed));
            assert_eq!(error, HandshakeError::Chain(ChainError::Purpose), "{kind:?}");
        }
        if kind != Purpose::UsbKey {
            let error = server_refuses(&meeting, |proof| proof.chain = leaf.chain);
            assert_eq!(error, HandshakeError::Chain(ChainError::Purpose), "{kind:?}");
            assert_eq!(error.close(), CloseCode::NotAuthenticated);
        }
    }
}

#[test]
fn an_administrator_enters_by_its_own_listener_only() {
    let mut meeting = Meeting::new();
    meeting.key = meeting.pki.leaf(Purpose::Administrator);
    let (server, hello) = meeting.server();
    let (authenticate, _) = meeting.answer(&hello).unwrap();
    let error = meeting.judge(server, &authenticate).err().unwrap();
    assert_eq!(error, HandshakeError::Chain(ChainError::Purpose));
    assert_eq!(error.close().code(), 4401);
    meeting.listener = Purpose::Administrator;
    assert!(meeting.keys().is_ok());
    meeting.key = meeting.pki.leaf(Purpose::UsbKey);
    assert_eq!(meeting.keys().err(), Some(HandshakeError::Chain(ChainError::Purpose)));
}

#[test]
fn another_company_is_refused_by_either_side() {
    let meeting = Meeting::new();
    let other = TestPki::with_seed(1);
    let mut changed = meeting.clone();
    changed.envelope = other.leaf(Purpose::Envelope);
    let error = client_refuses(&changed, &hello_of(&changed));
    assert_eq!(error, HandshakeError::Chain(ChainError::Signature(1)));
    let stranger = other.leaf(Purpose::UsbKey);
    let error = server_refuses(&meeting, |proof| proof.chain = stranger.chain.clone());
    assert_eq!(error, HandshakeError::Chain(ChainError::Signature(1)));
}

#[test]
fn a_chain_of_none_or_four_is_refused_by_either_side() {
    let meeting = Meeting::new();
    for length in [0, 4] {
        let long = |leaf: &Leaf| leaf.chain.iter().cycle().take(length).cloned().collect::<Vec<_>>();
        let mut hello = hello_of(&meeting);
        hello.envelope = long(&meeting.envelope).into_iter().map(ByteString).collect();
        assert_eq!(client_refuses(&meeting, &hello), HandshakeError::Chain(ChainError::Length(length)));
        let error = server_refuses(&meeting, |proof| proof.chain = long(&meeting.key));
        assert_eq!(error, HandshakeError::Chain(ChainError::Length(length)));
    }
}

#[test]
fn an_unknown_version_is_told_apart_from_nonsense() {
    let meeting = Meeting::new();
    let hello = hello_of(&meeting);
    for version in [0, 2, u64::MAX >> 1] {
        let error = client_refuses(&meeting, &Hello { v: version, ..hello.clone() });
        assert_eq!(error, HandshakeError::UnknownVersion(version));
        assert_eq!(error.close().code(), 4426);
    }
    // A later version may have another shape altogether.
    let later = cbor::encode(&Value::Map(vec![("v".into(), Value::Unsigned(2)), ("new".into(), Value::Null)]));
    assert_eq!(meeting.answer(&later).err(), Some(HandshakeError::UnknownVersion(2)));
    for v in [Value::Text("1".into()), Value::Negative(-1), Value::Null] {
        let wrong = cbor::encode(&Value::Map(vec![("v".into(), v)]));
        assert!(matches!(meeting.answer(&wrong).err(), Some(HandshakeError::Malformed(_))));
    }
}

#[test]
fn an_unbound_server_is_refused_unless_the_configuration_allows_it() {
    let mut meeting = Meeting::new();
    meeting.server_exporter = None;
    assert_eq!(client_refuses(&meeting, &hello_of(&meeting)), HandshakeError::Unbound);
    meeting.allow_unbound = true;
    assert!(meeting.keys().is_ok());
}

#[test]
fn the_envelope_is_judged_before_the_binding() {
    let mut meeting = Meeting::new();
    meeting.server_exporter = None;
    meeting.envelope = meeting.pki.leaf(Purpose::Receipt);
    assert_eq!(client_refuses(&meeting, &hello_of(&meeting)), HandshakeError::Chain(ChainError::Purpose));
}

#[test]
fn a_binding_nobody_defined_is_malformed() {
    let meeting = Meeting::new();
    let value = cbor::to_value(&hello_of(&meeting)).unwrap();
    let Value::Map(mut entries) = value else { panic!("hello is a map") };
    for (key, value) in &mut entries {
        if key == "binding" {
            *value = Value::Text("tls-unique".into());
        }
    }
    let error = meeting.answer(&cbor::encode(&Value::Map(entries))).err();
    assert!(matches!(error, Some(HandshakeError::Malformed(_))));
}

#[test]
fn a_relay_between_two_tls_channels_is_refused() {
    let mut meeting = Meeting::new();
    meeting.client_exporter = Some([0xaa; 32]);
    assert_eq!(meeting.keys().err(), Some(HandshakeError::DoesNotOpen));
    // Nor can it hide that the server binds: the rewritten hello is part of the transcript.
    meeting.allow_unbound = true;
    let (server, hello) = meeting.server();
    let unbound = Hello { binding: Binding::None, ..cbor::decode(&hello).unwrap() };
    let (authenticate, _) = meeting.answer(&cbor::encode(&unbound)).unwrap();
    assert_eq!(meeting.judge(server, &authenticate).err(), Some(HandshakeError::DoesNotOpen));
}

#[test]
fn a_client_without_an_exporter_says_so() {
    let mut meeting = Meeting::new();
    meeting.client_exporter = None;
    assert_eq!(client_refuses(&meeting, &hello_of(&meeting)), HandshakeError::NoExporter);
}

#[test]
fn only_the_keys_own_strict_signature_over_this_transcript_counts() {
    let meeting = Meeting::new();
    let other = meeting.pki.usbkey("1100000002", 7);
    assert_eq!(server_refuses(&meeting, |proof| proof.chain = other.chain.clone()), HandshakeError::Signature);
    assert_eq!(server_refuses(&meeting, |proof| proof.signature[5] ^= 1), HandshakeError::Signature);
    let error = server_refuses(&meeting, |proof| proof.signature = malleated(proof.signature));
    assert_eq!(error, HandshakeError::Signature);
    assert_eq!(error.close(), CloseCode::NotAuthenticated);
}

#[test]
fn a_key_of_small_order_signs_nothing() {
    let meeting = Meeting::new();
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut spec = meeting.pki.spec(Purpose::UsbKey);
    spec.public = Some(identity);
    let weak = meeting.pki.issue(&spec);
    // R = identity, S = 0: valid under the identity for every message unless verification is strict.
    let mut forged = [0; 64];
    forged[..32].copy_from_slice(&identity);
    let error = server_refuses(&meeting, |proof| {
        proof.chain = weak.chain.clone();
        proof.signature = forged;
    });
    assert_eq!(error, HandshakeError::Signature);
}

#[test]
fn a_leaf_out_of_time_is_expired_and_an_issuer_out_of_time_untrusted() {
    for (from, to) in [(-10, -1), (1, 10)] {
        let mut meeting = Meeting::new();
        meeting.key = meeting.pki.issue(&meeting.pki.spec(Purpose::UsbKey).valid(from, to));
        let error = meeting.keys().err().unwrap();
        assert_eq!(error, HandshakeError::Expired);
        assert_eq!((error.close().code(), error.close().reason()), (4403, "expired"));

        // Who cannot sign is not told about dates.
        assert_eq!(server_refuses(&meeting, |proof| proof.signature[0] ^= 1), HandshakeError::Signature);

        let mut meeting = Meeting::new();
        let mut issuing = crate::testpki::Spec::authority("Test issuing", 2).valid(from, to);
        issuing.authority = Some((true, Some(0)));
        meeting.key = meeting.pki.root.subordinate(&issuing).issue(&meeting.pki.spec(Purpose::UsbKey));
        let error = meeting.keys().err().unwrap();
        assert_eq!(error, HandshakeError::Chain(ChainError::IssuerOutOfTime(1)));
        assert_eq!(error.close().code(), 4401);

        let mut meeting = Meeting::new();
        meeting.envelope = meeting.pki.issue(&meeting.pki.spec(Purpose::Envelope).valid(from, to));
        assert_eq!(meeting.keys().err(), Some(HandshakeError::Expired));
    }
}

#[test]
fn dates_count_to_the_second() {
    let mut meeting = Meeting::new();
    meeting.key = meeting.pki.issue(&meeting.pki.spec(Purpose::UsbKey).valid(0, 0));
    assert!(meeting.keys().is_ok());
}

#[test]
fn labels_hold_at_most_64_bytes() {
    let meeting = Meeting::new();
    let (server, hello) = meeting.server();
    let awaiting = meeting.client().on_hello(&hello, &meeting.pki.anchor(), meeting.now).unwrap();
    let mut parts = meeting.proof(awaiting.to_sign());
    parts.agent = "é".repeat(32);
    let (authenticate, _) = awaiting.finish(parts);
    assert!(meeting.judge(server, &authenticate).is_ok());
    for long in ["a".repeat(65), "é".repeat(33)] {
        let error = server_refuses(&meeting, |proof| proof.agent = long.clone());
        assert!(matches!(error, HandshakeError::Malformed(_)), "{error}");
        let error = server_refuses(&meeting, |proof| proof.locale = long.clone());
        assert!(matches!(error, HandshakeError::Malformed(_)), "{error}");
    }
}

#[test]
fn a_field_more_or_less_is_malformed_at_every_level() {
    let meeting = Meeting::new();
    let hello = cbor::to_value(&hello_of(&meeting)).unwrap();
    for changed in one_field_more_or_less(&hello) {
        let error = meeting.answer(&cbor::encode(&changed)).err();
        assert!(matches!(error, Some(HandshakeError::Malformed(_))), "{changed:?}");
    }
    let (_, sent) = meeting.server();
    let (authenticate, _) = meeting.answer(&sent).unwrap();
    for changed in one_field_more_or_less(&cbor::parse(&authenticate).unwrap()) {
        let (server, _) = meeting.server();
        let error = meeting.judge(server, &cbor::encode(&changed)).err();
        assert!(matches!(error, Some(HandshakeError::Malformed(_))), "{changed:?}");
    }
    let proof = Proof {
        chain: meeting.key.chain.iter().cloned().map(ByteString).collect(),
        signature: ByteArray([0; 64]),
        resume: None,
        agent: String::new(),
        locale: String::new(),
    };
    for changed in one_field_more_or_less(&cbor::to_value(&proof).unwrap()) {
        assert!(cbor::from_value::<Proof>(changed.clone()).is_err(), "{changed:?}");
    }
}

/// `value`, a map, with each field left out in turn, and with one more.
fn one_field_more_or_less(value: &Value) -> Vec<Value> {
    let Value::Map(entries) = value else { panic!("a map expected") };
    let mut all: Vec<Value> =
        (0..entries.len()).map(|index| Value::Map([&entries[..index], &entries[index + 1..]].concat())).collect();
    all.push(Value::Map([&entries[..], &[("extra".into(), Value::Null)]].concat()));
    all
}

proptest! {
    #[test]
    fn arbitrary_bytes_open_no_session(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let meeting = Meeting::new();
        prop_assert!(meeting.answer(&bytes).is_err());
        let (server, _) = meeting.server();
        prop_assert!(meeting.judge(server, &bytes).is_err());
    }

    #[test]
    fn whoever_knows_k_auth_still_needs_the_signature(
        plain in proptest::collection::vec(any::<u8>(), 0..300), secret in any::<[u8; 32]>(),
    ) {
        // An active peer that runs the key agreement, with arbitrary bytes for a proof.
        let meeting = Meeting::new();
        let (server, hello) = meeting.server();
        let parsed: Hello = cbor::decode(&hello).unwrap();
        let ephemeral = crypto::x25519_public(&secret);
        let th1 = first_transcript(&hello, &[0xcb; 32], &ephemeral);
        let ee = crypto::x25519(&secret, &parsed.ephemeral.0).unwrap();
        let sealed = crypto::secretbox_seal(&proof_key(&th1, &ee), &[0; 24], &plain);
        let authenticate = cbor::encode(&Authenticate { ephemeral: ByteArray(ephemeral), sealed: ByteString(sealed) });
        let error = meeting.judge(server, &authenticate).err();
        prop_assert!(matches!(error, Some(HandshakeError::Malformed(_))));
    }
}
