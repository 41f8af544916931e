//! DER of certificates, well formed whatever they say.

use der::{
    asn1::ObjectIdentifier,
    oid::{AssociatedOid as _, db::rfc8410},
};
use ed25519_dalek::{Signer as _, SigningKey};
use gridkey_domain::Timestamp;
use x509_cert::ext::pkix::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName, name::GeneralName,
};

use super::{KeyKind, Spec};
use crate::crypto;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const UTF8_STRING: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// The P-256 generator, uncompressed (SEC 2, 2.4.2).
const P256_GENERATOR: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
     4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

/// The certificate that `spec` describes, signed by `issuer`'s key.
pub(super) fn certificate(spec: &Spec, issuer: &str, key: &SigningKey) -> Vec<u8> {
    let ed25519 = tlv(SEQUENCE, &[&oid(rfc8410::ID_ED_25519)]);
    let serial = [&[0][..], &spec.serial.to_be_bytes()].concat();
    let first = serial.windows(2).position(|pair| pair[0] != 0 || pair[1] >= 0x80).unwrap_or(serial.len() - 1);
    let tbs = tlv(
        SEQUENCE,
        &[
            &tlv(0xa0, &[&tlv(INTEGER, &[&[2]])]),
            &tlv(INTEGER, &[&serial[first..]]),
            &ed25519,
            &name(issuer),
            &tlv(SEQUENCE, &[&time(spec.not_before), &time(spec.not_after)]),
            &name(&spec.subject),
            &public_key(spec),
            &extensions(spec),
        ],
    );
    let mut signature = key.sign(&tbs).to_bytes();
    if spec.broken_signature {
        signature[0] ^= 1;
    }
    tlv(SEQUENCE, &[&tbs, &ed25519, &tlv(BIT_STRING, &[&[0], &signature])])
}

/// PKCS#8 of a key (RFC 8410, 7).
pub(super) fn pkcs8(kind: KeyKind, seed: &[u8; 32]) -> Vec<u8> {
    let algorithm = if kind == KeyKind::X25519 { rfc8410::ID_X_25519 } else { rfc8410::ID_ED_25519 };
    let key = tlv(OCTET_STRING, &[&tlv(OCTET_STRING, &[seed])]);
    tlv(SEQUENCE, &[&tlv(INTEGER, &[&[0]]), &tlv(SEQUENCE, &[&oid(algorithm)]), &key])
}

fn public_key(spec: &Spec) -> Vec<u8> {
    let (algorithm, key) = match spec.key {
        KeyKind::Ed25519 => {
            let key = SigningKey::from_bytes(&spec.seed).verifying_key().to_bytes();
            (oid(rfc8410::ID_ED_25519), spec.public.unwrap_or(key).to_vec())
        }
        KeyKind::X25519 => {
            let key = crypto::x25519_public(&spec.seed);
            (oid(rfc8410::ID_X_25519), spec.public.unwrap_or(key).to_vec())
        }
        KeyKind::P256 => {
            let curve = ["1.2.840.10045.2.1", "1.2.840.10045.3.1.7"].map(|dotted| oid(dotted.parse().expect("an OID")));
            (curve.concat(), crate::bytes::unhex(P256_GENERATOR).expect("hex"))
        }
    };
    tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&algorithm]), &tlv(BIT_STRING, &[&[0], &key])])
}

fn extensions(spec: &Spec) -> Vec<u8> {
    let mut all = Vec::new();
    let mut add = |oid_: ObjectIdentifier, critical: bool, value: &[u8]| {
        let flag: &[u8] = if critical { &[0x01, 0x01, 0xff] } else { &[] };
        all.extend(tlv(SEQUENCE, &[&oid(oid_), flag, &tlv(OCTET_STRING, &[value])]));
    };
    if let Some((ca, path_len_constraint)) = spec.authority {
        add(BasicConstraints::OID, true, &der(&BasicConstraints { ca, path_len_constraint }));
    }
    if let Some(key_use) = spec.key_use {
        let bits = [
            (key_use.digital_signature, KeyUsages::DigitalSignature.into()),
            (key_use.non_repudiation, KeyUsages::NonRepudiation.into()),
            (key_use.key_agreement, KeyUsages::KeyAgreement.into()),
            (key_use.key_cert_sign, KeyUsages::KeyCertSign | KeyUsages::CRLSign),
        ];
        let usage = bits.into_iter().filter(|(set, _)| *set).fold(Default::default(), |all, (_, bit)| all | bit);
        add(KeyUsage::OID, true, &der(&KeyUsage(usage)));
    }
    if let Some((critical, purposes)) = &spec.usage {
        add(ExtendedKeyUsage::OID, *critical, &der(&ExtendedKeyUsage(purposes.clone())));
    }
    if !spec.names.is_empty() {
        let names = spec.names.iter().map(|dns| GeneralName::DnsName(der::asn1::Ia5String::new(dns).expect("ASCII")));
        add(SubjectAltName::OID, false, &der(&SubjectAltName(names.collect())));
    }
    for extension in &spec.extensions {
        add(extension.oid, extension.critical, &extension.value);
    }
    if all.is_empty() { all } else { tlv(0xa3, &[&tlv(SEQUENCE, &[&all])]) }
}

fn name(common_name: &str) -> Vec<u8> {
    let attribute = |id: &str, text: &str| {
        let id = oid(id.parse().expect("an OID"));
        tlv(SET, &[&tlv(SEQUENCE, &[&id, &tlv(UTF8_STRING, &[text.as_bytes()])])])
    };
    tlv(SEQUENCE, &[&attribute("2.5.4.10", "Gridkey tests"), &attribute("2.5.4.3", common_name)])
}

/// UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5).
fn time(at: Timestamp) -> Vec<u8> {
    let digits: String = at.to_string().chars().filter(char::is_ascii_digit).collect();
    let zulu = format!("{digits}Z");
    if ("1950".."2050").contains(&&digits[..4]) {
        tlv(UTC_TIME, &[&zulu.as_bytes()[2..]])
    } else {
        tlv(GENERALIZED_TIME, &[zulu.as_bytes()])
    }
}

fn oid(id: ObjectIdentifier) -> Vec<u8> {
    der(&id)
}

fn der(value: &impl der::Encode) -> Vec<u8> {
    value.to_der().expect("short values have a DER")
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut all = vec![tag];
    match u16::try_from(length).expect("test certificates are short").to_be_bytes() {
        [0, short] if short < 0x80 => all.push(short),
        [0, one] => all.extend([0x81, one]),
        [high, low] => all.extend([0x82, high, low]),
    }
    all.extend(parts.concat());
    all
}
