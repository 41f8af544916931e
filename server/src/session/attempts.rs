//! Who failed too often: by address before a signature is verified, by key after it.

use std::net::IpAddr;

use gridkey_domain::Timestamp;

use crate::{rate::Counter, store::Fingerprint};

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
        self.addresses.count(address, now);
    }

    /// Whether this key was turned away too often.
    pub fn is_key_over(&self, key: &Fingerprint, now: Timestamp) -> bool {
        self.keys.is_over(key, now)
    }

    /// This key was turned away after its signature was verified.
    pub fn key_failed(&self, key: Fingerprint, now: Timestamp) {
        self.keys.count(key, now);
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
}
