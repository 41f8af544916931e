//! What time alone does to keys, on a clock that the test turns: told from two thirds on, kept when a renewal
//! came to nothing, expired.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::sync::Arc as Shared;

use gridkey_domain::{CustomerNo, Fen, Timestamp};
use gridkey_protocol::{
    cbor,
    certificate::{Purposes, TrustAnchor},
    ops::push::KeyChanged,
};
use gridkey_server::{
    actor::Actor,
    ca::{
        Arc, CaSigner as _, Issuer, Lifetimes, Profile, PublicKey, SoftwareSigner, Validity, certificate::issue_root,
    },
    core::{Core, EnvelopeCache},
    hsm::{EnvelopeKey, Hsm, HsmError, HsmKey, HsmState},
    intranet::Platform,
    issue::{KeyDesk, PublicPairs},
    keys::{challenge::Challenges, keeper},
    limits::OrderLimits,
    revoke,
    session::registry::Registry,
    status::Notes,
    store::{Fingerprint, KeyRecord, KeyState, KeyStep, Store, surreal::SurrealStore},
};
use gridkey_service::{clock::ManualClock, https};
use gridkey_surreal::Database;
use zeroize::Zeroizing;

const DAY: i64 = 86_400;

/// An HSM that is never asked.
struct NoHsm;

#[async_trait::async_trait]
impl Hsm for NoHsm {
    async fn sign(&self, _: HsmKey, _: &[u8]) -> Result<[u8; 64], HsmError> {
        Err(HsmError::NoSuchKey)
    }
    async fn agree(&self, _: &[u8], _: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, HsmError> {
        Err(HsmError::NoSuchKey)
    }
    async fn wrap_data_key(&self, _: &[u8; 32]) -> Result<Vec<u8>, HsmError> {
        Err(HsmError::NoSuchKey)
    }
    async fn unwrap_data_key(&self, _: &[u8]) -> Result<Zeroizing<[u8; 32]>, HsmError> {
        Err(HsmError::NoSuchKey)
    }
    async fn generate_envelope_key(&self) -> Result<EnvelopeKey, HsmError> {
        Err(HsmError::NoSuchKey)
    }
    async fn destroy_envelope_key(&self, _: &[u8]) -> Result<bool, HsmError> {
        Err(HsmError::NoSuchKey)
    }
    async fn public_key(&self, _: HsmKey) -> Result<[u8; 32], HsmError> {
        Err(HsmError::NoSuchKey)
    }
    async fn check(&self) -> Result<(), HsmError> {
        Err(HsmError::NoSuchKey)
    }
    fn state(&self) -> HsmState {
        HsmState::Starting
    }
}

/// A server without listeners, at `now`; keys live 90 days.
async fn core(clock: &ManualClock, now: Timestamp) -> Core {
    let lifetimes = Lifetimes { key_days: 90, envelope_days: 30, tls_days: 90, receipt_days: 90 };
    let (root_key, key) = (SoftwareSigner::generate().unwrap(), SoftwareSigner::generate().unwrap());
    let company = "Test Power Company";
    let root = issue_root(&root_key, company, "Root", Validity::days(now, 7_300), Arc::DOCUMENTATION).await.unwrap();
    let public = PublicKey::Ed25519(key.public_key());
    let top = Issuer::with_signer(Box::new(root_key), root.der.clone(), company, Arc::DOCUMENTATION, lifetimes.clone());
    let issuing = top.unwrap().issue(&Profile::Issuing, "Issuing", public, Validity::days(now, 3_650)).await.unwrap();
    let issuer = Issuer::with_signer(Box::new(key), issuing.der, company, Arc::DOCUMENTATION, lifetimes).unwrap();
    let database = Database::open("mem://", "gridkey", "server", None).await.unwrap();
    let store: Shared<dyn Store> = Shared::new(SurrealStore::open(database, [7; 32].into()).await.unwrap());
    Core {
        clock: Shared::new(clock.clone()),
        desk: KeyDesk::new(Shared::new(issuer), Shared::clone(&store)),
        store,
        hsm: Shared::new(NoHsm),
        platform: Platform::new(https::plain_client(Default::default()).unwrap(), "http://127.0.0.1:1"),
        anchor: TrustAnchor::new(&root.der, Purposes::default()).unwrap(),
        receipt_chain: Shared::default(),
        registry: Registry::new(4),
        envelopes: EnvelopeCache::default(),
        crl: Shared::default(),
        challenges: Challenges::default(),
        orders: OrderLimits { amount: Fen::new(1).unwrap(), page_seconds: 60 },
        notes: Notes::starting(now),
        public_url: String::new(),
    }
}

fn customer() -> CustomerNo {
    "1100000001".parse().unwrap()
}

fn pairs(seed: u8) -> PublicPairs {
    PublicPairs { authentication: [seed; 32], agreement: Some([seed ^ 1; 32]), token: None }
}

async fn bound(core: &Core, seed: u8, now: Timestamp) -> Fingerprint {
    let made = core.desk.issue_customer_key(&customer(), pairs(seed), &Actor::operator(), now).await.unwrap();
    let key = made.record.fingerprint;
    core.desk.bind(key, Some(&customer()), &Actor::operator(), now).await.unwrap();
    key
}

async fn state(core: &Core, key: Fingerprint) -> (KeyState, String) {
    let key = core.store.key(key).await.unwrap().unwrap();
    (key.state, key.reason)
}

/// What the customer was told of its keys.
async fn told(core: &Core) -> Vec<(Fingerprint, String)> {
    let pushes = core.store.pushes_after(&customer(), 0, 100).await.unwrap();
    let read = |body: &[u8]| cbor::decode::<KeyChanged>(body).unwrap();
    pushes.iter().map(|push| read(&push.body)).map(|told| (told.key.0, told.event)).collect()
}

#[tokio::test]
async fn a_holder_is_told_once_from_two_thirds_on_and_the_key_expires_at_its_end() {
    let start = Timestamp::from_seconds(1_795_334_400);
    let clock = ManualClock::at(start);
    let core = core(&clock, start).await;
    let key = bound(&core, 1, start).await;
    clock.set(start.plus_seconds(59 * DAY));
    keeper::look_after(&core).await.unwrap();
    assert_eq!(told(&core).await, []);
    clock.set(start.plus_seconds(60 * DAY));
    for _ in 0..3 {
        keeper::look_after(&core).await.unwrap();
    }
    assert_eq!(told(&core).await, [(key, "expiring".to_owned())]);
    clock.set(start.plus_seconds(89 * DAY));
    keeper::look_after(&core).await.unwrap();
    assert_eq!(state(&core, key).await.0, KeyState::Bound);
    clock.set(start.plus_seconds(90 * DAY));
    keeper::look_after(&core).await.unwrap();
    assert_eq!(state(&core, key).await, (KeyState::Expired, "out-of-time".to_owned()));
    assert_eq!(told(&core).await.last(), Some(&(key, "expired".to_owned())));
    let life: Vec<_> = core.store.key_history(key).await.unwrap().iter().map(|step| step.actor.clone()).collect();
    assert_eq!(life, ["operator", "operator", "server"]);
}

/// A key that was renewed, its successor, and when that was.
async fn renewed(core: &Core, clock: &ManualClock, start: Timestamp) -> (Fingerprint, Fingerprint, Timestamp) {
    let old = bound(core, 1, start).await;
    let later = start.plus_seconds(61 * DAY);
    clock.set(later);
    let record = core.store.key(old).await.unwrap().unwrap();
    (old, renew(core, &record, 3, later).await, later)
}

async fn renew(core: &Core, old: &KeyRecord, seed: u8, now: Timestamp) -> Fingerprint {
    let actor = Actor::holder(&old.fingerprint, Vec::new());
    core.desk.renew(old, pairs(seed), &actor, now.plus_seconds(DAY), now).await.unwrap().fingerprint
}

#[tokio::test]
async fn a_renewal_that_never_reached_the_token_fails_after_a_day_and_the_old_key_goes_on() {
    let start = Timestamp::from_seconds(1_795_334_400);
    let clock = ManualClock::at(start);
    let core = core(&clock, start).await;
    let (old, new, later) = renewed(&core, &clock, start).await;
    keeper::look_after(&core).await.unwrap();
    assert_eq!(state(&core, old).await.0, KeyState::Bound, "both are good for a day");
    assert_eq!(told(&core).await, [], "who has renewed is not told to renew");
    clock.set(later.plus_seconds(DAY));
    for _ in 0..2 {
        keeper::look_after(&core).await.unwrap();
    }
    assert_eq!(state(&core, old).await.0, KeyState::Bound, "its holder is not locked out");
    assert_eq!(state(&core, new).await, (KeyState::Revoked, "renewal-failed".to_owned()));
    let entries = core.store.audit_entries(0, 100).await.unwrap();
    assert!(String::from_utf8_lossy(&entries.last().unwrap().content).contains("key.revoked"));
    assert_eq!(told(&core).await, [(new, "renewal-failed".to_owned()), (old, "expiring".to_owned())]);

    // Once more, and this one fails too: that is told as well.
    let record = core.store.key(old).await.unwrap().unwrap();
    let now = later.plus_seconds(2 * DAY);
    clock.set(now);
    let again = renew(&core, &record, 5, now).await;
    clock.set(now.plus_seconds(DAY));
    keeper::look_after(&core).await.unwrap();
    assert_eq!(state(&core, old).await.0, KeyState::Bound);
    assert_eq!(told(&core).await.last(), Some(&(again, "renewal-failed".to_owned())));
    clock.set(start.plus_seconds(90 * DAY));
    keeper::look_after(&core).await.unwrap();
    assert_eq!(state(&core, old).await.0, KeyState::Expired, "it lasts as long as it was to");
}

#[tokio::test]
async fn an_old_key_whose_renewed_one_was_reported_lost_is_replaced_after_a_day() {
    let start = Timestamp::from_seconds(1_795_334_400);
    let clock = ManualClock::at(start);
    let core = core(&clock, start).await;
    let (old, new, later) = renewed(&core, &clock, start).await;
    revoke::end_key(&core, new, KeyStep::Lose, "left in a taxi", &Actor::operator()).await.unwrap();
    clock.set(later.plus_seconds(DAY));
    keeper::look_after(&core).await.unwrap();
    assert_eq!(state(&core, old).await, (KeyState::Replaced, "renewed".to_owned()));
}
