//! Logins, hour by hour, as far back as a day reaches.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use gridkey_domain::Timestamp;

use crate::store::figures::{HOUR, hour_of};

/// Hours kept: a whole day whatever its hour, the running one included.
const KEPT: usize = 25;

/// The logins of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginHour {
    /// When it begins.
    pub from: Timestamp,
    /// Logins.
    pub logins: u64,
    /// Refused ones.
    pub failed: u64,
}

/// Counts logins by the hour.
#[derive(Debug, Default)]
pub struct LoginHours(Mutex<VecDeque<LoginHour>>);

impl LoginHours {
    fn lock(&self) -> MutexGuard<'_, VecDeque<LoginHour>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody logged in.
    pub fn succeeded(&self, now: Timestamp) {
        count(&mut self.lock(), now, |hour| hour.logins += 1);
    }

    /// Somebody was not let in.
    pub fn failed(&self, now: Timestamp) {
        count(&mut self.lock(), now, |hour| hour.failed += 1);
    }

    /// The hour that begins at `from`; zeros if nothing happened in it.
    pub fn hour(&self, from: Timestamp) -> LoginHour {
        let found = self.lock().iter().find(|hour| hour.from == from).copied();
        found.unwrap_or(LoginHour { from, logins: 0, failed: 0 })
    }
}

fn count(hours: &mut VecDeque<LoginHour>, now: Timestamp, add: impl FnOnce(&mut LoginHour)) {
    let from = hour_of(now);
    // A clock that was set back adds to the hour it shows, if that is still kept, and else starts it anew.
    if let Some(hour) = hours.iter_mut().rev().find(|hour| hour.from == from) {
        return add(hour);
    }
    let mut hour = LoginHour { from, logins: 0, failed: 0 };
    add(&mut hour);
    hours.push_back(hour);
    let oldest = from.plus_seconds(-HOUR * i64::try_from(KEPT).unwrap_or(i64::MAX / HOUR));
    hours.retain(|hour| hour.from > oldest);
    while hours.len() > KEPT {
        hours.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_counts_what_happened_in_it_and_nothing_else() {
        let hours = LoginHours::default();
        let start = Timestamp::from_seconds(10 * HOUR);
        for seconds in [0, 1, HOUR - 1] {
            hours.succeeded(start.plus_seconds(seconds));
        }
        hours.failed(start.plus_seconds(HOUR));
        assert_eq!(hours.hour(start), LoginHour { from: start, logins: 3, failed: 0 });
        let next = start.plus_seconds(HOUR);
        assert_eq!(hours.hour(next), LoginHour { from: next, logins: 0, failed: 1 });
        assert_eq!(hours.hour(next.plus_seconds(HOUR)).logins, 0);
    }

    #[test]
    fn a_day_is_kept_and_no_more() {
        let hours = LoginHours::default();
        let start = Timestamp::from_seconds(10 * HOUR);
        for hour in 0..100 {
            hours.succeeded(start.plus_seconds(hour * HOUR));
        }
        assert_eq!(hours.lock().len(), KEPT);
        assert_eq!(hours.hour(start.plus_seconds(76 * HOUR)).logins, 1, "24 hours before the last");
        assert_eq!(hours.hour(start.plus_seconds(74 * HOUR)).logins, 0);
        // A clock far ahead that is set right again does not make the ring grow.
        hours.succeeded(start.plus_seconds(9_000 * HOUR));
        hours.succeeded(start.plus_seconds(99 * HOUR));
        assert!(hours.lock().len() <= KEPT);
    }
}
