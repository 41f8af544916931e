//! How long to wait before a transaction that collided is tried again. [`crate::Database`] does so by itself; callers
//! that read, decide and then write only if nothing moved meanwhile do it by the same measure.

use std::time::Duration;

/// Attempts before [`DbError::Busy`](crate::DbError::Busy): with the pauses below some ten seconds of steady collisions.
pub const ATTEMPTS: u32 = 40;
/// The first pause is drawn from up to this, later ones from twice as much each time …
const FIRST: Duration = Duration::from_millis(2);
/// … up to this.
const LONGEST: Duration = Duration::from_millis(500);

/// The pause after attempt number `attempt` (from 0): a random part of a span that doubles, so that transactions which
/// collided once don't collide again in step.
pub fn pause(attempt: u32) -> Duration {
    let span = FIRST.saturating_mul(1_u32 << attempt.min(8)).min(LONGEST);
    let mut byte = [0xff_u8; 1];
    // Without randomness the whole span is waited.
    let _ = getrandom::fill(&mut byte);
    span.saturating_mul(u32::from(byte[0]) + 1) / 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stay_within_a_growing_span() {
        for attempt in 0..ATTEMPTS {
            assert!(pause(attempt) <= LONGEST);
        }
        assert!((0..50).all(|_| pause(0) <= FIRST));
    }
}
