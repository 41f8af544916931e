//! How keys stand, kept in memory, so that a request needs no query to learn that its key is still bound.
//!
//! Only of a database that this process alone holds: there a key changes by this process's own transactions and by nothing else.
//! What a transaction writes is forgotten before it begins and not kept again before it has ended. A transaction whose end nobody
//! waited for leaves its keys to be read from the database for good.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::store::{Fingerprint, Standing};

/// Standings kept at most; when there are more, all are forgotten and read again.
const MOST: usize = 100_000;

/// The standings read lately.
#[derive(Default)]
pub(super) struct Standings(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    kept: HashMap<Fingerprint, Standing>,
    /// Transactions that write a key, under the key's name.
    writing: HashMap<String, usize>,
    /// How many of them have ended.
    ended: u64,
}

/// What is known of a key.
#[derive(Debug)]
pub(super) enum Known {
    /// This.
    Is(Standing),
    /// Nothing; what is read from now on may be kept with [`Standings::keep`].
    Nothing(Asked),
}

/// When something was read.
#[derive(Debug)]
pub(super) struct Asked(u64);

/// A transaction under way that writes keys.
#[must_use]
pub(super) struct Changing<'a> {
    standings: &'a Standings,
    keys: HashSet<String>,
}

impl Standings {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a key now.
    pub(super) fn of(&self, key: &Fingerprint) -> Known {
        let inner = self.lock();
        match inner.kept.get(key) {
            Some(standing) => Known::Is(standing.clone()),
            None => Known::Nothing(Asked(inner.ended)),
        }
    }

    /// Keeps what was read after `asked`, unless the key may have changed since.
    pub(super) fn keep(&self, asked: &Asked, key: Fingerprint, standing: Standing) {
        let mut inner = self.lock();
        if inner.ended == asked.0 && !inner.writing.contains_key(&hex::encode(key)) {
            if inner.kept.len() >= MOST {
                inner.kept.clear();
            }
            inner.kept.insert(key, standing);
        }
    }

    /// A transaction is about to write these keys.
    pub(super) fn change(&self, keys: HashSet<String>) -> Changing<'_> {
        let mut inner = self.lock();
        for key in &keys {
            if let Some(fingerprint) = hex::decode(key).ok().and_then(|bytes| Fingerprint::try_from(bytes).ok()) {
                inner.kept.remove(&fingerprint);
            }
            *inner.writing.entry(key.clone()).or_default() += 1;
        }
        drop(inner);
        Changing { standings: self, keys }
    }
}

impl Changing<'_> {
    /// The transaction has ended, however it did. Not told by dropping: the transaction goes on when its caller stops waiting.
    pub(super) fn ended(self) {
        if self.keys.is_empty() {
            return;
        }
        let mut inner = self.standings.lock();
        inner.ended += 1;
        for key in &self.keys {
            match inner.writing.get_mut(key) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(inner.writing.remove(key)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{KeyState, Role};

    const KEY: Fingerprint = [7; 32];

    fn standing(state: KeyState) -> Standing {
        Standing { state, role: Role::Customer, customer: None, admin: None, succeeds: None }
    }

    fn asked(standings: &Standings) -> Asked {
        match standings.of(&KEY) {
            Known::Nothing(asked) => asked,
            Known::Is(standing) => panic!("{standing:?} is known"),
        }
    }

    fn writes() -> HashSet<String> {
        HashSet::from([hex::encode(KEY)])
    }

    #[test]
    fn what_was_read_is_known_until_a_transaction_writes_it() {
        let standings = Standings::default();
        standings.keep(&asked(&standings), KEY, standing(KeyState::Bound));
        assert!(matches!(standings.of(&KEY), Known::Is(_)));
        standings.change(HashSet::from([hex::encode([8; 32])])).ended();
        assert!(matches!(standings.of(&KEY), Known::Is(_)));
        standings.change(writes()).ended();
        standings.keep(&asked(&standings), KEY, standing(KeyState::Lost));
        assert!(matches!(standings.of(&KEY), Known::Is(Standing { state: KeyState::Lost, .. })));
    }

    #[test]
    fn what_was_read_before_or_during_a_change_is_not_kept() {
        let standings = Standings::default();
        let before = asked(&standings);
        let changing = standings.change(writes());
        let during = asked(&standings);
        standings.keep(&before, KEY, standing(KeyState::Bound));
        let _ = asked(&standings);
        changing.ended();
        for stale in [before, during] {
            standings.keep(&stale, KEY, standing(KeyState::Bound));
            let _ = asked(&standings);
        }
    }

    #[test]
    fn a_change_whose_end_nobody_saw_keeps_its_key_from_being_known() {
        let standings = Standings::default();
        drop(standings.change(writes()));
        standings.change(writes()).ended();
        standings.keep(&asked(&standings), KEY, standing(KeyState::Bound));
        let _ = asked(&standings);
    }
}
