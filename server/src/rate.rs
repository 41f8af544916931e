//! Counting what one peer does in a minute, without growing without end.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use gridkey_domain::Timestamp;

/// The window in which things count, seconds.
const WINDOW: i64 = 60;
/// Entries kept before the oldest are swept out.
const ENTRIES: usize = 65_536;

/// Counts what each of many peers did in the last minute.
pub struct Counter<K> {
    limit: u32,
    seen: Mutex<HashMap<K, (Timestamp, u32)>>,
}

impl<K: Eq + Hash> Counter<K> {
    /// Allows `limit` a minute.
    pub fn new(limit: u32) -> Self {
        Self { limit, seen: Mutex::new(HashMap::new()) }
    }

    /// Whether `who` has used up its minute.
    pub fn is_over(&self, who: &K, now: Timestamp) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(who).is_some_and(|(since, count)| is_recent(*since, now) && *count >= self.limit)
    }

    /// Counts one more of `who`.
    pub fn count(&self, who: K, now: Timestamp) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= ENTRIES {
            seen.retain(|_, (since, _)| is_recent(*since, now));
            // So many at once are not held back by counting; walking through all of them each time would only add to it.
            if seen.len() >= ENTRIES {
                seen.clear();
            }
        }
        let entry = seen.entry(who).or_insert((now, 0));
        if !is_recent(entry.0, now) {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
    }
}

/// A minute that begins later than now is of a clock that was set back since; it must not last until then.
fn is_recent(since: Timestamp, now: Timestamp) -> bool {
    (0..WINDOW).contains(&now.seconds_since(since))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_peers_does_not_grow_without_end() {
        let counter = Counter::new(3);
        for number in 0..200_000_u32 {
            counter.count(number, Timestamp::from_seconds(i64::from(number) / 1_000));
        }
        assert!(counter.seen.lock().unwrap().len() <= ENTRIES + 1);
    }
}
