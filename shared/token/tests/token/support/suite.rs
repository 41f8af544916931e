//! What every token must do, whatever is behind it.

use ed25519_dalek::{Signature, VerifyingKey};
use gridkey_token::{Caution, KeyId, KeyKind, KeyRef, Pin, PinState, Token, TokenError, TokenSession, Tries};
use x25519_dalek::{PublicKey, StaticSecret};

/// A token set up by its backend's own means: an Ed25519 and an X25519 key, a certificate for each, and the issuer's.
pub(crate) struct Subject<'a> {
    /// The token, logged out.
    pub(crate) token: &'a dyn Token,
    /// Its PIN.
    pub(crate) pin: Pin,
    /// Another PIN that it would take.
    pub(crate) other_pin: Pin,
    /// Says on the token that its PIN is the issued one.
    pub(crate) mark_issued_pin: &'a dyn Fn(),
    /// Certificate for the Ed25519 key, for the X25519 key, and the issuer's.
    pub(crate) certificates: [Vec<u8>; 3],
}

/// Runs every check.
pub(crate) fn conforms(subject: &Subject<'_>) {
    certificates_show_before_the_pin(subject);
    signatures_verify_under_the_certified_key(subject);
    agreement_equals_the_other_side(subject);
    weak_and_missing_keys_are_refused(subject);
    a_wrong_pin_is_told_and_costs_nothing_else(subject);
    impossible_lengths_are_refused_before_a_try(subject);
    dropping_a_session_logs_out(subject);
    sessions_move_between_threads(subject);
    changing_the_pin_holds(subject);
    the_issued_pin_must_be_changed(subject);
}

fn login(subject: &Subject<'_>) -> Box<dyn TokenSession> {
    subject.token.login(&subject.pin, Caution::Normal).expect("the right PIN")
}

/// Asserts a wrong-PIN refusal and gives what was told.
fn refused<T>(result: Result<T, TokenError>) -> Tries {
    match result {
        Err(TokenError::WrongPin { tries }) => tries,
        Err(other) => panic!("a wrong PIN gave {other:?}"),
        Ok(_) => panic!("a wrong PIN was accepted"),
    }
}

fn certificates_show_before_the_pin(subject: &Subject<'_>) {
    let stored = subject.token.certificates().expect("readable");
    assert_eq!(stored.len(), 3);
    for der in &subject.certificates {
        assert!(stored.iter().any(|certificate| certificate.der == *der), "stored byte for byte");
    }
    let [signing, agreement, issuing] = &subject.certificates;
    let leaf = subject.token.certificate_for(KeyKind::Ed25519).expect("one for signing");
    assert_eq!(&leaf.der, signing, "never the issuer's, although its key is of the same kind");
    assert_eq!(leaf.chain(&stored), [signing.clone(), issuing.clone()]);
    assert_eq!(&subject.token.certificate_for(KeyKind::X25519).expect("one for agreement").der, agreement);
}

fn signatures_verify_under_the_certified_key(subject: &Subject<'_>) {
    let certificate = subject.token.certificate_for(KeyKind::Ed25519).expect("a certificate");
    let public = certificate.public.expect("a key");
    let verifying = VerifyingKey::from_bytes(&public.bytes).expect("a point");
    let session = login(subject);
    let by_public = KeyRef { id: KeyId::default(), public: Some(public) };
    for key in [certificate.key_ref(), KeyRef::by_id(certificate.id.clone()), by_public] {
        for message in [&b"m"[..], &[7; 32], &[0; 1024]] {
            let signature = session.sign_ed25519(&key, message).expect("a signature");
            verifying.verify_strict(message, &Signature::from_bytes(&signature)).expect("it verifies");
        }
    }
    session.logout().expect("logged out");
}

fn agreement_equals_the_other_side(subject: &Subject<'_>) {
    let certificate = subject.token.certificate_for(KeyKind::X25519).expect("a certificate");
    let ours = PublicKey::from(certificate.public.expect("a key").bytes);
    let session = login(subject);
    for seed in [1, 77, 255] {
        let theirs = StaticSecret::from([seed; 32]);
        let peer = PublicKey::from(&theirs).to_bytes();
        let shared = session.agree_x25519(&certificate.key_ref(), &peer).expect("a secret");
        assert_eq!(*shared, theirs.diffie_hellman(&ours).to_bytes());
    }
}

fn weak_and_missing_keys_are_refused(subject: &Subject<'_>) {
    let signing = subject.token.certificate_for(KeyKind::Ed25519).expect("a certificate").key_ref();
    let agreement = subject.token.certificate_for(KeyKind::X25519).expect("a certificate").key_ref();
    let session = login(subject);
    assert!(matches!(session.agree_x25519(&agreement, &[0; 32]), Err(TokenError::WeakPeer)));
    let absent = KeyRef::by_id(KeyId::new([0xee; 9]));
    assert!(matches!(session.sign_ed25519(&absent, b"m"), Err(TokenError::KeyMissing { .. })));
    assert!(matches!(session.sign_ed25519(&agreement, b"m"), Err(TokenError::KeyMissing { .. })));
    let base = PublicKey::from(&StaticSecret::from([9; 32])).to_bytes();
    assert!(matches!(session.agree_x25519(&signing, &base), Err(TokenError::KeyMissing { .. })));
    let kinds: Vec<KeyKind> = session.keys().expect("keys").iter().map(|key| key.kind).collect();
    assert!(kinds.contains(&KeyKind::Ed25519) && kinds.contains(&KeyKind::X25519) && kinds.len() == 2);
    assert!(session.sign_ed25519(&signing, b"m").is_ok(), "refusals leave the session usable");
}

fn a_wrong_pin_is_told_and_costs_nothing_else(subject: &Subject<'_>) {
    let tries = refused(subject.token.login(&subject.other_pin, Caution::Normal));
    assert_eq!(tries, subject.token.info().expect("info").tries, "told as the token tells it");
    login(subject);
}

fn impossible_lengths_are_refused_before_a_try(subject: &Subject<'_>) {
    let before = subject.token.info().expect("info");
    let short = Pin::new("1").expect("a PIN");
    let refused = subject.token.login(&short, Caution::Normal);
    assert!(matches!(refused, Err(TokenError::PinLength { min, .. }) if min == before.pin_length.0));
    let refused = subject.token.change_pin(&subject.pin, &short, Caution::Normal);
    assert!(matches!(refused, Err(TokenError::PinLength { .. })));
    assert_eq!(subject.token.info().expect("info").tries, before.tries);
}

fn dropping_a_session_logs_out(subject: &Subject<'_>) {
    drop(login(subject));
    // A token still logged in would take no PIN at all, or any.
    refused(subject.token.login(&subject.other_pin, Caution::Normal));
    drop(login(subject));
}

fn sessions_move_between_threads(subject: &Subject<'_>) {
    let key = subject.token.certificate_for(KeyKind::Ed25519).expect("a certificate").key_ref();
    let session = login(subject);
    let signed = std::thread::spawn(move || session.sign_ed25519(&key, b"m").is_ok()).join();
    assert!(signed.expect("the thread ends"));
}

fn changing_the_pin_holds(subject: &Subject<'_>) {
    let Subject { token, pin, other_pin, .. } = subject;
    refused(token.change_pin(other_pin, pin, Caution::Normal));
    token.change_pin(pin, other_pin, Caution::Normal).expect("changed");
    refused(token.login(pin, Caution::Normal));
    drop(token.login(other_pin, Caution::Normal).expect("the new PIN"));
    token.change_pin(other_pin, pin, Caution::Normal).expect("changed back");
    drop(login(subject));
    assert_eq!(token.certificates().expect("readable").len(), 3, "nothing else changed");
}

fn the_issued_pin_must_be_changed(subject: &Subject<'_>) {
    let Subject { token, pin, other_pin, .. } = subject;
    assert_eq!(token.info().expect("info").pin, PinState::Usable);
    (subject.mark_issued_pin)();
    assert!(token.info().expect("info").must_change_pin());
    drop(login(subject));
    refused(token.change_pin(other_pin, pin, Caution::Normal));
    assert!(token.info().expect("info").must_change_pin(), "neither a login nor a failed change takes it back");
    token.change_pin(pin, other_pin, Caution::Normal).expect("changed");
    assert_eq!(token.info().expect("info").pin, PinState::Usable);
    // Also while a session is held, as a program does that changes the PIN from its settings.
    token.change_pin(other_pin, pin, Caution::Normal).expect("changed back");
    (subject.mark_issued_pin)();
    let session = login(subject);
    token.change_pin(pin, other_pin, Caution::Normal).expect("changed while logged in");
    assert_eq!(token.info().expect("info").pin, PinState::Usable);
    assert_eq!(session.keys().expect("the session still holds").len(), 2);
    drop(session);
    token.change_pin(other_pin, pin, Caution::Normal).expect("changed back");
    assert_eq!(token.certificates().expect("readable").len(), 3, "nothing else changed");
}
