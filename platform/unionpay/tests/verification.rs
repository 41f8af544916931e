//! Whom the verifier believes.

#![expect(clippy::unwrap_used, reason = "a test stops where its setting fails")]

use std::sync::LazyLock;

use gridkey_domain::Timestamp;
use gridkey_unionpay::{
    Message,
    parse::{parse_answer, parse_form},
    signing::{SigningKey, request_is_signed_by},
    testpki::{Authority, Identity, gateway_common_name, self_signed},
    verify::{NameRule, PinError, TEST_NAME, UNIONPAY, Verifier, VerifyError},
};

/// RSA keys take a moment to make: one authority serves all tests.
struct Pki {
    now: Timestamp,
    authority: Authority,
    gateway: Identity,
}

static PKI: LazyLock<Pki> = LazyLock::new(|| {
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let authority = Authority::generate(now).unwrap();
    let gateway = authority.issue_gateway().unwrap();
    Pki { now, authority, gateway }
});

fn key(identity: &Identity) -> SigningKey {
    SigningKey::from_pem(&identity.key_pem, &identity.certificate_pem).unwrap()
}

fn verifier() -> Verifier {
    Verifier::from_pem(PKI.authority.root_pem(), PKI.authority.middle_pem(), NameRule::default()).unwrap()
}

fn notification() -> Message {
    Message::new()
        .with("version", "5.1.0")
        .with("encoding", "UTF-8")
        .with("orderId", "0190000000007000a000000000000001")
        .with("respCode", "00")
        .with("respMsg", "成功[0000000]")
}

fn signed_by(identity: &Identity) -> Message {
    let mut message = notification();
    key(identity).sign_answer(&mut message).unwrap();
    message
}

#[test]
fn the_gateways_message_is_believed_through_both_ways_of_sending() {
    let message = signed_by(&PKI.gateway);
    for received in
        [parse_form(message.to_form().as_bytes()).unwrap(), parse_answer(message.to_answer().as_bytes()).unwrap()]
    {
        assert_eq!(received, message);
        let verified = verifier().verify(received, PKI.now).unwrap();
        assert_eq!(verified.get("respCode"), Some("00"));
    }
}

#[test]
fn a_certificate_that_signed_itself_is_refused_whatever_its_name() {
    let forger = self_signed(&gateway_common_name(), PKI.now).unwrap();
    assert!(matches!(verifier().verify(signed_by(&forger), PKI.now), Err(VerifyError::NotIssued(_))));
}

#[test]
fn another_authority_of_the_same_name_is_refused() {
    let other = Authority::generate(PKI.now).unwrap().issue_gateway().unwrap();
    assert!(matches!(verifier().verify(signed_by(&other), PKI.now), Err(VerifyError::NotIssued(_))));
}

#[test]
fn somebody_elses_certificate_of_the_right_authority_is_refused() {
    for name in ["041@Z1@Some Merchant@00000062", UNIONPAY, "041@Z1", &format!("041@Z1@{UNIONPAY} @1")] {
        let merchant = PKI.authority.issue(name).unwrap();
        assert_eq!(verifier().verify(signed_by(&merchant), PKI.now).unwrap_err(), VerifyError::Name(name.to_owned()));
    }
}

#[test]
fn the_test_environments_name_counts_only_when_allowed() {
    let identity = PKI.authority.issue(&format!("041@Z12@{TEST_NAME}@00000062")).unwrap();
    assert!(matches!(verifier().verify(signed_by(&identity), PKI.now), Err(VerifyError::Name(_))));
    let allowing =
        Verifier::from_pem(PKI.authority.root_pem(), PKI.authority.middle_pem(), NameRule::new(UNIONPAY, true))
            .unwrap();
    assert!(allowing.verify(signed_by(&identity), PKI.now).is_ok());
}

#[test]
fn certificates_out_of_time_are_refused() {
    let message = signed_by(&PKI.gateway);
    let early = "2020-01-01T00:00:00Z".parse().unwrap();
    let late = "2040-01-01T00:00:00Z".parse().unwrap();
    assert!(matches!(
        verifier().verify(message.clone(), early),
        Err(VerifyError::NotYetValid { which: "signing", .. })
    ));
    assert!(matches!(verifier().verify(message, late), Err(VerifyError::Expired { which: "signing", .. })));
    // A leaf that outlives its issuer helps nobody.
    let outliving = PKI.authority.issue_until(&gateway_common_name(), "2049-01-01T00:00:00Z".parse().unwrap()).unwrap();
    assert!(matches!(
        verifier().verify(signed_by(&outliving), late),
        Err(VerifyError::Expired { which: "middle", .. })
    ));
}

#[test]
fn any_changed_added_or_missing_field_breaks_the_signature() {
    let message = signed_by(&PKI.gateway);
    for changed in [
        message.clone().with("respCode", "A6"),
        message.clone().with("extra", "1"),
        message.clone().with("respMsg", ""),
    ] {
        assert_eq!(verifier().verify(changed, PKI.now).unwrap_err(), VerifyError::Signature);
    }
}

#[test]
fn the_certificates_line_ends_are_part_of_what_is_signed() {
    let message = signed_by(&PKI.gateway);
    let pem = message.get("signPubKeyCert").unwrap();
    assert!(pem.contains("\r\n"));
    let unix = message.clone().with("signPubKeyCert", &pem.replace("\r\n", "\n"));
    assert_eq!(verifier().verify(unix, PKI.now).unwrap_err(), VerifyError::Signature);
}

#[test]
fn messages_of_other_kinds_are_named() {
    let signed = signed_by(&PKI.gateway);
    let refused = |message| verifier().verify(message, PKI.now).unwrap_err();
    assert_eq!(refused(notification()), VerifyError::Missing("signature"));
    assert_eq!(refused(signed.clone().with("signMethod", "11")), VerifyError::SignMethod("11".into()));
    assert_eq!(refused(signed.clone().with("version", "5.0.0")), VerifyError::Version("5.0.0".into()));
    assert_eq!(refused(signed.clone().with("signature", "?")), VerifyError::SignatureEncoding);
    assert!(matches!(refused(signed.clone().with("signPubKeyCert", "x")), VerifyError::Certificate(_)));
    let two = format!("{0}\r\n{0}", signed.get("signPubKeyCert").unwrap());
    assert!(matches!(refused(signed.clone().with("signPubKeyCert", &two)), VerifyError::Certificate(_)));
    // The authority's own certificate is no signer.
    assert!(matches!(
        refused(signed.with("signPubKeyCert", PKI.authority.middle_pem())),
        VerifyError::NotForSigning(_)
    ));
}

#[test]
fn only_authorities_can_be_pinned() {
    let (root, middle) = (PKI.authority.root_pem(), PKI.authority.middle_pem());
    let pin = |root: &str, middle: &str| Verifier::from_pem(root, middle, NameRule::default()).unwrap_err();
    assert!(matches!(pin(root, &PKI.gateway.certificate_pem), PinError::NotAnAuthority(_)));
    assert!(matches!(pin(middle, middle), PinError::RootNotSelfSigned(_)));
    let other = Authority::generate(PKI.now).unwrap();
    assert!(matches!(pin(root, other.middle_pem()), PinError::MiddleNotIssued(_)));
    assert!(matches!(pin("", middle), PinError::Certificate { which: "root", .. }));
}

#[test]
fn a_merchants_request_is_signed_under_its_certificates_decimal_serial() {
    let merchant = PKI.authority.issue("041@merchant").unwrap();
    let key = key(&merchant);
    let mut request = notification();
    key.sign_request(&mut request).unwrap();
    let serial = request.get("certId").unwrap();
    assert!(serial.len() > 39 && serial.bytes().all(|b| b.is_ascii_digit()), "{serial} exceeds 128 bits");
    assert!(request_is_signed_by(&request, key.certificate()));
    assert!(!request_is_signed_by(&request.with("txnAmt", "2"), key.certificate()));
}

/// A chain signed with SHA-1, as the gateway's own is, and a notification under it; made with OpenSSL, so that signing and
/// verification come from different hands.
#[test]
fn a_chain_signed_with_sha1_is_believed_because_its_issuers_are_pinned() {
    let verifier = Verifier::from_pem(
        include_str!("fixtures/sha1-root.pem"),
        include_str!("fixtures/sha1-middle.pem"),
        NameRule::default(),
    )
    .unwrap();
    let message = parse_form(include_bytes!("fixtures/sha1-notification.txt")).unwrap();
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    let verified = verifier.verify(message, now).unwrap();
    assert_eq!(verified.get("txnAmt"), Some("123456"));
    assert_eq!(verified.get("respMsg"), Some("成功[0000000]"));
}
