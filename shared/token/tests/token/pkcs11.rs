//! The PKCS#11 token on a real SoftHSM2: the conformance suite, provisioning, choice by URI, and what SoftHSM tells.

use std::path::Path;

use der::{Decode, Encode};
use ed25519_dalek::{Signature, VerifyingKey};
use gridkey_token::pkcs11::{Generated, Pkcs11Provider, Pkcs11Token, SlotChoice};
use gridkey_token::{Caution, KeyKind, Pkcs11Uri, PublicKey, Token, TokenError, TokenSession, Tries};
use gridkey_token::{TokenKey, certification_request};
use x509_cert::request::CertReq;

use crate::support::certificate::certificate;
use crate::support::pin;
use crate::support::softhsm::{SO_PIN, USER_PIN, with_softhsm};
use crate::support::suite::{Subject, conforms};

fn public(key: &TokenKey) -> PublicKey {
    PublicKey { kind: key.kind, bytes: key.public.expect("a public half") }
}

/// Keys and certificates on a fresh token.
fn provision(token: &Pkcs11Token) -> (Generated, [Vec<u8>; 3]) {
    let session = token.provision(&pin(USER_PIN), Caution::Normal).expect("logged in to write");
    let keys = session.generate("customer").expect("keys made on the token");
    let issuing = PublicKey { kind: KeyKind::Ed25519, bytes: [0x31; 32] };
    let certificates = [
        certificate(&public(&keys.ed25519), "customer", "issuing", false),
        certificate(&public(&keys.x25519), "customer", "issuing", false),
        certificate(&issuing, "issuing", "root", true),
    ];
    for der in &certificates {
        session.write_certificate(der, "demo").expect("written and read back");
    }
    (keys, certificates)
}

#[test]
fn the_pkcs11_token_conforms() {
    with_softhsm("pkcs11::the_pkcs11_token_conforms", |hsm| {
        let token = hsm.new_token("customer 1");
        let (_, certificates) = provision(&token);
        let other_pin = pin("112233445566");
        let mark_issued_pin = || {
            let session = token.provision(&pin(USER_PIN), Caution::Normal).expect("logged in to write");
            session.mark_issued_pin().expect("written");
            session.mark_issued_pin().expect("there already");
        };
        conforms(&Subject {
            token: &token,
            pin: pin(USER_PIN),
            other_pin,
            mark_issued_pin: &mark_issued_pin,
            certificates,
        });
    });
}

#[test]
fn requests_are_signed_on_the_token() {
    with_softhsm("pkcs11::requests_are_signed_on_the_token", |hsm| {
        let token = hsm.new_token("customer 1");
        let session = token.provision(&pin(USER_PIN), Caution::Normal).expect("logged in to write");
        let keys = session.generate("customer").expect("keys");
        let der = certification_request(&session, &keys.ed25519, "CN=Zhang\\, Ltd,O=Gridkey").expect("a request");
        let request = CertReq::from_der(&der).expect("PKCS#10");
        let signature = request.signature.as_bytes().and_then(|bytes| bytes.try_into().ok()).expect("64 bytes");
        VerifyingKey::from_bytes(&public(&keys.ed25519).bytes)
            .expect("a point")
            .verify_strict(&request.info.to_der().expect("DER"), &Signature::from_bytes(signature))
            .expect("signed by the key it names");
        assert!(request.info.subject.to_string().contains("Zhang"));
        let refused = certification_request(&session, &keys.x25519, "CN=x");
        assert!(matches!(refused, Err(TokenError::Argument(_))));
        assert!(matches!(certification_request(&session, &keys.ed25519, "x"), Err(TokenError::Argument(_))));
    });
}

#[test]
fn certificates_are_replaced_and_objects_deleted() {
    with_softhsm("pkcs11::certificates_are_replaced_and_objects_deleted", |hsm| {
        let token = hsm.new_token("customer 1");
        let (keys, _) = provision(&token);
        let session = token.provision(&pin(USER_PIN), Caution::Normal).expect("logged in to write");
        let renewed = certificate(&public(&keys.ed25519), "customer", "next issuing", false);
        let id = session.write_certificate(&renewed, "demo").expect("replaced");
        assert_eq!(id, keys.ed25519.id);
        assert_eq!(token.certificate_for(KeyKind::Ed25519).expect("one").der, renewed);
        assert_eq!(token.certificates().expect("readable").len(), 3);
        let foreign = PublicKey { kind: KeyKind::Ed25519, bytes: [9; 32] };
        let refused = session.write_certificate(&certificate(&foreign, "x", "y", false), "demo");
        assert!(matches!(refused, Err(TokenError::KeyMissing { .. })));
        assert!(matches!(session.write_certificate(b"no", ""), Err(TokenError::BadCertificate(_))));

        assert_eq!(session.delete_certificates(&id).expect("deleted"), 1);
        let missing = token.certificate_for(KeyKind::Ed25519);
        assert!(matches!(missing, Err(TokenError::CertificateMissing(KeyKind::Ed25519))));
        session.delete_key(KeyKind::Ed25519, &keys.ed25519.key_ref()).expect("deleted");
        let left = session.keys().expect("keys");
        assert_eq!(left, [keys.x25519]);
        let gone = session.sign_ed25519(&keys.ed25519.key_ref(), b"m");
        assert!(matches!(gone, Err(TokenError::KeyMissing { .. })));
    });
}

#[test]
fn a_login_gives_way_to_one_that_makes_new_pairs_beside_the_old_ones() {
    with_softhsm("pkcs11::a_login_gives_way_to_one_that_makes_new_pairs_beside_the_old_ones", |hsm| {
        let token = hsm.new_token("customer 1");
        let (old, _) = provision(&token);
        let reading = token.login(&pin(USER_PIN), Caution::Normal).expect("logged in");
        assert!(token.makes_keys() && reading.maker().is_none());
        reading.logout().expect("logged out");
        let session = token.login_to_write(&pin(USER_PIN), Caution::Normal).expect("logged in to write");
        let maker = session.maker().expect("it may write");
        let (signing, agreement) = (
            maker.make_key(KeyKind::Ed25519, "renewed").expect("made"),
            maker.make_key(KeyKind::X25519, "renewed").expect("made"),
        );
        for key in [&agreement, &signing] {
            let der = certificate(&public(key), "customer", "issuing", false);
            assert_eq!(maker.store_certificate(&der, "renewed").expect("stored"), key.id);
        }
        session.sign_ed25519(&old.ed25519.key_ref(), b"by the old one").expect("signed");
        session.sign_ed25519(&signing.key_ref(), b"by the new one").expect("signed");
        maker.remove_key(KeyKind::Ed25519, &old.ed25519.key_ref()).expect("removed");
        session.agree_x25519(&old.x25519.key_ref(), &public(&agreement).bytes).expect("the old one still agrees");
        let left = token.certificates().expect("readable");
        assert!(left.iter().all(|certificate| certificate.id != old.ed25519.id));
        assert_eq!(session.keys().expect("keys").len(), 3);
    });
}

#[test]
fn tokens_are_chosen_by_uri() {
    with_softhsm("pkcs11::tokens_are_chosen_by_uri", |hsm| {
        let provider = hsm.provider();
        let none = provider.token(&Pkcs11Uri::default()).info();
        assert!(matches!(none, Err(TokenError::NoToken(_))), "blank slots are no tokens: {none:?}");
        let first = hsm.new_token("branch");
        assert!(provider.token(&Pkcs11Uri::default()).info().is_ok(), "the only one needs no name");
        let second = hsm.new_token("branch");
        let by = |text: &str| provider.token(&text.parse().expect("a URI")).info();
        match by("pkcs11:token=branch") {
            Err(TokenError::SeveralTokens(found)) => {
                assert_eq!(found.len(), 2);
                for uri in found {
                    assert!(by(&uri).is_ok(), "what is offered to choose from works: {uri}");
                }
            }
            other => panic!("{other:?}"),
        }
        let (one, two) = (first.info().expect("info"), second.info().expect("info"));
        assert_ne!(one.serial, two.serial);
        assert_eq!(by(&format!("pkcs11:serial={}", two.serial)).expect("by serial"), two);
        assert!(matches!(by("pkcs11:token=nobody"), Err(TokenError::NoToken(wanted)) if wanted.contains("nobody")));
        assert!(matches!(by("pkcs11:token=branch;model=other"), Err(TokenError::NoToken(_))));
        let listed = provider.tokens().expect("listed");
        let found = listed.iter().find(|token| token.info == one).expect("listed");
        assert_eq!(by(&format!("pkcs11:slot-id={}", found.slot_id)).expect("by slot"), one);
        assert_eq!(listed.iter().filter(|token| !token.initialised).count(), 1, "one slot stays blank");
    });
}

#[test]
fn initialised_tokens_are_not_overwritten_unless_erased_on_purpose() {
    with_softhsm("pkcs11::initialised_tokens_are_not_overwritten_unless_erased_on_purpose", |hsm| {
        let token = hsm.new_token("customer 1");
        provision(&token);
        let provider = hsm.provider();
        let slot = provider.tokens().expect("listed").into_iter().find(|found| found.initialised).expect("it");
        let again = |choice, label, so_pin| provider.initialise(choice, label, &pin(so_pin), &pin(USER_PIN));
        let refused = again(SlotChoice::Blank(slot.slot_id), "new", SO_PIN);
        assert!(matches!(refused, Err(TokenError::Argument(_))));
        let refused = again(SlotChoice::Erase(slot.slot_id), "new", "000000000");
        assert!(matches!(refused, Err(TokenError::WrongPin { .. })), "{refused:?}");
        assert_eq!(token.certificates().expect("still there").len(), 3);
        let erased = again(SlotChoice::Erase(slot.slot_id), "new", SO_PIN).expect("erased");
        assert_eq!(erased.info().expect("info").label, "new");
        assert!(erased.certificates().expect("readable").is_empty());
        let long = again(SlotChoice::FirstBlank, &"x".repeat(33), SO_PIN);
        assert!(matches!(long, Err(TokenError::Argument(_))));
        let short = provider.initialise(SlotChoice::FirstBlank, "short", &pin(SO_PIN), &pin("1"));
        assert!(matches!(short, Err(TokenError::PinLength { min: 4, .. })), "{short:?}");
    });
}

#[test]
fn softhsm_tells_that_tries_run_low_and_never_locks() {
    with_softhsm("pkcs11::softhsm_tells_that_tries_run_low_and_never_locks", |hsm| {
        let token = hsm.new_token("customer 1");
        assert_eq!(token.info().expect("info").tries, Tries::NotTold);
        for _ in 0..12 {
            let refused = token.login(&pin("000000000000"), Caution::Normal).err();
            assert!(matches!(refused, Some(TokenError::WrongPin { tries: Tries::Low })), "{refused:?}");
        }
        assert_eq!(token.info().expect("info").tries, Tries::Low);
        drop(token.login(&pin(USER_PIN), Caution::Normal).expect("not locked"));
        assert_eq!(token.info().expect("info").tries, Tries::NotTold, "the right PIN resets it");
    });
}

#[test]
fn a_second_login_in_the_same_program_is_refused_and_harms_nothing() {
    with_softhsm("pkcs11::a_second_login_in_the_same_program_is_refused_and_harms_nothing", |hsm| {
        let token = hsm.new_token("customer 1");
        let (keys, _) = provision(&token);
        let first = token.login(&pin(USER_PIN), Caution::Normal).expect("logged in");
        for typed in [USER_PIN, "000000000000"] {
            // The module would not even look at this PIN; taking it for right would accept any.
            let second = token.login(&pin(typed), Caution::Normal).err();
            assert!(matches!(second, Some(TokenError::AlreadyLoggedIn)), "{second:?}");
        }
        assert_eq!(token.certificates().expect("readable beside a login").len(), 3);
        first.sign_ed25519(&keys.ed25519.key_ref(), b"m").expect("the first login still holds");
    });
}

#[test]
fn a_token_gone_in_mid_session_is_told_and_the_session_stays_dead() {
    with_softhsm("pkcs11::a_token_gone_in_mid_session_is_told_and_the_session_stays_dead", |hsm| {
        let token = hsm.new_token("customer 1");
        let (keys, _) = provision(&token);
        let session = token.login(&pin(USER_PIN), Caution::Normal).expect("logged in");
        session.sign_ed25519(&keys.ed25519.key_ref(), b"m").expect("before");
        let away = hsm.tokens.with_file_name("away");
        std::fs::rename(&hsm.tokens, &away).expect("moved away");
        let gone = session.sign_ed25519(&keys.ed25519.key_ref(), b"m");
        assert!(matches!(gone, Err(TokenError::Removed)), "{gone:?}");
        std::fs::rename(&away, &hsm.tokens).expect("moved back");
        let dead = session.sign_ed25519(&keys.ed25519.key_ref(), b"m");
        assert!(matches!(dead, Err(TokenError::Removed)), "{dead:?}");
        // SoftHSM shows a token that came back only to a new process; other modules show it to a new session.
        assert!(session.logout().is_err());
    });
}

#[test]
fn a_module_is_loaded_once_whatever_its_path_is_spelled_like() {
    with_softhsm("pkcs11::a_module_is_loaded_once_whatever_its_path_is_spelled_like", |hsm| {
        let link = hsm.tokens.with_file_name("link.so");
        std::os::unix::fs::symlink(&hsm.module, &link).expect("a link");
        hsm.new_token("customer 1");
        let through_link = Pkcs11Provider::open(&link).expect("loaded");
        let uri: Pkcs11Uri =
            format!("pkcs11:token=customer%201?module-path={}", hsm.module.display()).parse().expect("a URI");
        // A second initialisation of the same module would have failed or lost the first one's state.
        assert!(through_link.token(&uri).info().is_ok());
        assert!(Pkcs11Token::open(None, &uri).expect("named by the URI").info().is_ok());
        assert!(matches!(Pkcs11Token::open(None, &Pkcs11Uri::default()), Err(TokenError::Argument(_))));
    });
}

#[test]
fn a_module_that_cannot_be_loaded_is_named_with_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("text.so");
    std::fs::write(&text, "not a library").expect("written");
    for path in [Path::new("/nowhere/pkcs11.so"), &text] {
        match Pkcs11Provider::open(path) {
            Err(TokenError::ModuleNotLoadable { path: named, reason }) => {
                assert_eq!(named, path);
                assert!(!reason.is_empty());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_forgotten_pin_is_set_anew_by_the_security_officer_alone() {
    with_softhsm("pkcs11::a_forgotten_pin_is_set_anew_by_the_security_officer_alone", |hsm| {
        let token = hsm.new_token("customer 1");
        provision(&token);
        let certificates = token.certificates().expect("readable");
        let refused = token.unblock(&pin(USER_PIN), &pin("13579135791"));
        assert!(matches!(refused, Err(TokenError::WrongPin { .. })), "{refused:?}");
        let short = token.unblock(&pin(SO_PIN), &pin("1"));
        assert!(matches!(short, Err(TokenError::PinLength { .. })), "{short:?}");
        token.login(&pin(USER_PIN), Caution::Normal).expect("nothing changed");

        token.unblock(&pin(SO_PIN), &pin("13579135791")).expect("set anew");
        let old = token.login(&pin(USER_PIN), Caution::Normal).err();
        assert!(matches!(old, Some(TokenError::WrongPin { .. })), "{old:?}");
        token.login(&pin("13579135791"), Caution::LastTryConfirmed).expect("the new one");
        assert!(token.info().expect("info").must_change_pin(), "its holder must change it");
        assert_eq!(token.certificates().expect("readable").len(), certificates.len());
    });
}
