//! Misbehaviour on demand: `POST /faults` sets how many of the next messages go wrong, and how.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What goes wrong with the next messages of one kind. Counters run down to 0; `delay_ms` stays until set anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// So many never arrive: a notification with all its repeats, or an answer cut off.
    pub lose: u32,
    /// So many fail: a notification's single try, or an answer with HTTP 500.
    pub fail: u32,
    /// So many come twice: a notification sent two times, or an answer with each field two times.
    pub double: u32,
    /// So many queries answer "being processed" whatever the truth.
    pub pending: u32,
    /// So many queries answer with another amount than was paid.
    pub wrong_amount: u32,
    /// So many refunds are turned down at once.
    pub refuse: u32,
    /// So many refunds are taken up and fail afterwards.
    pub decline: u32,
    /// So many notifications carry a signature that does not fit.
    pub forge: u32,
    /// Each waits that long before it leaves.
    pub delay_ms: u64,
}

/// What happens to one message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fault {
    /// Never arrives.
    pub lose: bool,
    /// Fails.
    pub fail: bool,
    /// Comes twice.
    pub double: bool,
    /// Says "being processed".
    pub pending: bool,
    /// Tells another amount.
    pub wrong_amount: bool,
    /// Is turned down at once.
    pub refuse: bool,
    /// Is taken up and fails afterwards.
    pub decline: bool,
    /// Carries a bad signature.
    pub forge: bool,
    /// Waits so long.
    pub delay: Duration,
}

impl Plan {
    /// The fate of the next message.
    pub fn take_next(&mut self) -> Fault {
        fn take(counter: &mut u32) -> bool {
            let hit = *counter > 0;
            *counter = counter.saturating_sub(1);
            hit
        }
        Fault {
            lose: take(&mut self.lose),
            fail: take(&mut self.fail),
            double: take(&mut self.double),
            pending: take(&mut self.pending),
            wrong_amount: take(&mut self.wrong_amount),
            refuse: take(&mut self.refuse),
            decline: take(&mut self.decline),
            forge: take(&mut self.forge),
            delay: Duration::from_millis(self.delay_ms),
        }
    }
}

/// Plans by kind of message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Notifications to the merchant.
    pub notify: Plan,
    /// Answers to queries.
    pub query: Plan,
    /// The bank page.
    pub front: Plan,
    /// Refunds: `lose` cuts the answer off after the refund, `fail` answers HTTP 500 instead of it.
    pub back: Plan,
    /// The answer to the payer's confirmation; the debit happens all the same.
    pub confirm: Plan,
    /// Settlement files: `pending` says that there is none yet.
    pub file: Plan,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_run_down_and_delays_stay() {
        let mut plan = Plan { lose: 1, delay_ms: 5, ..Plan::default() };
        let delay = Duration::from_millis(5);
        assert_eq!(plan.take_next(), Fault { lose: true, delay, ..Fault::default() });
        assert_eq!(plan.take_next(), Fault { delay, ..Fault::default() });
    }

    #[test]
    fn a_misspelt_fault_is_an_error() {
        assert!(serde_json::from_str::<Faults>(r#"{"notify": {"loose": 1}}"#).is_err());
        assert!(serde_json::from_str::<Faults>(r#"{"notify": {"lose": 1}}"#).is_ok());
    }
}
