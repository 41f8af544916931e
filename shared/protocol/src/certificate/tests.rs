use proptest::prelude::*;

use super::*;
use crate::{
    handshake::tests::small_order_points,
    testpki::{Authority, Extension, KeyKind, KeyUse, Leaf, Spec, TestPki, now},
};

/// What the anchor says of a USBKEY's leaf changed in one way.
fn leaf_with(change: impl FnOnce(&mut Spec)) -> Option<ChainError> {
    let pki = TestPki::new();
    let mut spec = pki.spec(Purpose::UsbKey);
    change(&mut spec);
    pki.anchor().validate(&pki.issue(&spec).chain, Purpose::UsbKey, now()).err()
}

/// What the anchor says of a good leaf under an issuing CA changed in one way.
fn issuer_with(change: impl FnOnce(&mut Spec)) -> Option<ChainError> {
    let pki = TestPki::new();
    let mut spec = Spec::authority("Test issuing", 2);
    change(&mut spec);
    let leaf = pki.root.subordinate(&spec).issue(&pki.spec(Purpose::UsbKey));
    pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).err()
}

#[test]
fn a_correct_leaf_of_each_kind_is_trusted_as_that_kind_only() {
    let pki = TestPki::new();
    for kind in Purpose::ALL {
        let leaf = pki.leaf(kind);
        for asked in Purpose::ALL {
            let answer = pki.anchor().validate(&leaf.chain, asked, now());
            assert_eq!(answer.is_ok(), kind == asked, "{kind:?} as {asked:?}: {answer:?}");
        }
    }
}

#[test]
fn what_a_certificate_says_is_read() {
    let pki = TestPki::new();
    let leaf = pki.usbkey("1100000001", 3);
    let certificate = Certificate::from_der(leaf.der()).unwrap();
    assert_eq!(certificate.common_name().as_deref(), Some("Customer 1100000001"));
    assert_eq!(certificate.public_key(), PublicKey::Ed25519(leaf.public()));
    assert_eq!(certificate.serial(), [0x03, 0xeb]);
    assert_eq!(certificate.fingerprint(), leaf.fingerprint());
    assert_eq!(certificate.not_before(), now().plus_seconds(-86_400));
    assert!(certificate.is_in_time(certificate.not_after()));
    assert!(!certificate.is_in_time(certificate.not_after().plus_seconds(1)));
    assert_eq!(certificate.purpose(pki.anchor().purposes()), Some(Purpose::UsbKey));
}

#[test]
fn a_chain_has_one_to_three_certificates() {
    let pki = TestPki::new();
    let direct = pki.root.issue(&pki.spec(Purpose::UsbKey));
    assert_eq!(direct.chain.len(), 1);
    let mut issuing = Spec::authority("Deeper", 3);
    issuing.seed = [9; 32];
    let mut upper = pki.root.clone();
    for (length, expected) in [(2, None), (3, None), (4, Some(ChainError::Length(4)))] {
        upper = upper.subordinate(&issuing);
        let leaf = upper.issue(&pki.spec(Purpose::UsbKey));
        assert_eq!(leaf.chain.len(), length);
        assert_eq!(pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).err(), expected);
    }
    assert!(pki.anchor().validate(&direct.chain, Purpose::UsbKey, now()).is_ok());
    let none: [&[u8]; 0] = [];
    assert_eq!(pki.anchor().validate(&none, Purpose::UsbKey, now()).err(), Some(ChainError::Length(0)));
}

#[test]
fn the_root_is_no_part_of_a_chain() {
    let pki = TestPki::new();
    let mut leaf = pki.leaf(Purpose::UsbKey);
    leaf.chain.push(pki.root.der().to_vec());
    // It is not harmful, but it takes one of three places; a self-signed root under itself is a valid path.
    assert!(pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).is_ok());
}

#[test]
fn a_malformed_certificate_is_named_by_its_place() {
    let pki = TestPki::new();
    for place in 0..2 {
        let mut leaf = pki.leaf(Purpose::UsbKey);
        leaf.chain[place].push(0);
        let error = pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).err();
        assert_eq!(error, Some(ChainError::Malformed(place)));
    }
}

#[test]
fn extensions_that_cannot_be_processed_are_refused_where_they_are_critical() {
    assert_eq!(leaf_with(|spec| *spec = spec.clone().with_unknown_extension(false)), None);
    assert_eq!(leaf_with(|spec| *spec = spec.clone().with_unknown_extension(true)), Some(ChainError::Extension(0)));
    assert_eq!(issuer_with(|spec| *spec = spec.clone().with_unknown_extension(true)), Some(ChainError::Extension(1)));
    let twice = leaf_with(|spec| *spec = spec.clone().with_unknown_extension(false).with_unknown_extension(false));
    assert_eq!(twice, Some(ChainError::Extension(0)));
    let constraints = |critical| {
        issuer_with(|spec| {
            let oid = x509_cert::ext::pkix::NameConstraints::OID;
            spec.extensions.push(Extension { oid, critical, value: vec![0x30, 0x00] });
        })
    };
    assert_eq!(constraints(true), Some(ChainError::Extension(1)));
    assert_eq!(constraints(false), Some(ChainError::Extension(1)));
}

#[test]
fn an_issuer_bound_to_purposes_is_refused() {
    // RFC 5280 gives extendedKeyUsage no meaning on a CA, verifiers in the field do; so the profile has none there.
    let purposes = Purposes::default();
    for critical in [true, false] {
        for purpose in [Purpose::UsbKey, Purpose::Tls] {
            let error = issuer_with(|spec| spec.usage = Some((critical, purposes.of(purpose))));
            assert_eq!(error, Some(ChainError::Extension(1)));
        }
    }
}

#[test]
fn names_must_link() {
    assert_eq!(leaf_with(|spec| spec.issuer = Some("Somebody".into())), Some(ChainError::Issuer(0)));
    assert_eq!(issuer_with(|spec| spec.issuer = Some("Somebody".into())), Some(ChainError::Issuer(1)));
    let pki = TestPki::new();
    let mut leaf = pki.leaf(Purpose::UsbKey);
    leaf.chain.truncate(1);
    let error = pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).err();
    assert_eq!(error, Some(ChainError::Issuer(0)), "the issuing certificate is missing");
    let mut leaf = pki.leaf(Purpose::UsbKey);
    leaf.chain.reverse();
    assert!(pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).is_err());
}

#[test]
fn only_a_ca_may_issue() {
    assert_eq!(issuer_with(|spec| spec.authority = None), Some(ChainError::NotCa(1)));
    assert_eq!(issuer_with(|spec| spec.authority = Some((false, None))), Some(ChainError::NotCa(1)));
    assert_eq!(issuer_with(|spec| spec.key_use = None), Some(ChainError::NotCa(1)));
    let sign = KeyUse { digital_signature: true, non_repudiation: true, ..KeyUse::default() };
    assert_eq!(issuer_with(|spec| spec.key_use = Some(sign)), Some(ChainError::NotCa(1)));
    // A customer's own key issues nothing.
    let pki = TestPki::new();
    let customer = pki.issuing.subordinate(&pki.spec(Purpose::UsbKey));
    let forged = customer.issue(&pki.spec(Purpose::UsbKey));
    let error = pki.anchor().validate(&forged.chain, Purpose::UsbKey, now()).err();
    assert_eq!(error, Some(ChainError::NotCa(1)));
}

#[test]
fn an_issuer_with_another_algorithm_is_refused() {
    assert_eq!(issuer_with(|spec| spec.key = KeyKind::X25519), Some(ChainError::NotCa(1)));
    assert_eq!(issuer_with(|spec| spec.key = KeyKind::P256), Some(ChainError::NotCa(1)));
}

#[test]
fn a_path_length_is_kept() {
    let pki = TestPki::new();
    let mut deeper = Spec::authority("Deeper", 3);
    deeper.seed = [9; 32];
    let leaf = pki.issuing.subordinate(&deeper).issue(&pki.spec(Purpose::UsbKey));
    let error = pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).err();
    assert_eq!(error, Some(ChainError::PathLength(2)), "the issuing CA allows none below it");

    let mut root = Spec::authority("Narrow root", 1);
    root.authority = Some((true, Some(0)));
    let root = Authority::self_signed(&root);
    let anchor = TrustAnchor::new(root.der(), Purposes::default()).unwrap();
    let direct = root.issue(&pki.spec(Purpose::UsbKey));
    assert!(anchor.validate(&direct.chain, Purpose::UsbKey, now()).is_ok());
    let below = root.subordinate(&deeper).issue(&pki.spec(Purpose::UsbKey));
    assert_eq!(anchor.validate(&below.chain, Purpose::UsbKey, now()).err(), Some(ChainError::PathLength(2)));
}

#[test]
fn signatures_are_checked_on_each_step() {
    assert_eq!(leaf_with(|spec| spec.broken_signature = true), Some(ChainError::Signature(0)));
    assert_eq!(issuer_with(|spec| spec.broken_signature = true), Some(ChainError::Signature(1)));
    // The same names under another company's root.
    let other = TestPki::with_seed(1).leaf(Purpose::UsbKey);
    let error = TestPki::new().anchor().validate(&other.chain, Purpose::UsbKey, now()).err();
    assert_eq!(error, Some(ChainError::Signature(1)));
}

#[test]
fn a_second_spelling_of_a_signature_is_refused() {
    let pki = TestPki::new();
    let mut leaf = pki.leaf(Purpose::UsbKey);
    let split = leaf.chain[0].len() - 64;
    let signature = crate::handshake::tests::malleated(leaf.chain[0][split..].try_into().unwrap());
    leaf.chain[0].truncate(split);
    leaf.chain[0].extend(signature);
    let error = pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).err();
    assert_eq!(error, Some(ChainError::Signature(0)));
}

#[test]
fn an_issuer_must_be_in_its_time_and_a_leaf_is_left_to_the_caller() {
    for (from, to) in [(-20, -10), (10, 20)] {
        assert_eq!(issuer_with(|spec| *spec = spec.clone().valid(from, to)), Some(ChainError::IssuerOutOfTime(1)));
        assert_eq!(leaf_with(|spec| *spec = spec.clone().valid(from, to)), None);
    }
    let root = Authority::self_signed(&Spec::authority("Old root", 1).valid(-20, -10));
    let anchor = TrustAnchor::new(root.der(), Purposes::default()).unwrap();
    let leaf = root.issue(&TestPki::new().spec(Purpose::UsbKey));
    let error = anchor.validate(&leaf.chain, Purpose::UsbKey, now()).err();
    assert_eq!(error, Some(ChainError::IssuerOutOfTime(1)));
    assert!(anchor.validate(&leaf.chain, Purpose::UsbKey, now().plus_seconds(-15)).is_ok());
}

#[test]
fn a_ca_is_no_leaf() {
    assert_eq!(leaf_with(|spec| spec.authority = Some((true, None))), Some(ChainError::LeafIsCa));
    assert_eq!(leaf_with(|spec| spec.authority = Some((false, None))), None);
}

#[test]
fn a_kind_is_stated_critically_and_exactly() {
    let purposes = Purposes::default();
    let set = |purpose| purposes.of(purpose);
    let usage = |critical, purposes: Vec<_>| leaf_with(|spec| spec.usage = Some((critical, purposes)));
    assert_eq!(leaf_with(|spec| spec.usage = None), Some(ChainError::Purpose));
    assert_eq!(usage(false, set(Purpose::UsbKey)), Some(ChainError::Purpose));
    assert_eq!(usage(true, [set(Purpose::UsbKey), set(Purpose::Tls)].concat()), Some(ChainError::Purpose));
    assert_eq!(usage(true, [set(Purpose::UsbKey), set(Purpose::UsbKey)].concat()), Some(ChainError::Purpose));
    assert_eq!(usage(true, set(Purpose::Administrator)), Some(ChainError::Purpose));
    let any = ObjectIdentifier::new_unwrap("2.5.29.37.0");
    assert_eq!(usage(true, vec![any]), Some(ChainError::Purpose));
    assert_eq!(usage(true, [set(Purpose::UsbKey), vec![any]].concat()), Some(ChainError::Purpose));
}

#[test]
fn another_operators_envelope_is_no_envelope() {
    let theirs = TestPki::new().with_purposes(Purposes::under("1.3.6.1.4.1.99999.1").unwrap());
    let leaf = theirs.leaf(Purpose::Envelope);
    assert!(theirs.anchor().validate(&leaf.chain, Purpose::Envelope, now()).is_ok());
    let error = TestPki::new().anchor().validate(&leaf.chain, Purpose::Envelope, now()).err();
    assert_eq!(error, Some(ChainError::Purpose));
}

#[test]
fn a_kinds_key_must_fit_it() {
    assert_eq!(leaf_with(|spec| spec.key = KeyKind::X25519), Some(ChainError::Key));
    assert_eq!(leaf_with(|spec| spec.key = KeyKind::P256), Some(ChainError::Key));
    assert_eq!(leaf_with(|spec| spec.key_use = None), Some(ChainError::Key));
    let only_sign = KeyUse { digital_signature: true, ..KeyUse::default() };
    assert_eq!(leaf_with(|spec| spec.key_use = Some(only_sign)), Some(ChainError::Key));
    let only_commit = KeyUse { non_repudiation: true, ..KeyUse::default() };
    assert_eq!(leaf_with(|spec| spec.key_use = Some(only_commit)), Some(ChainError::Key));
    let pki = TestPki::new();
    for purpose in [Purpose::Envelope, Purpose::Agreement] {
        for change in [|spec: &mut Spec| spec.key = KeyKind::Ed25519, |spec: &mut Spec| spec.key_use = None] {
            let mut spec = pki.spec(purpose);
            change(&mut spec);
            let error = pki.anchor().validate(&pki.issue(&spec).chain, purpose, now()).err();
            assert_eq!(error, Some(ChainError::Key), "{purpose:?}");
        }
    }
}

#[test]
fn a_trust_anchor_is_a_self_signed_ed25519_ca() {
    let anchor = |change: fn(&mut Spec)| {
        let mut spec = Spec::authority("Root", 1);
        change(&mut spec);
        TrustAnchor::new(Authority::self_signed(&spec).der(), Purposes::default()).err()
    };
    assert_eq!(anchor(|_| ()), None);
    assert_eq!(anchor(|spec| spec.authority = None), Some(ChainError::NotCa(0)));
    assert_eq!(anchor(|spec| spec.key_use = None), Some(ChainError::NotCa(0)));
    assert_eq!(anchor(|spec| spec.key = KeyKind::P256), Some(ChainError::Key));
    assert_eq!(anchor(|spec| spec.issuer = Some("Other".into())), Some(ChainError::Issuer(0)));
    assert_eq!(anchor(|spec| spec.broken_signature = true), Some(ChainError::Signature(0)));
    assert_eq!(anchor(|spec| *spec = spec.clone().with_unknown_extension(true)), Some(ChainError::Extension(0)));
    assert_eq!(TrustAnchor::new(b"", Purposes::default()).err(), Some(ChainError::Malformed(0)));
    let issuing = TestPki::new();
    assert_eq!(TrustAnchor::new(issuing.issuing.der(), Purposes::default()).err(), Some(ChainError::Issuer(0)));
}

#[test]
fn a_bit_changed_anywhere_in_a_chain_ends_the_trust() {
    let pki = TestPki::new();
    let good = pki.leaf(Purpose::UsbKey);
    for place in 0..good.chain.len() {
        for at in 0..good.chain[place].len() {
            let mut leaf = good.clone();
            leaf.chain[place][at] ^= 0x04;
            assert!(pki.anchor().validate(&leaf.chain, Purpose::UsbKey, now()).is_err(), "{place} at {at}");
        }
    }
}

#[test]
fn keys_of_small_order_are_parsed_and_left_to_the_agreement() {
    let pki = TestPki::new();
    for point in small_order_points() {
        let mut spec = pki.spec(Purpose::Envelope);
        spec.public = Some(point);
        let leaf = pki.anchor().validate(&pki.issue(&spec).chain, Purpose::Envelope, now()).unwrap();
        assert_eq!(leaf.public_key(), PublicKey::X25519(point));
    }
}

/// Whether `rustls-webpki` trusts the chain under the root for `purpose`.
fn webpki_accepts(root: &[u8], chain: &[Vec<u8>], purpose: &[u8], at: Timestamp) -> Result<(), webpki::Error> {
    use rustls_pki_types::{CertificateDer, UnixTime};
    let root = CertificateDer::from(root);
    let anchor = webpki::anchor_from_trusted_cert(&root)?;
    let chain: Vec<CertificateDer<'_>> = chain.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let (leaf, above) = chain.split_first().expect("a leaf");
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(at.seconds().unsigned_abs()));
    let purpose: Vec<u8> = purpose.to_vec();
    // webpki asks for a 'static identifier; a handful of bytes leaked in a test harm nobody.
    let usage = webpki::KeyUsage::required_if_present(purpose.leak());
    webpki::EndEntityCert::try_from(leaf)?
        .verify_for_usage(&[webpki::ring::ED25519], &[anchor], above, at, usage, None, None)
        .map(drop)
}

/// A choice of everything that a chain can say rightly or wrongly.
fn specs() -> impl Strategy<Value = (Purpose, Purpose, Spec, Spec)> {
    let times = || prop_oneof![6 => Just((-9, 9)), 1 => Just((-9, -1)), 1 => Just((1, 9)), 1 => Just((0, 0))];
    let authority = || {
        let length = prop_oneof![Just(None), (0_u8..3).prop_map(Some)];
        proptest::option::weighted(0.8, (any::<bool>(), length))
    };
    let bits = || {
        any::<[bool; 4]>().prop_map(|[digital_signature, non_repudiation, key_agreement, key_cert_sign]| KeyUse {
            digital_signature,
            non_repudiation,
            key_agreement,
            key_cert_sign,
        })
    };
    let kind = || proptest::sample::select(Purpose::ALL.to_vec());
    let leaf = (
        kind(),
        proptest::bool::weighted(0.9),
        times(),
        proptest::option::weighted(0.2, authority()),
        proptest::option::weighted(0.2, bits()),
        proptest::option::weighted(0.2, (any::<bool>(), proptest::collection::vec(kind(), 0..3))),
        proptest::option::weighted(0.1, any::<bool>()),
        proptest::bool::weighted(0.05),
    );
    let above = (
        times(),
        proptest::option::weighted(0.3, authority()),
        proptest::option::weighted(0.2, bits()),
        proptest::option::weighted(0.1, (any::<bool>(), kind())),
        proptest::option::weighted(0.1, any::<bool>()),
        proptest::bool::weighted(0.05),
    );
    (leaf, above).prop_map(|((kind, same, time, authority, bits, usage, unknown, broken), above)| {
        let purposes = Purposes::default();
        let mut leaf = Spec::leaf(kind, &purposes).valid(time.0, time.1);
        leaf.authority = authority.unwrap_or(leaf.authority);
        leaf.key_use = bits.or(leaf.key_use);
        if let Some((critical, kinds)) = usage {
            leaf.usage = Some((critical, kinds.into_iter().flat_map(|kind| purposes.of(kind)).collect()));
        }
        if let Some(critical) = unknown {
            leaf = leaf.with_unknown_extension(critical);
        }
        leaf.broken_signature = broken;
        let (time, authority, bits, usage, unknown, broken) = above;
        let mut issuing = Spec::authority("Test issuing", 2).valid(time.0, time.1);
        issuing.authority = authority.unwrap_or(issuing.authority);
        issuing.key_use = bits.or(issuing.key_use);
        issuing.usage = usage.map(|(critical, kind)| (critical, purposes.of(kind)));
        if let Some(critical) = unknown {
            issuing = issuing.with_unknown_extension(critical);
        }
        issuing.broken_signature = broken;
        let asked = if same { kind } else { Purpose::UsbKey };
        (kind, asked, leaf, issuing)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// What is trusted here is trusted by a general verifier too, at any time within the leaf's dates.
    #[test]
    fn whatever_is_trusted_here_is_trusted_by_webpki((_, asked, leaf, issuing) in specs(), deep: bool) {
        let pki = TestPki::new();
        let authority = pki.root.subordinate(&issuing);
        let authority = if deep {
            let mut lower = issuing.clone();
            lower.subject = "Test lower".into();
            lower.seed = [4; 32];
            authority.subordinate(&lower)
        } else {
            authority
        };
        let Leaf { chain, .. } = authority.issue(&leaf);
        let trusted = pki.anchor().validate(&chain, asked, now());
        if trusted.is_ok_and(|leaf| leaf.is_in_time(now())) {
            for purpose in Purposes::default().of(asked) {
                let theirs = webpki_accepts(pki.root.der(), &chain, purpose.as_bytes(), now());
                prop_assert_eq!(theirs, Ok(()));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_no_certificate(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Certificate::from_der(&bytes).is_err());
    }
}

#[test]
fn a_correct_leaf_of_each_kind_is_trusted_by_webpki() {
    let pki = TestPki::new();
    for kind in Purpose::ALL {
        for purpose in pki.anchor().purposes().of(kind) {
            let chain = pki.leaf(kind).chain;
            assert_eq!(webpki_accepts(pki.root.der(), &chain, purpose.as_bytes(), now()), Ok(()), "{kind:?}");
        }
    }
}
