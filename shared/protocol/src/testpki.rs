//! A company's certificates for tests: root, issuing CA and leaves of every kind, right or wrong in one chosen way.
//!
//! Everything comes from seeds, so a test that fails fails again. Certificates are written here byte by byte rather than by
//! a builder, because most of what tests need is what a builder refuses to make.
//!
//! ```
//! use gridkey_protocol::{certificate::Purpose, testpki::{self, TestPki}};
//!
//! let pki = TestPki::new();
//! let key = pki.leaf(Purpose::UsbKey);
//! let leaf = pki.anchor().validate(&key.chain, Purpose::UsbKey, testpki::now()).unwrap();
//! assert_eq!(leaf.der(), key.der());
//!
//! let mut wrong = pki.spec(Purpose::UsbKey);
//! wrong.usage = None;
//! assert!(pki.anchor().validate(&pki.issue(&wrong).chain, Purpose::UsbKey, testpki::now()).is_err());
//! ```

mod encode;
mod meeting;
pub mod samples;
mod spec;

use ed25519_dalek::{Signer as _, SigningKey};
use gridkey_domain::Timestamp;
pub use meeting::{Meeting, welcome};
pub use spec::{Extension, KeyKind, KeyUse, Spec};

use crate::{
    certificate::{Purpose, Purposes, TrustAnchor},
    crypto::{self, Secret32},
};

/// An instant at which every certificate made here is valid unless a test says otherwise: 2026-11-22T08:00:00Z.
pub fn now() -> Timestamp {
    Timestamp::from_seconds(1_795_334_400)
}

/// A certificate authority that signs what it is asked to.
#[derive(Clone)]
pub struct Authority {
    der: Vec<u8>,
    subject: String,
    key: SigningKey,
    /// The chain that follows a certificate it issues: itself and what is above, without the root.
    above: Vec<Vec<u8>>,
}

/// A leaf with its private key.
#[derive(Clone)]
pub struct Leaf {
    /// Leaf first, without the root, DER.
    pub chain: Vec<Vec<u8>>,
    seed: [u8; 32],
    kind: KeyKind,
}

/// A company: root → issuing → leaves.
#[derive(Clone)]
pub struct TestPki {
    /// The root.
    pub root: Authority,
    /// The issuing CA, path length 0.
    pub issuing: Authority,
    purposes: Purposes,
}

impl Default for TestPki {
    fn default() -> Self {
        Self::new()
    }
}

impl TestPki {
    /// The usual company.
    pub fn new() -> Self {
        Self::with_seed(0)
    }

    /// Another company for every seed; names are the same in all, so that only the signatures tell them apart.
    pub fn with_seed(seed: u8) -> Self {
        let mut root = Spec::authority("Test root", 1);
        root.seed = named_seed("root", seed);
        let root = Authority::self_signed(&root);
        let mut issuing = Spec::authority("Test issuing", 2);
        issuing.seed = named_seed("issuing", seed);
        issuing.authority = Some((true, Some(0)));
        let issuing = root.subordinate(&issuing);
        Self { root, issuing, purposes: Purposes::default() }
    }

    /// The same company with another operator's purposes.
    #[must_use]
    pub fn with_purposes(mut self, purposes: Purposes) -> Self {
        self.purposes = purposes;
        self
    }

    /// The root as a trust anchor.
    pub fn anchor(&self) -> TrustAnchor {
        TrustAnchor::new(self.root.der(), self.purposes).expect("the root is well formed")
    }

    /// What a correct leaf of this kind looks like; change it to make a wrong one.
    pub fn spec(&self, purpose: Purpose) -> Spec {
        Spec::leaf(purpose, &self.purposes)
    }

    /// A correct leaf of this kind, the same each time.
    pub fn leaf(&self, purpose: Purpose) -> Leaf {
        self.issue(&self.spec(purpose))
    }

    /// A USBKEY of `customer`, another one for each `number`.
    pub fn usbkey(&self, customer: &str, number: u8) -> Leaf {
        let mut spec = self.spec(Purpose::UsbKey);
        spec.subject = format!("Customer {customer}");
        spec.seed = named_seed(customer, number);
        spec.serial = 1000 + u64::from(number);
        self.issue(&spec)
    }

    /// A leaf by `spec` from the issuing CA.
    pub fn issue(&self, spec: &Spec) -> Leaf {
        self.issuing.issue(spec)
    }
}

impl Authority {
    /// A root by `spec`.
    pub fn self_signed(spec: &Spec) -> Self {
        let key = SigningKey::from_bytes(&spec.seed);
        let der = encode::certificate(spec, spec.issuer.as_deref().unwrap_or(&spec.subject), &key);
        Self { der, subject: spec.subject.clone(), key, above: Vec::new() }
    }

    /// A CA below this one.
    pub fn subordinate(&self, spec: &Spec) -> Self {
        let der = self.sign(spec);
        let mut above = vec![der.clone()];
        above.extend(self.above.iter().cloned());
        Self { der, subject: spec.subject.clone(), key: SigningKey::from_bytes(&spec.seed), above }
    }

    /// A leaf by `spec`.
    pub fn issue(&self, spec: &Spec) -> Leaf {
        let mut chain = vec![self.sign(spec)];
        chain.extend(self.above.iter().cloned());
        Leaf { chain, seed: spec.seed, kind: spec.key }
    }

    /// A certificate by `spec`, DER.
    pub fn sign(&self, spec: &Spec) -> Vec<u8> {
        encode::certificate(spec, spec.issuer.as_deref().unwrap_or(&self.subject), &self.key)
    }

    /// Its own certificate, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its signing key.
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }
}

impl Leaf {
    /// Its certificate, DER.
    pub fn der(&self) -> &[u8] {
        self.chain.first().map_or(&[], Vec::as_slice)
    }

    /// SHA-256 of its certificate.
    pub fn fingerprint(&self) -> [u8; 32] {
        crypto::sha256(&[self.der()])
    }

    /// The 32 bytes of its private key: Ed25519 seed or X25519 scalar.
    pub fn secret(&self) -> Secret32 {
        Secret32::new(self.seed)
    }

    /// Its public key.
    pub fn public(&self) -> [u8; 32] {
        match self.kind {
            KeyKind::X25519 => crypto::x25519_public(&self.seed),
            KeyKind::Ed25519 | KeyKind::P256 => SigningKey::from_bytes(&self.seed).verifying_key().to_bytes(),
        }
    }

    /// An Ed25519 signature by its key.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        SigningKey::from_bytes(&self.seed).sign(message).to_bytes()
    }

    /// X25519 of its key with `public`; an all-zero result comes through as it is.
    pub fn agree(&self, public: &[u8; 32]) -> Secret32 {
        crypto::x25519(&self.seed, public).unwrap_or_default()
    }

    /// Its private key as PKCS#8 (RFC 8410), for TLS and key files.
    pub fn pkcs8(&self) -> Vec<u8> {
        encode::pkcs8(self.kind, &self.seed)
    }
}

/// Seeds that differ by name and number.
fn named_seed(name: &str, number: u8) -> [u8; 32] {
    crypto::sha256(&[b"gridkey test pki", name.as_bytes(), &[number]])
}
