//! What a key of the tests holds: pairs and certificates, new ones too, and a place where it is pulled out while it writes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use gridkey_protocol::{
    certificate::Purpose,
    testpki::{Leaf, TestPki},
};
use gridkey_token::{KeyId, KeyKind, KeyMaker, KeyRef, PublicKey, TokenCertificate, TokenError, TokenKey};

use crate::testing::MemoryToken;

/// The seeds of pairs made later; the played company finds them again by their public halves.
pub(super) const FIRST_SEED: u8 = 100;

/// A pair of the kind with the seed of `number`, certified for `days` from now on.
pub(super) fn leaf(kind: KeyKind, number: u8, days: i64) -> Leaf {
    let pki = TestPki::new();
    let purpose = match kind {
        KeyKind::Ed25519 => Purpose::UsbKey,
        KeyKind::X25519 => Purpose::Agreement,
    };
    let mut spec = pki.spec(purpose).valid(i64::from(number) - 400, days * 86_400);
    (spec.seed, spec.serial) = ([number; 32], u64::from(number));
    pki.issue(&spec)
}

struct Pair {
    kind: KeyKind,
    leaf: Leaf,
    label: String,
    certificate: Option<Vec<u8>>,
}

impl Pair {
    fn public(&self) -> PublicKey {
        PublicKey { kind: self.kind, bytes: self.leaf.public() }
    }

    fn key(&self) -> TokenKey {
        let public = self.public();
        TokenKey {
            id: KeyId::derive_from(&public),
            label: self.label.clone(),
            kind: self.kind,
            public: Some(public.bytes),
        }
    }
}

#[derive(Default)]
struct Inside {
    pairs: Vec<Pair>,
    issuers: Vec<Vec<u8>>,
    made: u8,
    writes: u32,
    /// Pulled out at this write: before it is done, or after.
    pull: Option<(u32, bool)>,
}

/// The inside of a key.
#[derive(Default)]
pub(super) struct Drawer {
    inside: Mutex<Inside>,
}

impl Drawer {
    pub(super) fn of(memory: &MemoryToken) -> Self {
        let leaves = memory.leaves();
        let issuers = leaves.first().map(|leaf| leaf.chain[1..].to_vec()).unwrap_or_default();
        let pair = |(place, leaf): (usize, Leaf)| Pair {
            kind: if place == 0 { KeyKind::Ed25519 } else { KeyKind::X25519 },
            label: "issued".into(),
            certificate: Some(leaf.der().to_vec()),
            leaf,
        };
        let pairs = leaves.into_iter().enumerate().map(pair).collect();
        Self { inside: Mutex::new(Inside { pairs, issuers, ..Inside::default() }) }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is pulled out at the write of this number from now on: before it is done, or after.
    pub(super) fn pull_at(&self, write: u32, after: bool) {
        let mut inside = self.lock();
        (inside.writes, inside.pull) = (0, Some((write, after)));
    }

    /// How much was written since the last [`Self::pull_at`].
    pub(super) fn writes(&self) -> u32 {
        self.lock().writes
    }

    /// How many pairs it holds, and how many of them have a certificate.
    pub(super) fn pairs(&self) -> (usize, usize) {
        let inside = self.lock();
        (inside.pairs.len(), inside.pairs.iter().filter(|pair| pair.certificate.is_some()).count())
    }

    pub(super) fn certificates(&self) -> Vec<TokenCertificate> {
        let inside = self.lock();
        let issuers =
            inside.issuers.iter().map(|der| TokenCertificate::new(der.clone(), KeyId::default(), String::new()));
        let own = inside.pairs.iter().filter_map(|pair| {
            let der = pair.certificate.clone()?;
            Some(TokenCertificate::new(der, pair.key().id, pair.label.clone()))
        });
        issuers.chain(own).collect()
    }

    pub(super) fn keys(&self) -> Vec<TokenKey> {
        self.lock().pairs.iter().map(Pair::key).collect()
    }

    /// The pair's private half.
    pub(super) fn find(&self, kind: KeyKind, wanted: &KeyRef) -> Result<Leaf, TokenError> {
        let inside = self.lock();
        let found = inside.pairs.iter().find(|pair| pair.kind == kind && wanted.public == Some(pair.public()));
        found.map(|pair| pair.leaf.clone()).ok_or_else(|| TokenError::KeyMissing { kind, wanted: wanted.to_string() })
    }

    /// Writes; `pull` pulls the key out.
    pub(super) fn write<T>(
        &self,
        pull: impl FnOnce(),
        work: impl FnOnce(&mut dyn Writer) -> T,
    ) -> Result<T, TokenError> {
        let mut inside = self.lock();
        inside.writes += 1;
        let now = inside.pull.filter(|(at, _)| *at == inside.writes).map(|(_, after)| after);
        if now == Some(false) {
            pull();
            return Err(TokenError::Removed);
        }
        let done = work(&mut *inside);
        if now == Some(true) {
            pull();
            return Err(TokenError::Removed);
        }
        Ok(done)
    }
}

/// What can be written.
pub(super) trait Writer {
    fn make(&mut self, kind: KeyKind, label: &str) -> TokenKey;
    fn certify(&mut self, der: &[u8]);
    fn remove(&mut self, key: &KeyRef);
}

impl Writer for Inside {
    fn make(&mut self, kind: KeyKind, label: &str) -> TokenKey {
        let leaf = leaf(kind, FIRST_SEED + self.made, 1);
        self.made += 1;
        let pair = Pair { kind, leaf, label: label.to_owned(), certificate: None };
        let key = pair.key();
        self.pairs.push(pair);
        key
    }

    fn certify(&mut self, der: &[u8]) {
        let public = TokenCertificate::new(der.to_vec(), KeyId::default(), String::new()).public;
        match self.pairs.iter_mut().find(|pair| Some(pair.public()) == public) {
            Some(pair) => pair.certificate = Some(der.to_vec()),
            None => self.issuers.push(der.to_vec()),
        }
    }

    fn remove(&mut self, key: &KeyRef) {
        self.pairs.retain(|pair| Some(pair.public()) != key.public);
    }
}

impl KeyMaker for super::keys::Login {
    fn make_key(&self, kind: KeyKind, label: &str) -> Result<TokenKey, TokenError> {
        self.write(|writer| writer.make(kind, label))
    }

    fn store_certificate(&self, der: &[u8], _: &str) -> Result<KeyId, TokenError> {
        self.write(|writer| writer.certify(der)).map(|()| KeyId::default())
    }

    fn remove_key(&self, _: KeyKind, key: &KeyRef) -> Result<(), TokenError> {
        self.write(|writer| writer.remove(key))
    }
}
