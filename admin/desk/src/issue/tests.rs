use gridkey_domain::{
    Timestamp,
    key::{AdminRole, KeyState},
};
use gridkey_protocol::{
    certificate::Purpose,
    frame::Role,
    testpki::{Leaf, TestPki},
};

use super::*;

const SERIAL: &str = "5f1c2a9be3d04477";
const ANSWER: [u8; 32] = [8; 32];

struct Pairs {
    signing: Leaf,
    agreement: Leaf,
}

fn pairs() -> Pairs {
    let pki = TestPki::new();
    Pairs { signing: pki.leaf(Purpose::UsbKey), agreement: pki.leaf(Purpose::Agreement) }
}

fn challenge() -> Challenge {
    Challenge {
        challenge: ByteArray([4; 32]),
        ephemeral: ByteArray([5; 32]),
        name: "1100000001".into(),
        expires: Timestamp::from_seconds(1_795_334_400),
    }
}

fn detail(pairs: &Pairs, state: KeyState) -> KeyDetail {
    let at = Timestamp::from_seconds(1_795_334_400);
    KeyDetail {
        key: ByteArray(pairs.signing.fingerprint()),
        serial: ByteString(vec![1]),
        role: Role::Customer,
        customer: None,
        name: "1100000001".into(),
        admin: None,
        state,
        since: at,
        reason: "issued".into(),
        not_before: at,
        not_after: at.plus_seconds(1000),
        token: Some(SERIAL.into()),
        succeeds: None,
        successor: None,
    }
}

fn issued(pairs: &Pairs) -> Issued {
    Issued {
        key: detail(pairs, KeyState::Issued),
        chain: vec![ByteString(pairs.signing.der().to_vec())],
        agreement: Some(ByteString(pairs.agreement.der().to_vec())),
    }
}

fn order() -> IssueOrder {
    IssueOrder { holder: Holder::Customer("1100000001".parse().unwrap()), replaces: None, bind: true }
}

/// A flow up to the writing of the certificates.
fn to_writing(order: IssueOrder, pairs: &Pairs) -> IssueFlow {
    let mut flow = to_issuing(order, pairs);
    flow.on(Event::Issued(Box::new(issued(pairs)))).unwrap();
    assert!(matches!(flow.action(), Action::Write { chain, agreement } if chain.len() == 1 && agreement.is_some()));
    flow
}

fn to_issuing(order: IssueOrder, pairs: &Pairs) -> IssueFlow {
    let mut flow = IssueFlow::new(order);
    assert_eq!(flow.action(), Action::SetUp);
    flow.on(Event::SetUp { serial: SERIAL.into() }).unwrap();
    assert_eq!(flow.action(), Action::MakePairs { agreement: true });
    let (signing, agreement) = (pairs.signing.public(), Some(pairs.agreement.public()));
    flow.on(Event::Pairs { signing, agreement }).unwrap();
    assert!(matches!(flow.action(), Action::Challenge(ChallengeBody { customer: Some(_), admin: None })));
    flow.on(Event::Challenged(challenge())).unwrap();
    assert_eq!(flow.action(), Action::Prove(challenge()));
    flow.on(Event::Proven { request: vec![0x30], answer: Some(ANSWER) }).unwrap();
    let Action::Issue(body) = flow.action() else { panic!("{:?}", flow.action()) };
    assert_eq!((body.token.as_deref(), body.answer), (Some(SERIAL), Some(ByteArray(ANSWER))));
    flow
}

fn refused(code: &str) -> Trouble {
    Trouble::Refused { code: code.into(), message: "no".into() }
}

#[test]
fn a_blank_token_becomes_a_bound_key() {
    let pairs = pairs();
    let mut flow = to_writing(order(), &pairs);
    flow.on(Event::Written).unwrap();
    let Action::Bind(body) = flow.action() else { panic!("{:?}", flow.action()) };
    assert_eq!(body.key.0, pairs.signing.fingerprint());
    let bound = Box::new(detail(&pairs, KeyState::Bound));
    flow.on(Event::Bound(bound.clone())).unwrap();
    assert_eq!(flow.action(), Action::Finish(Outcome::Ready(bound)));
    assert_eq!(flow.on(Event::Written), Err(Unexpected), "it is over");
}

#[test]
fn a_key_may_take_anothers_place_or_wait_for_its_binding() {
    let pairs = pairs();
    let replaces = Some((ByteArray([7; 32]), "lost".to_owned()));
    let mut flow = to_writing(IssueOrder { replaces, ..order() }, &pairs);
    flow.on(Event::Written).unwrap();
    assert!(matches!(flow.action(), Action::Replace(body) if body.old == ByteArray([7; 32]) && body.reason == "lost"));
    let mut flow = to_writing(IssueOrder { bind: false, ..order() }, &pairs);
    flow.on(Event::Written).unwrap();
    assert!(matches!(flow.action(), Action::Finish(Outcome::Ready(key)) if key.state == KeyState::Issued));
}

#[test]
fn an_administrators_key_needs_no_agreement() {
    let admin = AdminName { name: "desk-3".into(), role: AdminRole::Operator };
    let mut flow = IssueFlow::new(IssueOrder { holder: Holder::Admin(admin.clone()), replaces: None, bind: true });
    flow.on(Event::SetUp { serial: SERIAL.into() }).unwrap();
    assert_eq!(flow.action(), Action::MakePairs { agreement: false });
    flow.on(Event::Pairs { signing: [1; 32], agreement: None }).unwrap();
    assert_eq!(flow.action(), Action::Challenge(ChallengeBody { customer: None, admin: Some(admin) }));
}

#[test]
fn trouble_before_anything_is_issued_leaves_nothing() {
    let pairs = pairs();
    for trouble in [Trouble::Removed, Trouble::Full, refused("not-allowed")] {
        let mut flow = IssueFlow::new(order());
        flow.on(Event::Failed(trouble.clone())).unwrap();
        assert_eq!(flow.action(), Action::Finish(Outcome::Nothing(trouble.clone())));
        let mut flow = to_issuing(order(), &pairs);
        flow.on(Event::Failed(trouble.clone())).unwrap();
        assert_eq!(flow.action(), Action::Finish(Outcome::Nothing(trouble)));
    }
}

#[test]
fn a_token_pulled_out_while_it_is_written_is_waited_for() {
    let pairs = pairs();
    let mut flow = to_writing(order(), &pairs);
    flow.on(Event::Failed(Trouble::Removed)).unwrap();
    let awaited = Action::AwaitToken { serial: SERIAL.into(), signing: pairs.signing.public() };
    assert_eq!(flow.action(), awaited);
    for (serial, keys) in [("other", vec![pairs.signing.public()]), (SERIAL, vec![[1; 32]])] {
        flow.on(Event::Token { serial: serial.into(), keys }).unwrap();
        assert_eq!(flow.action(), awaited, "another token is not written to");
    }
    flow.on(Event::Token { serial: SERIAL.into(), keys: vec![pairs.signing.public()] }).unwrap();
    assert!(matches!(flow.action(), Action::Write { .. }));
    flow.on(Event::Failed(Trouble::Removed)).unwrap();
    flow.on(Event::GivenUp).unwrap();
    assert!(matches!(flow.action(), Action::Revoke(body) if body.key.0 == pairs.signing.fingerprint()));
    flow.on(Event::Revoked).unwrap();
    assert_eq!(flow.action(), Action::Finish(Outcome::Nothing(Trouble::Removed)));
}

#[test]
fn what_a_full_token_does_not_take_is_revoked() {
    let pairs = pairs();
    let mut flow = to_writing(order(), &pairs);
    flow.on(Event::Failed(Trouble::Full)).unwrap();
    assert!(matches!(flow.action(), Action::Revoke(body) if body.reason.contains("full")));
    flow.on(Event::Failed(Trouble::Lost("gone".into()))).unwrap();
    let Action::Finish(Outcome::Unbound { key, .. }) = flow.action() else { panic!("{:?}", flow.action()) };
    assert_eq!(key.0, pairs.signing.fingerprint(), "what could not be withdrawn is named");
}

#[test]
fn certificates_for_another_token_are_never_written() {
    let pairs = pairs();
    let pki = TestPki::new();
    let other = pki.leaf(Purpose::Administrator);
    let right = issued(&pairs);
    let wrong = [
        Issued { chain: vec![ByteString(other.der().to_vec())], ..right.clone() },
        Issued { agreement: Some(ByteString(other.der().to_vec())), ..right.clone() },
        Issued { agreement: None, ..right.clone() },
        Issued { chain: vec![], ..right.clone() },
        Issued { key: KeyDetail { key: ByteArray([1; 32]), ..right.key.clone() }, ..right },
    ];
    for issued in wrong {
        let mut flow = to_issuing(order(), &pairs);
        flow.on(Event::Issued(Box::new(issued))).unwrap();
        assert!(matches!(flow.action(), Action::Revoke(_)), "{:?}", flow.action());
    }
}

#[test]
fn a_binding_that_another_won_is_told_with_the_keys_name() {
    let pairs = pairs();
    let mut flow = to_writing(order(), &pairs);
    flow.on(Event::Written).unwrap();
    flow.on(Event::Failed(refused("key-bound"))).unwrap();
    let expected = Outcome::Unbound { key: ByteArray(pairs.signing.fingerprint()), trouble: refused("key-bound") };
    assert_eq!(flow.action(), Action::Finish(expected));
}
