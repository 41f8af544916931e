//! The software key: the conformance suite, and what is its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use gridkey_token::{Caution, KdfParams, KeyKind, PublicKey, Remedy, SoftwareToken, Token, TokenError, Tries};

use crate::support::certificate::certificate;
use crate::support::pin;
use crate::support::suite::{Subject, conforms};

/// As cheap as Argon2id goes: the tests are about what surrounds it.
const CHEAP: KdfParams = KdfParams { memory_kib: 8, passes: 1, lanes: 1 };
const PIN: &str = "a long passphrase";

fn public(kind: KeyKind, token: &SoftwareToken) -> PublicKey {
    let session = token.login(&pin(PIN), Caution::Normal).expect("logged in");
    let key = session.keys().expect("keys").into_iter().find(|key| key.kind == kind).expect("a key");
    PublicKey { kind, bytes: key.public.expect("a public half") }
}

fn pem(der: &[u8]) -> String {
    der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, der).expect("PEM")
}

#[test]
fn the_software_key_conforms() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = SoftwareToken::create(folder.path().join("key"), "phone", &pin(PIN), CHEAP).expect("created");
    let issuing =
        PublicKey { kind: KeyKind::Ed25519, bytes: SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes() };
    let certificates = [
        certificate(&public(KeyKind::Ed25519, &token), "customer", "issuing", false),
        certificate(&public(KeyKind::X25519, &token), "customer", "issuing", false),
        certificate(&issuing, "issuing", "root", true),
    ];
    for der in &certificates {
        token.write_certificate(der, "demo").expect("stored");
    }
    conforms(&Subject {
        token: &token,
        pin: pin(PIN),
        other_pin: pin("another passphrase"),
        mark_issued_pin: &|| token.mark_issued_pin().expect("written"),
        certificates,
    });
}

#[test]
fn it_counts_no_tries_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = SoftwareToken::create(folder.path().join("key"), "phone", &pin(PIN), CHEAP).expect("created");
    for _ in 0..20 {
        let refused = token.login(&pin("wrong one"), Caution::Normal).err();
        assert!(matches!(refused, Some(TokenError::WrongPin { tries: Tries::NotTold })));
    }
    assert!(token.login(&pin(PIN), Caution::Normal).is_ok());
}

#[test]
fn the_file_is_its_owners_alone_is_never_overwritten_and_holds_no_key_in_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    let signing = SigningKey::from_bytes(&[42; 32]);
    let key_pem = signing.to_pkcs8_pem(Default::default()).expect("PEM");
    let own = PublicKey { kind: KeyKind::Ed25519, bytes: signing.verifying_key().to_bytes() };
    let leaf = certificate(&own, "customer", "issuing", false);
    let token = SoftwareToken::import(&path, "phone", &pin(PIN), CHEAP, &key_pem, &pem(&leaf)).expect("imported");
    let check = |when: &str| {
        let mode = fs::metadata(&path).expect("the file").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{when}");
        let text = fs::read_to_string(&path).expect("text");
        assert!(!text.contains(&hex::encode([42; 32])) && !text.contains(PIN), "{when}");
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "no left-overs {when}");
    };
    check("after the import");
    token.change_pin(&pin(PIN), &pin("the next one"), Caution::Normal).expect("changed");
    check("after the change");
    let again = SoftwareToken::create(&path, "other", &pin(PIN), CHEAP);
    assert!(matches!(again, Err(TokenError::File { .. })));
    assert_eq!(token.info().expect("info").label, "phone");
}

#[test]
fn imported_pem_files_sign_as_the_key_they_came_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let signing = SigningKey::from_bytes(&[42; 32]);
    let key_pem = signing.to_pkcs8_pem(Default::default()).expect("PEM");
    let own = PublicKey { kind: KeyKind::Ed25519, bytes: signing.verifying_key().to_bytes() };
    let issuing =
        PublicKey { kind: KeyKind::Ed25519, bytes: SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes() };
    let leaf = certificate(&own, "customer", "issuing", false);
    let authority = certificate(&issuing, "issuing", "root", true);
    let chain = format!("# leaf\n{}# issuing\n{}", pem(&leaf), pem(&authority));
    let import = |name: &str, chain: &str| {
        SoftwareToken::import(folder.path().join(name), "phone", &pin(PIN), CHEAP, &key_pem, chain)
    };
    let token = import("key", &chain).expect("imported");
    let stored = token.certificates().expect("certificates");
    let found = token.certificate_for(KeyKind::Ed25519).expect("the leaf");
    assert_eq!(found.chain(&stored), [leaf.clone(), authority.clone()]);
    let session = token.login(&pin(PIN), Caution::Normal).expect("logged in");
    let signature = session.sign_ed25519(&found.key_ref(), b"m").expect("signed");
    let signature = ed25519_dalek::Signature::from_bytes(&signature);
    signing.verifying_key().verify_strict(b"m", &signature).expect("the same key");

    assert!(matches!(import("none", ""), Err(TokenError::BadCertificate(_))));
    assert!(matches!(import("order", &pem(&authority)), Err(TokenError::BadCertificate(_))));
    let broken = pem(&leaf).replace("-----\nM", "-----\n!");
    assert!(matches!(import("broken", &broken), Err(TokenError::BadCertificate(_))));
    let stranger = PublicKey { kind: KeyKind::Ed25519, bytes: [3; 32] };
    let unrelated = format!("{}{}", pem(&leaf), pem(&certificate(&stranger, "stranger", "issuing", false)));
    assert!(matches!(import("unrelated", &unrelated), Err(TokenError::BadCertificate(_))));
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "a refused import leaves no file");
}

#[test]
fn a_missing_file_is_a_missing_key_and_a_damaged_one_is_no_wrong_pin() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    assert!(matches!(SoftwareToken::open(&path), Err(TokenError::NoToken(_))));
    let token = SoftwareToken::create(&path, "phone", &pin(PIN), CHEAP).expect("created");
    let whole = fs::read_to_string(&path).expect("text");

    fs::write(&path, &whole[..whole.len() / 2]).expect("written");
    let error = token.login(&pin(PIN), Caution::Normal).err().expect("refused");
    assert!(matches!(error, TokenError::FileFormat { .. }), "{error:?}");
    assert_eq!(error.remedy(), Remedy::FixSetup);

    let start = whole.find("\"public\": \"").expect("a public key") + 11;
    let mut planted = whole.clone();
    planted.replace_range(start..start + 64, &hex::encode([1; 32]));
    fs::write(&path, planted).expect("written");
    let error = token.login(&pin(PIN), Caution::Normal).err().expect("refused");
    assert!(matches!(error, TokenError::FileFormat { .. }), "a planted public key: {error:?}");

    fs::write(&path, whole).expect("written");
    assert!(token.login(&pin(PIN), Caution::Normal).is_ok());
    fs::remove_file(&path).expect("removed");
    assert!(matches!(token.info(), Err(TokenError::NoToken(_))));
}

#[test]
fn a_certificate_for_another_key_is_not_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = SoftwareToken::create(folder.path().join("key"), "phone", &pin(PIN), CHEAP).expect("created");
    let foreign = PublicKey { kind: KeyKind::Ed25519, bytes: [3; 32] };
    let refused = token.write_certificate(&certificate(&foreign, "stranger", "issuing", false), "");
    assert!(matches!(refused, Err(TokenError::BadCertificate(_))));
    let own = public(KeyKind::Ed25519, &token);
    for issuer in ["first", "second"] {
        token.write_certificate(&certificate(&own, "customer", issuer, false), "").expect("stored");
    }
    assert_eq!(token.certificates().expect("certificates").len(), 1, "the newer replaces the older");
}
