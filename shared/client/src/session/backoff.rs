//! How long to wait before coming back: exponential with full jitter, so that many clients do not come back at once.

use std::time::Duration;

use gridkey_protocol::CloseCode;

/// The ceiling of the first wait.
const FIRST: Duration = Duration::from_secs(1);
/// The ceiling of every later one.
const LONGEST: Duration = Duration::from_secs(60);
/// The least ceiling after a server that stops or cannot serve: every client of it comes back at once otherwise.
const AFTER_STOP: Duration = Duration::from_secs(10);
/// The least after "too many attempts".
const AFTER_TOO_MANY: Duration = Duration::from_secs(10);

/// The wait before attempt `failures` + 1, where `failures` ≥ 1 attempts failed in a row and `random` is uniform.
pub fn backoff(failures: u32, close: Option<CloseCode>, random: u64) -> Duration {
    let mut ceiling = FIRST.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(LONGEST);
    if matches!(close, Some(CloseCode::GoingAway | CloseCode::Unavailable)) {
        ceiling = ceiling.max(AFTER_STOP);
    }
    let ceiling_ms = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX);
    let jittered = Duration::from_millis(random % (ceiling_ms + 1));
    match close {
        Some(CloseCode::TooMany) => AFTER_TOO_MANY + jittered,
        _ => jittered,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_wait_stays_below_its_ceiling(failures in 0..10_000_u32, random in any::<u64>()) {
            let ceiling = 2_u64.saturating_pow(failures.saturating_sub(1)).min(60);
            prop_assert!(backoff(failures, None, random) <= Duration::from_secs(ceiling));
            prop_assert!(backoff(failures, Some(CloseCode::TooMany), random) >= AFTER_TOO_MANY);
            let stopped = Duration::from_secs(ceiling.max(10));
            prop_assert!(backoff(failures, Some(CloseCode::GoingAway), random) <= stopped);
        }
    }
    #[test]
    fn clients_of_a_server_that_stops_spread_over_ten_seconds() {
        let nearly_ten = 9_999;
        for close in [CloseCode::GoingAway, CloseCode::Unavailable] {
            assert_eq!(backoff(1, Some(close), nearly_ten), Duration::from_millis(nearly_ten));
        }
        assert!(backoff(1, None, nearly_ten) <= FIRST);
    }
}
