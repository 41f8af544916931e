//! What a certificate of the tests says.

use der::asn1::ObjectIdentifier;
use gridkey_domain::Timestamp;

use super::{named_seed, now};
use crate::certificate::{Purpose, Purposes};

/// The algorithm of a certificate's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519.
    Ed25519,
    /// X25519.
    X25519,
    /// The generator of P-256: a well-formed key of an algorithm that the profile does not use, without a private key.
    P256,
}

/// Bits of keyUsage (RFC 5280, 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeyUse {
    /// digitalSignature.
    pub digital_signature: bool,
    /// nonRepudiation.
    pub non_repudiation: bool,
    /// keyAgreement.
    pub key_agreement: bool,
    /// keyCertSign (cRLSign goes with it).
    pub key_cert_sign: bool,
}

/// Any extension, to add to the usual ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its identifier.
    pub oid: ObjectIdentifier,
    /// Whether it is critical.
    pub critical: bool,
    /// Its DER.
    pub value: Vec<u8>,
}

/// Everything a certificate says, open to be changed.
#[derive(Debug, Clone)]
pub struct Spec {
    /// The subject's common name.
    pub subject: String,
    /// The issuer's common name; `None` for the true one.
    pub issuer: Option<String>,
    /// The serial number.
    pub serial: u64,
    /// The seed of the certificate's key.
    pub seed: [u8; 32],
    /// The algorithm of the certificate's key.
    pub key: KeyKind,
    /// Another public key in place of the seed's.
    pub public: Option<[u8; 32]>,
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
    /// basicConstraints: CA flag and path length; `None` leaves the extension out.
    pub authority: Option<(bool, Option<u8>)>,
    /// keyUsage; `None` leaves it out.
    pub key_use: Option<KeyUse>,
    /// extendedKeyUsage: critical, purposes; `None` leaves it out.
    pub usage: Option<(bool, Vec<ObjectIdentifier>)>,
    /// DNS names of subjectAltName.
    pub names: Vec<String>,
    /// What else it carries.
    pub extensions: Vec<Extension>,
    /// Whether a bit of the signature is wrong.
    pub broken_signature: bool,
}

impl Spec {
    /// A CA without a path length.
    pub fn authority(subject: &str, serial: u64) -> Self {
        Self {
            subject: subject.into(),
            issuer: None,
            serial,
            seed: named_seed(subject, 0),
            key: KeyKind::Ed25519,
            public: None,
            not_before: Timestamp::from_seconds(1_767_225_600),
            not_after: now().plus_seconds(30 * 365 * 86_400),
            authority: Some((true, None)),
            key_use: Some(KeyUse { key_cert_sign: true, ..KeyUse::default() }),
            usage: None,
            names: Vec::new(),
            extensions: Vec::new(),
            broken_signature: false,
        }
    }

    /// A correct leaf of `purpose`: valid from a day before [`now`] to 30 days after it.
    pub fn leaf(purpose: Purpose, purposes: &Purposes) -> Self {
        let sign = KeyUse { digital_signature: true, ..KeyUse::default() };
        let (subject, serial, key, key_use) = match purpose {
            Purpose::UsbKey => ("Customer 1100000001", 10, KeyKind::Ed25519, KeyUse { non_repudiation: true, ..sign }),
            Purpose::Administrator => ("Administrator", 11, KeyKind::Ed25519, KeyUse { non_repudiation: true, ..sign }),
            Purpose::Envelope => ("Envelope", 12, KeyKind::X25519, agreement()),
            Purpose::Receipt => ("Receipt", 13, KeyKind::Ed25519, sign),
            Purpose::Tls => ("localhost", 14, KeyKind::Ed25519, sign),
            Purpose::Agreement => ("Customer 1100000001", 15, KeyKind::X25519, agreement()),
        };
        Self {
            serial,
            seed: named_seed(subject, u8::try_from(serial).unwrap_or_default()),
            key,
            not_before: now().plus_seconds(-86_400),
            not_after: now().plus_seconds(30 * 86_400),
            authority: None,
            key_use: Some(key_use),
            usage: Some((true, purposes.of(purpose))),
            names: if purpose == Purpose::Tls { vec!["localhost".into()] } else { Vec::new() },
            ..Self::authority(subject, serial)
        }
    }

    /// This, valid from `not_before` to `not_after`, seconds from [`now`].
    #[must_use]
    pub fn valid(mut self, not_before: i64, not_after: i64) -> Self {
        self.not_before = now().plus_seconds(not_before);
        self.not_after = now().plus_seconds(not_after);
        self
    }

    /// This, with an unknown extension, critical or not.
    #[must_use]
    pub fn with_unknown_extension(mut self, critical: bool) -> Self {
        let oid = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.9.9");
        self.extensions.push(Extension { oid, critical, value: vec![0x05, 0x00] });
        self
    }
}

const fn agreement() -> KeyUse {
    KeyUse { digital_signature: false, non_repudiation: false, key_agreement: true, key_cert_sign: false }
}
