//! The administrators' listener of a real server, and the life of keys through it: issue, bind, lose, replace, renew.

use std::{path::Path, process::Command as Program, time::Duration};

use ed25519_dalek::{Signer as _, SigningKey};
use gridkey_domain::key::AdminRole;
use gridkey_protocol::{
    ByteArray, ByteString,
    cbor::{self, Value},
    close::CloseCode,
    command::{Command, SignedCommand, message_to_sign},
    crypto,
    frame::{PushKind, Role, ServerFrame},
    ops::{
        Act, Empty, Operation, Page,
        admin::{
            keys::{BindBody, ChallengeBody, EndBody, IssueBody, KeyBody, KeyListBody, ReplaceBody},
            sessions::CutBody,
        },
        key::{Challenge, RenewBody},
        push::KeyChanged,
        {self},
    },
    possession::{RequestDraft, agreement_answer, renewal_message},
};
use gridkey_server::{provision::files::certificates_pem, store::KeyState};

use crate::{
    peer::{self, Key, Peer, closed},
    stack::{Stack, now, run_test},
};

const CUSTOMER: &str = "1100000001";

/// An administrator in session.
struct Desk {
    peer: Peer,
    key: Key,
    number: u64,
}

impl Desk {
    async fn open(stack: &Stack, folder: &Path, name: &str, role: AdminRole) -> Self {
        let (key, _) = stack.admin_key(folder, name, role).await;
        let peer = stack.admin_login(&key).await.unwrap();
        Self { peer, key, number: 0 }
    }

    async fn read<O: Operation>(&mut self, body: O::Body) -> Result<O::Result, String> {
        self.peer.call(O::NAME, &body).await.map(|value| cbor::from_value(value).unwrap())
    }

    fn sign(&mut self, op: &str, body: &impl serde::Serialize) -> SignedCommand {
        self.number += 1;
        let command = cbor::encode(&Command {
            v: 1,
            op: op.to_owned(),
            body: cbor::to_value(body).unwrap(),
            session: self.peer.welcome.session.clone(),
            number: self.number,
            at: now(),
            key: ByteArray(crypto::sha256(&[&self.key.chain[0]])),
        });
        let signature = self.key.key.sign(&message_to_sign(&command)).to_bytes();
        SignedCommand { command: ByteString(command), signature: ByteArray(signature) }
    }

    async fn act<O: Act>(&mut self, body: O::Body) -> Result<O::Result, String> {
        let signed = self.sign(O::NAME, &body);
        self.peer.call(O::NAME, &signed).await.map(|value| cbor::from_value(value).unwrap())
    }

    /// Issues a key for the customer and gives it with its fingerprint.
    async fn issue(&mut self, pairs: &Pairs) -> Result<(Key, ByteArray<32>), String> {
        let asked = ChallengeBody { customer: Some(CUSTOMER.parse().unwrap()), admin: None };
        let challenge = self.read::<ops::KeyChallenge>(asked).await?;
        let issued = self.act::<ops::KeyIssue>(pairs.answer(&challenge)).await?;
        let chain = issued.chain.into_iter().map(|der| der.0).collect();
        Ok((Key { chain, key: pairs.signing.clone() }, issued.key.key))
    }
}

/// Pairs that a token would hold.
struct Pairs {
    signing: SigningKey,
    agreement: [u8; 32],
}

impl Pairs {
    fn new(seed: u8) -> Self {
        Self { signing: SigningKey::from_bytes(&[seed; 32]), agreement: [seed ^ 0x55; 32] }
    }

    fn parts(&self, challenge: &Challenge) -> (Vec<u8>, [u8; 32], [u8; 32]) {
        let public = self.signing.verifying_key().to_bytes();
        let draft = RequestDraft::new(&challenge.name, &public, &challenge.challenge.0).unwrap();
        let signature = self.signing.sign(draft.to_sign()).to_bytes();
        let agreement = crypto::x25519_public(&self.agreement);
        let shared = crypto::x25519(&self.agreement, &challenge.ephemeral.0).unwrap();
        let answer = *agreement_answer(&shared, &challenge.challenge.0, &public, &agreement);
        (draft.finish(&signature).unwrap(), agreement, answer)
    }

    fn answer(&self, challenge: &Challenge) -> IssueBody {
        let (request, agreement, answer) = self.parts(challenge);
        IssueBody {
            request: ByteString(request),
            agreement: Some(ByteArray(agreement)),
            answer: Some(ByteArray(answer)),
            token: Some("5f1c2a9be3d04477".to_owned()),
        }
    }

    fn renewal(&self, challenge: &Challenge, old: &SigningKey) -> RenewBody {
        let (request, agreement, answer) = self.parts(challenge);
        let message = renewal_message(&challenge.challenge.0, &request, &agreement);
        RenewBody {
            request: ByteString(request),
            agreement: ByteArray(agreement),
            answer: ByteArray(answer),
            signature: ByteArray(old.sign(&message).to_bytes()),
        }
    }
}

fn bind(key: ByteArray<32>) -> BindBody {
    BindBody { key, customer: Some(CUSTOMER.parse().unwrap()) }
}

fn end(key: ByteArray<32>) -> EndBody {
    EndBody { key, reason: "left in a taxi".to_owned() }
}

#[test]
fn each_listener_lets_in_its_own_kind_only() {
    run_test("admin::each_listener_lets_in_its_own_kind_only", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let (customer, _) = stack.key(&folder, CUSTOMER, "customer").await;
        let first = Key::load(&folder.join("admin"));
        assert_eq!(stack.admin_login(&customer).await.err(), Some(Some(CloseCode::NotAuthenticated)));
        assert_eq!(stack.login(&first).await.err(), Some(Some(CloseCode::NotAuthenticated)));
        let mut officer = stack.admin_login(&first).await.unwrap();
        assert_eq!((officer.welcome.role, officer.welcome.customer.clone()), (Role::Admin, None));
        assert_eq!(officer.call("account.get", &Empty {}).await, Err("forbidden".into()));
        assert_eq!(officer.call("key.eat", &Empty {}).await, Err("unknown-op".into()));
        assert!(officer.call("audit.list", &Empty {}).await.is_ok());
        let mut member = stack.login(&customer).await.unwrap();
        assert_eq!(member.call("audit.list", &Empty {}).await, Err("forbidden".into()));
        stack.stop().await;
    });
}

#[test]
fn an_act_needs_its_own_signature_right_and_place() {
    run_test("admin::an_act_needs_its_own_signature_right_and_place", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let (_, customer) = stack.key(&folder, CUSTOMER, "customer").await;
        let customer = ByteArray(hex::decode(customer).unwrap().try_into().unwrap());
        let mut operator = Desk::open(&stack, &folder, "desk-1", AdminRole::Operator).await;
        let mut auditor = Desk::open(&stack, &folder, "auditor-1", AdminRole::Auditor).await;
        let own = ByteArray(crypto::sha256(&[&operator.key.chain[0]]));

        // Unsigned, changed, sent twice, meant for something else.
        assert_eq!(operator.peer.call("key.lost", &end(customer)).await, Err("bad-request".into()));
        let mut changed = operator.sign("key.lost", &end(customer));
        changed.command.0[5] ^= 1;
        assert_eq!(operator.peer.call("key.lost", &changed).await, Err("command-refused".into()));
        let cut = operator.sign("session.cut", &CutBody { session: "s-999".into(), reason: "test".into() });
        assert_eq!(operator.peer.call("session.cut", &cut).await, Err("not-found".into()));
        assert_eq!(operator.peer.call("session.cut", &cut).await, Err("command-refused".into()), "once only");
        let other = operator.sign("key.unbind", &end(customer));
        assert_eq!(operator.peer.call("key.lost", &other).await, Err("command-refused".into()));
        let foreign = auditor.sign("key.lost", &end(customer));
        assert_eq!(operator.peer.call("key.lost", &foreign).await, Err("command-refused".into()));

        // Rights.
        assert_eq!(auditor.act::<ops::KeyLost>(end(customer)).await.err(), Some("not-allowed".into()));
        assert_eq!(operator.act::<ops::KeyRevoke>(end(own)).await.err(), Some("own-key".into()));
        let of_auditor = ByteArray(crypto::sha256(&[&auditor.key.chain[0]]));
        assert_eq!(operator.act::<ops::KeyRevoke>(end(of_auditor)).await.err(), Some("not-allowed".into()));
        assert_eq!(operator.read::<ops::AuditVerify>(Empty {}).await.err(), Some("not-allowed".into()));
        let nameless = EndBody { reason: " ".into(), ..end(customer) };
        assert_eq!(operator.act::<ops::KeyLost>(nameless).await.err(), Some("bad-request".into()));
        let life = auditor.read::<ops::KeyGet>(KeyBody { key: customer }).await.unwrap();
        assert_eq!(life.key.state, KeyState::Bound, "none of it did anything");

        // A right that is taken away is gone at once.
        let officer = Key::load(&folder.join("admin"));
        let peer = stack.admin_login(&officer).await.unwrap();
        let mut officer = Desk { peer, key: officer, number: 0 };
        officer.act::<ops::KeyRevoke>(end(own)).await.unwrap();
        let code = tokio::time::timeout(Duration::from_secs(1), closed(&mut operator.peer.socket)).await.unwrap();
        assert_eq!(code, Some(CloseCode::Revoked));
        assert_eq!(stack.admin_login(&operator.key).await.err(), Some(Some(CloseCode::Revoked)));
        stack.stop().await;
    });
}

#[test]
fn a_key_is_issued_bound_lost_replaced_and_renewed() {
    run_test("admin::a_key_is_issued_bound_lost_replaced_and_renewed", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let mut desk = Desk::open(&stack, &folder, "desk-1", AdminRole::Operator).await;
        let first = Pairs::new(1);
        let (key, fingerprint) = desk.issue(&first).await.unwrap();
        assert_eq!(stack.login(&key).await.err(), Some(Some(CloseCode::Unbound)), "issued is not bound");
        let wrong = BindBody { customer: Some("1100000002".parse().unwrap()), ..bind(fingerprint) };
        assert_eq!(desk.act::<ops::KeyBind>(wrong).await.err(), Some("bad-request".into()));
        let bound = desk.act::<ops::KeyBind>(bind(fingerprint)).await.unwrap();
        assert_eq!((bound.state, bound.token.as_deref()), (KeyState::Bound, Some("5f1c2a9be3d04477")));
        assert_eq!(desk.act::<ops::KeyBind>(bind(fingerprint)).await.err(), Some("key-bound".into()));

        // The customer is in; the loss cuts it off within a second and is told to nobody else's device.
        let mut customer = stack.login(&key).await.unwrap();
        let before = customer.welcome.offset;
        let listed = desk.read::<ops::SessionList>(Page::default()).await.unwrap();
        assert!(listed.sessions.iter().any(|session| session.session == customer.welcome.session));
        let ended = desk.act::<ops::KeyLost>(end(fingerprint)).await.unwrap();
        assert_eq!((ended.key.state, ended.sessions), (KeyState::Lost, 1));
        let code = tokio::time::timeout(Duration::from_secs(1), closed(&mut customer.socket)).await.unwrap();
        assert_eq!(code, Some(CloseCode::Lost));
        assert_eq!(stack.login(&key).await.err(), Some(Some(CloseCode::Lost)));
        verify(&stack, &folder, &key, false).await;

        // Another key in its place: the stream goes on.
        let second = Pairs::new(2);
        let (key, new) = desk.issue(&second).await.unwrap();
        let replace = ReplaceBody { old: fingerprint, new, reason: "lost".into() };
        let replaced = desk.act::<ops::KeyReplace>(replace).await.unwrap();
        assert_eq!((replaced.old.state, replaced.new.state), (KeyState::Lost, KeyState::Bound));
        let mut customer = stack.login(&key).await.unwrap();
        assert!(customer.welcome.offset > before, "the customer's stream is the same");
        verify(&stack, &folder, &key, true).await;

        // Renewed by its holder.
        let third = Pairs::new(3);
        let challenge: Challenge = cbor::from_value(customer.call("key.prepare", &Empty {}).await.unwrap()).unwrap();
        let forged = third.renewal(&challenge, &third.signing);
        assert_eq!(customer.call("key.renew", &forged).await, Err("proof-refused".into()), "the old key signs too");
        let right = third.renewal(&challenge, &second.signing);
        assert_eq!(customer.call("key.renew", &right).await, Err("challenge-unknown".into()), "used up");
        let challenge: Challenge = cbor::from_value(customer.call("key.prepare", &Empty {}).await.unwrap()).unwrap();
        let answer = customer.call("key.renew", &third.renewal(&challenge, &second.signing)).await.unwrap();
        let renewed: ops::key::Renewed = cbor::from_value(answer).unwrap();
        let renewed = Key { chain: renewed.chain.into_iter().map(|der| der.0).collect(), key: third.signing.clone() };
        assert!(
            customer.call("settings.get", &Empty {}).await.is_ok(),
            "the old key goes on until the new one is used"
        );
        assert!(stack.login(&renewed).await.is_ok());
        let code = tokio::time::timeout(Duration::from_secs(1), closed(&mut customer.socket)).await.unwrap();
        assert_eq!(code, Some(CloseCode::ReplacedKey));
        assert_eq!(stack.login(&key).await.err(), Some(Some(CloseCode::ReplacedKey)));

        let of_customer = KeyListBody { customer: Some(CUSTOMER.parse().unwrap()), ..KeyListBody::default() };
        let states: Vec<_> =
            desk.read::<ops::KeyList>(of_customer).await.unwrap().keys.iter().map(|key| key.state).collect();
        assert_eq!(states, [KeyState::Bound, KeyState::Replaced, KeyState::Lost]);
        let life = desk.read::<ops::KeyGet>(KeyBody { key: new }).await.unwrap();
        let states: Vec<_> = life.history.iter().map(|step| (step.state, step.reason.as_str())).collect();
        let expected = [(KeyState::Issued, "issued"), (KeyState::Bound, "lost"), (KeyState::Replaced, "renewed")];
        assert_eq!(states, expected);
        stack.stop().await;
    });
}

#[test]
fn a_look_at_the_whole_shows_who_is_in_who_was_refused_and_what_does_not_answer() {
    run_test("admin::a_look_at_the_whole_shows_who_is_in_who_was_refused_and_what_does_not_answer", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let mut desk = Desk::open(&stack, &folder, "desk-1", AdminRole::Auditor).await;
        let (key, _) = stack.key(&folder, CUSTOMER, "key").await;
        let customer = stack.login(&key).await.unwrap();
        let (lost, other) = stack.key(&folder, "1100000002", "lost").await;
        stack.end(&other, KeyState::Lost).await;
        assert!(stack.login(&lost).await.is_err());
        let status = desk.read::<ops::StatusGet>(Empty {}).await.unwrap();
        assert_eq!((status.sessions.customers, status.sessions.administrators), (1, 1));
        assert_eq!((status.logins.today, status.logins.failed_today), (2, 1));
        assert_eq!(status.logins.hours.iter().map(|hour| hour.logins).sum::<u64>(), 2);
        assert_eq!((status.logins.hours.len(), status.payments.hours.len()), (24, 24));
        let keys = |state| status.keys.states.iter().find(|line| line.state == state).unwrap().count;
        assert_eq!((keys(KeyState::Bound), keys(KeyState::Lost)), (3, 1));
        let parts: Vec<_> = status.parts.iter().map(|part| (part.name.as_str(), part.ok)).collect();
        assert_eq!(parts, [("hsm", true), ("store", true), ("platform", false)]);
        assert!(status.parts[2].fault.is_some() && status.arrears.is_none(), "there is no platform here");
        assert!(status.audit.entries > 0 && status.audit.lodged.is_none());
        assert!(status.started <= status.at && status.crl.is_some_and(|crl| crl.next > status.at));
        drop(customer);
        stack.stop().await;
    });
}

#[test]
fn every_act_stands_in_the_chain_with_its_signature() {
    run_test("admin::every_act_stands_in_the_chain_with_its_signature", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let mut desk = Desk::open(&stack, &folder, "desk-1", AdminRole::Operator).await;
        let (_, fingerprint) = desk.issue(&Pairs::new(1)).await.unwrap();
        desk.act::<ops::KeyBind>(bind(fingerprint)).await.unwrap();
        desk.act::<ops::KeyUnbind>(end(fingerprint)).await.unwrap();

        let mut auditor = Desk::open(&stack, &folder, "auditor-1", AdminRole::Auditor).await;
        let page = auditor.read::<ops::AuditList>(Default::default()).await.unwrap();
        let actor = hex::encode(crypto::sha256(&[&desk.key.chain[0]]));
        let acts: Vec<_> = page.entries.iter().filter(|entry| entry.actor == actor).collect();
        let events: Vec<_> = acts.iter().map(|entry| entry.event.as_str()).collect();
        assert_eq!(events, ["key.issued", "key.bound", "key.unbound"]);
        for entry in acts {
            let facts = cbor::parse(&entry.facts.0).unwrap();
            let (Some(Value::Bytes(command)), Some(Value::Bytes(signature))) =
                (facts.get("command"), facts.get("signature"))
            else {
                panic!("{} carries no signed command", entry.event);
            };
            let signature = signature.as_slice().try_into().unwrap();
            let public = desk.key.key.verifying_key().to_bytes();
            crypto::verify_ed25519(&public, &message_to_sign(command), &signature).unwrap();
        }
        let export = ops::admin::audit::ExportBody { customer: Some(CUSTOMER.parse().unwrap()), ..Default::default() };
        let case = auditor.act::<ops::AuditExport>(export).await.unwrap();
        let events: Vec<_> = case.entries.iter().map(|entry| entry.event.as_str()).collect();
        assert_eq!(events, ["key.issued", "key.bound", "key.unbound", "audit.exported"]);
        stack.stop().await;
    });
}

#[test]
fn another_device_hears_of_a_lost_key() {
    run_test("admin::another_device_hears_of_a_lost_key", async |folder| {
        let stack = Stack::start(&folder, |_| {}).await;
        let mut desk = Desk::open(&stack, &folder, "desk-1", AdminRole::Operator).await;
        let (kept, _) = stack.key(&folder, CUSTOMER, "kept").await;
        let (_, lost) = desk.issue(&Pairs::new(1)).await.unwrap();
        desk.act::<ops::KeyBind>(bind(lost)).await.unwrap();
        let mut colleague = stack.login(&kept).await.unwrap();
        desk.act::<ops::KeyLost>(end(lost)).await.unwrap();
        let ServerFrame::Push(push) = colleague.frame().await.unwrap() else { panic!("a push expected") };
        let body: KeyChanged = cbor::from_value(push.body).unwrap();
        assert_eq!((push.kind, body.key, body.event.as_str()), (PushKind::Key, lost, "lost"));
        stack.stop().await;
    });
}

/// OpenSSL and GnuTLS judge the key's certificate with the published list.
async fn verify(stack: &Stack, folder: &Path, key: &Key, good: bool) {
    let client = gridkey_service::https::client(
        gridkey_service::tls::client_config(
            &gridkey_service::tls::read_certificates(&stack.config.web_root()).unwrap(),
            None,
            gridkey_service::tls::Versions::Tls12Up,
        )
        .unwrap(),
        Default::default(),
    )
    .unwrap();
    let serial = gridkey_protocol::certificate::Certificate::from_der(&key.chain[0]).unwrap().serial().to_vec();
    let crl = tokio::time::timeout(peer::PATIENCE, async {
        loop {
            let url = format!("https://localhost:{}/crl", stack.public.port());
            let answer = client.get(url).send().await.unwrap();
            if answer.status().is_success() {
                let der = answer.bytes().await.unwrap().to_vec();
                let listed = der.windows(serial.len()).any(|window| window == serial);
                if listed != good {
                    return der;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let crl = crl.await.expect("the list is renewed at once");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let pem = der::pem::encode_string("X509 CRL", der::pem::LineEnding::LF, &crl).unwrap();
    let root = std::fs::read_to_string(&stack.config.root.certificate).unwrap();
    let (leaf, issuing) = (certificates_pem(&key.chain[..1]).unwrap(), certificates_pem(&key.chain[1..]).unwrap());
    let crl = write("list.pem", &pem);
    let (leaf_file, issuing_file) = (write("leaf.pem", &leaf), write("issuing.pem", &issuing));
    let openssl = Program::new("openssl")
        .args(["verify", "-crl_check", "-x509_strict", "-purpose", "sslclient", "-CAfile"])
        .arg(&stack.config.root.certificate)
        .arg("-CRLfile")
        .arg(&crl)
        .arg("-untrusted")
        .args([&issuing_file, &leaf_file])
        .output()
        .unwrap();
    assert_eq!(openssl.status.success(), good, "{}", String::from_utf8_lossy(&openssl.stderr));
    let certtool = Program::new("certtool")
        .args(["--verify", "--verify-profile", "high", "--load-ca-certificate"])
        .arg(write("ca.pem", &root))
        .arg("--load-crl")
        .arg(&crl)
        .arg("--infile")
        .arg(write("chain.pem", &format!("{leaf}{issuing}")))
        .output()
        .expect("certtool is here");
    assert_eq!(certtool.status.success(), good, "{}", String::from_utf8_lossy(&certtool.stdout));
}
