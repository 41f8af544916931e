//! The HSM on a real SoftHSM: keys, operations, loss and recovery.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use cryptoki::types::AuthPin;
use ed25519_dalek::{Signature, VerifyingKey};
use gridkey_server::{
    hsm::{
        Hsm, HsmError, HsmKey, HsmSettings, HsmState, Pkcs11Hsm, Pkcs11Uri, keys,
        module::Module,
        session::{KeyNames, log_in},
    },
    provision::tokens,
};
use x25519_dalek::{PublicKey, StaticSecret};

#[path = "support/softhsm.rs"]
mod softhsm;

fn pin() -> AuthPin {
    "a long test pin".to_owned().into()
}

fn names() -> KeyNames {
    KeyNames {
        token: "pkcs11:token=test%20server".parse().unwrap(),
        issuing: Pkcs11Uri::of_label("issuing"),
        receipt: Pkcs11Uri::of_label("receipt"),
        kek: Pkcs11Uri::of_label("kek"),
        envelope: Pkcs11Uri::of_label("envelope"),
    }
}

/// A token with the server's keys.
fn provision() -> Arc<Module> {
    let module = Module::new(&softhsm::module());
    let lease = module.lease().unwrap();
    let so_pin: AuthPin = "so pin for tests".to_owned().into();
    tokens::initialise(&lease, &names().token, Some(&so_pin), &pin()).unwrap();
    let (_, session) = log_in(&lease, &names().token, &pin(), true).unwrap();
    keys::generate_ed25519(&session, "issuing").unwrap();
    keys::generate_ed25519(&session, "receipt").unwrap();
    keys::generate_kek(&session, "kek").unwrap();
    drop(session);
    drop(lease);
    module
}

fn start(module: &Arc<Module>, threads: usize, pin: AuthPin) -> Pkcs11Hsm {
    let settings = HsmSettings { names: names(), threads, queue: 64, call_limit: Duration::from_secs(20) };
    Pkcs11Hsm::start(Arc::clone(module), settings, pin).unwrap()
}

fn block_on<T>(task: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(task)
}

async fn until(hsm: &Pkcs11Hsm, wanted: impl Fn(&Result<(), HsmError>) -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let seen = hsm.check().await;
        if wanted(&seen) {
            return;
        }
        assert!(Instant::now() < end, "still {seen:?}");
        tokio::task::yield_now().await;
    }
}

#[test]
fn the_token_signs_agrees_and_wraps() {
    softhsm::in_own_process("the_token_signs_agrees_and_wraps", |_| {
        let module = provision();
        block_on(async {
            let hsm = start(&module, 2, pin());
            for key in [HsmKey::Issuing, HsmKey::Receipt] {
                let public = VerifyingKey::from_bytes(&hsm.public_key(key).await.unwrap()).unwrap();
                let signature = Signature::from_bytes(&hsm.sign(key, b"message").await.unwrap());
                public.verify_strict(b"message", &signature).unwrap();
            }
            assert_eq!(hsm.state(), HsmState::Ready);

            let envelope = hsm.generate_envelope_key().await.unwrap();
            let other = hsm.generate_envelope_key().await.unwrap();
            assert_ne!(envelope.key_id, other.key_id);
            let own = StaticSecret::from([9; 32]);
            let shared = hsm.agree(&envelope.key_id, PublicKey::from(&own).as_bytes()).await.unwrap();
            assert_eq!(*shared, own.diffie_hellman(&PublicKey::from(envelope.public)).to_bytes());
            assert!(hsm.destroy_envelope_key(&envelope.key_id).await.unwrap());
            assert!(!hsm.destroy_envelope_key(&envelope.key_id).await.unwrap());
            for _ in 0..8 {
                // Whichever thread answers, also one that had found the key before.
                let gone = hsm.agree(&envelope.key_id, PublicKey::from(&own).as_bytes()).await;
                assert_eq!(gone, Err(HsmError::NoSuchKey));
            }
            hsm.agree(&other.key_id, PublicKey::from(&own).as_bytes()).await.unwrap();

            let wrapped = hsm.wrap_data_key(&[5; 32]).await.unwrap();
            assert_eq!(*hsm.unwrap_data_key(&wrapped).await.unwrap(), [5; 32]);
            assert_ne!(hsm.wrap_data_key(&[5; 32]).await.unwrap(), wrapped);
            for place in [0, 1, 13, wrapped.len() - 1] {
                let mut changed = wrapped.clone();
                changed[place] ^= 1;
                assert_eq!(hsm.unwrap_data_key(&changed).await, Err(HsmError::NotOpened), "byte {place}");
            }
            assert_eq!(hsm.unwrap_data_key(&wrapped[..20]).await, Err(HsmError::NotOpened));
            assert_eq!(*hsm.unwrap_data_key(&wrapped).await.unwrap(), [5; 32]);
            hsm.shutdown(Duration::from_secs(10)).await;
            assert!(hsm.sign(HsmKey::Receipt, b"late").await.unwrap_err().is_transient());
        });
    });
}

#[test]
fn a_peer_of_small_order_gives_zeros_and_costs_no_session() {
    softhsm::in_own_process("a_peer_of_small_order_gives_zeros_and_costs_no_session", |_| {
        let module = provision();
        block_on(async {
            let hsm = start(&module, 1, pin());
            let envelope = hsm.generate_envelope_key().await.unwrap();
            // Peers of small order: 0, 1, and a point of order 8. The token stays in use.
            let mut one = [0; 32];
            one[0] = 1;
            let eight = hex::decode("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800").unwrap();
            for peer in [[0; 32], one, eight.try_into().unwrap()] {
                assert_eq!(*hsm.agree(&envelope.key_id, &peer).await.unwrap(), [0; 32]);
                assert!(hsm.state().is_ready());
            }
            hsm.shutdown(Duration::from_secs(10)).await;
        });
    });
}

#[test]
fn a_lost_token_is_used_again_when_it_is_back() {
    softhsm::in_own_process("a_lost_token_is_used_again_when_it_is_back", |folder: &Path| {
        let module = provision();
        block_on(async {
            let hsm = start(&module, 2, pin());
            let envelope = hsm.generate_envelope_key().await.unwrap();
            let peer = *PublicKey::from(&StaticSecret::from([9; 32])).as_bytes();
            let before = hsm.agree(&envelope.key_id, &peer).await.unwrap();
            for _ in 0..2 {
                std::fs::rename(folder.join("tokens"), folder.join("away")).unwrap();
                until(&hsm, Result::is_err).await;
                let error = hsm.agree(&envelope.key_id, &peer).await.unwrap_err();
                assert!(error.is_transient(), "{error}");
                assert!(hsm.sign(HsmKey::Receipt, b"x").await.unwrap_err().is_transient());
                // The state is told without asking the token: a thread notices with its next call, or when the first one wakes it.
                let noticed = tokio::time::timeout(Duration::from_secs(10), async {
                    while hsm.state().is_ready() {
                        assert!(hsm.sign(HsmKey::Receipt, b"x").await.unwrap_err().is_transient());
                    }
                });
                noticed.await.expect("every thread notices the loss");

                std::fs::rename(folder.join("away"), folder.join("tokens")).unwrap();
                until(&hsm, Result::is_ok).await;
                // Whichever thread has its session back first: nobody is refused by one that has not.
                for _ in 0..50 {
                    assert_eq!(hsm.agree(&envelope.key_id, &peer).await.unwrap(), before);
                }
                assert!(hsm.state().is_ready());
            }
            hsm.shutdown(Duration::from_secs(10)).await;
        });
    });
}

#[test]
fn a_wrong_pin_is_tried_once() {
    softhsm::in_own_process("a_wrong_pin_is_tried_once", |_| {
        let module = provision();
        block_on(async {
            let hsm = start(&module, 2, "wrong".to_owned().into());
            let error = hsm.sign(HsmKey::Issuing, b"x").await.unwrap_err();
            assert!(error.is_transient(), "{error}");
            assert!(!error.to_string().contains("wrong"), "{error}");
            assert!(matches!(hsm.state(), HsmState::PinRefused(_)), "{}", hsm.state());
            hsm.shutdown(Duration::from_secs(10)).await;
        });
    });
}

#[test]
fn many_callers_share_a_few_threads_and_are_refused_when_too_many() {
    softhsm::in_own_process("many_callers_share_a_few_threads_and_are_refused_when_too_many", |_| {
        let module = provision();
        block_on(async {
            let settings = HsmSettings { names: names(), threads: 2, queue: 8, call_limit: Duration::from_secs(20) };
            let hsm = Arc::new(Pkcs11Hsm::start(Arc::clone(&module), settings, pin()).unwrap());
            hsm.check().await.unwrap();
            let mut tasks = Vec::new();
            for number in 0..200_u32 {
                let hsm = Arc::clone(&hsm);
                tasks.push(tokio::spawn(async move { hsm.sign(HsmKey::Receipt, &number.to_be_bytes()).await }));
            }
            let (mut signed, mut refused) = (0, 0);
            for task in tasks {
                match task.await.unwrap() {
                    Ok(_) => signed += 1,
                    Err(HsmError::Unavailable(_)) => refused += 1,
                    Err(error) => panic!("{error}"),
                }
            }
            assert!(signed >= 8, "{signed}");
            assert!(refused > 0, "{signed} signed, none refused");
            hsm.shutdown(Duration::from_secs(10)).await;
        });
    });
}
