//! Who failed too often: by address before a signature is verified, by key after it.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use gridkey_domain::Timestamp;

use crate::store::Fingerprint;

/// The window in which failures count, seconds.
const WINDOW: i64 = 60;
/// Entries kept before the oldest are swept out.
const ENTRIES: usize = 65_536;

/// Counts failures of one kind of peer.
struct Counter<K> {
    limit: u32,
    seen: Mutex<HashMap<K, (Timestamp, u32)>>,
}

impl<K: Eq + Hash> Counter<K> {
    fn new(limit: u32) -> Self {
        Self { limit, seen: Mutex::new(HashMap::new()) }
    }

    fn is_over(&self, who: &K, now: Timestamp) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(who).is_some_and(|(since, count)| now.seconds_since(*since) < WINDOW && *count >= self.limit)
    }

    fn failed(&self, who: K, now: Timestamp) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= ENTRIES {
            seen.retain(|_, (since, _)| now.seconds_since(*since) < WINDOW);
        }
        let entry = seen.entry(who).or_insert((now, 0));
        if now.seconds_since(entry.0) >= WINDOW {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
    }
}

/// Failed handshakes of the last minute.
pub struct Attempts {
    addresses: Counter<IpAddr>,
    keys: Counter<Fingerprint>,
}

impl Attempts {
    /// Allows `limit` failures a minute.
    pub fn new(limit: u32) -> Self {
        Self { addresses: Counter::new(limit), keys: Counter::new(limit) }
    }

    /// Whether this address failed too often.
    pub fn is_address_over(&self, address: IpAddr, now: Timestamp) -> bool {
        self.addresses.is_over(&address, now)
    }

    /// A handshake from this address failed before its signature was verified.
    pub fn address_failed(&self, address: IpAddr, now: Timestamp) {
        self.addresses.failed(address, now);
    }

    /// Whether this key was turned away too often.
    pub fn is_key_over(&self, key: &Fingerprint, now: Timestamp) -> bool {
        self.keys.is_over(key, now)
    }

    /// This key was turned away after its signature was verified.
    pub fn key_failed(&self, key: Fingerprint, now: Timestamp) {
        self.keys.failed(key, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_let_in_again_after_a_minute() {
        let attempts = Attempts::new(3);
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        let start = Timestamp::from_seconds(1_000);
        for _ in 0..3 {
            assert!(!attempts.is_address_over(address, start));
            attempts.address_failed(address, start);
        }
        assert!(attempts.is_address_over(address, start.plus_seconds(59)));
        assert!(!attempts.is_address_over("192.0.2.2".parse().unwrap(), start));
        assert!(!attempts.is_address_over(address, start.plus_seconds(60)));
    }

    #[test]
    fn a_flood_of_addresses_does_not_grow_without_end() {
        let attempts = Attempts::new(3);
        for number in 0..200_000_u32 {
            let at = Timestamp::from_seconds(i64::from(number) / 1_000);
            attempts.address_failed(IpAddr::V4(number.into()), at);
        }
        assert!(attempts.addresses.seen.lock().unwrap().len() <= ENTRIES + 1);
    }
}
