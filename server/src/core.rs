//! What every part of the running server shares.

use std::sync::{Arc, RwLock};

use gridkey_domain::Timestamp;
use gridkey_protocol::{certificate::TrustAnchor, crypto::Secret32};
use gridkey_service::clock::Clock;

use crate::{
    certificates::Chain,
    crl::Published,
    hsm::Hsm,
    intranet::Platform,
    issue::KeyDesk,
    keys::challenge::Challenges,
    limits::OrderLimits,
    session::registry::Registry,
    status::Notes,
    store::{EnvelopeRecord, Fingerprint, Store},
};

/// The server's parts, behind one [`Arc`].
pub struct Core {
    /// Decides what time it is.
    pub clock: Arc<dyn Clock>,
    /// What must not be lost.
    pub store: Arc<dyn Store>,
    /// The keys that never leave their token.
    pub hsm: Arc<dyn Hsm>,
    /// The way to the payment platform.
    pub platform: Platform,
    /// The company root.
    pub anchor: TrustAnchor,
    /// The chain over the HSM's receipt key.
    pub receipt_chain: Arc<Chain>,
    /// The live sessions.
    pub registry: Registry,
    /// Envelope certificates, newest first.
    pub envelopes: EnvelopeCache,
    /// The published revocation list.
    pub crl: Arc<Published>,
    /// Issues keys.
    pub desk: KeyDesk,
    /// Open challenges of those who are to be issued a key.
    pub challenges: Challenges,
    /// Limits on orders.
    pub orders: OrderLimits,
    /// What is noted for administrators to see.
    pub notes: Notes,
    /// Where bank pages are reached, without a slash at the end.
    pub public_url: String,
}

impl Core {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The envelope certificates in use; replaced as a whole when a new one is made.
#[derive(Default)]
pub struct EnvelopeCache(RwLock<Arc<Vec<EnvelopeRecord>>>);

impl EnvelopeCache {
    /// Starts with these, newest first.
    pub fn new(records: Vec<EnvelopeRecord>) -> Self {
        Self(RwLock::new(Arc::new(records)))
    }

    /// Replaces all, newest first.
    pub fn replace(&self, records: Vec<EnvelopeRecord>) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(records);
    }

    /// The one that handshakes use: the newest that is in its time.
    pub fn newest(&self, now: Timestamp) -> Option<EnvelopeRecord> {
        self.all().iter().find(|record| record.not_before <= now && now <= record.not_after).cloned()
    }

    /// The one whose certificate has this hash; old ones serve queued orders only.
    pub fn find(&self, fingerprint: &Fingerprint) -> Option<EnvelopeRecord> {
        self.all().iter().find(|record| record.fingerprint == *fingerprint).cloned()
    }

    /// When the last of them ends.
    pub fn last_end(&self) -> Option<Timestamp> {
        self.all().iter().map(|record| record.not_after).max()
    }

    fn all(&self) -> Arc<Vec<EnvelopeRecord>> {
        Arc::clone(&self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// `N` random bytes from the operating system.
///
/// # Panics
/// If the operating system has no randomness to give, since nothing may go on then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// 32 random bytes that are wiped when dropped.
///
/// # Panics
/// As [`random`].
pub fn random_secret() -> Secret32 {
    let mut secret = Secret32::default();
    getrandom::fill(secret.as_mut()).expect("the operating system gives randomness");
    secret
}
