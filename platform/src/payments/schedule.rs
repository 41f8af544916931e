//! What is due for a payment at a time: a pure function, so that every case can be tested without waiting.

use gridkey_domain::{PaymentState, Timestamp};

use super::config::PaymentsConfig;
use crate::store::payments::PaymentRecord;

/// Seconds before each of the first queries, counted from the one before (the first from the form).
const FIRST_QUERIES: [i64; 4] = [5, 10, 30, 60];

/// What was asked of the gateway since the program started. Nothing asked yet means: ask at once, whatever was asked before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// How often.
    pub times: usize,
    /// When last.
    pub at: Timestamp,
}

impl Asked {
    /// Whether that was within this second. Not if the clock was set back since: nobody would ask until it caught up.
    pub fn within_a_second(self, now: Timestamp) -> bool {
        now == self.at
    }
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Ask the gateway.
    Ask,
    /// It was never handed out and its time is over: let it expire for this reason.
    Expire(&'static str),
    /// Nothing before then.
    Wait(Timestamp),
    /// Nothing ever: it is at its end.
    Nothing,
}

/// What is due for `payment` at `now`.
pub fn due(now: Timestamp, payment: &PaymentRecord, asked: Option<Asked>, rules: &PaymentsConfig) -> Due {
    if !matches!(payment.state, PaymentState::Pending | PaymentState::Unknown) {
        return Due::Nothing;
    }
    let Some(handed) = payment.handed else {
        let unused = payment.taken_at.plus_seconds(i64::from(rules.unused_after_minutes) * 60);
        return match payment.not_after.min(unused) {
            end if now <= end => Due::Wait(end.plus_seconds(1)),
            end if end == payment.not_after => Due::Expire("not-after-passed"),
            _ => Due::Expire("unused"),
        };
    };
    let Some(asked) = asked else {
        // After a restart: at once. A form just handed out: its first query comes by the list.
        let first = handed.at.plus_seconds(FIRST_QUERIES[0]);
        return if now < first { Due::Wait(first) } else { Due::Ask };
    };
    let pause = FIRST_QUERIES.get(asked.times).copied().unwrap_or_else(|| i64::from(rules.query_every_seconds.max(1)));
    let by_list = asked.at.plus_seconds(pause);
    let end = final_from(handed.pay_timeout, rules);
    // The first moment at which the answer is final is worth a query of its own.
    let next = if asked.at < end { by_list.min(end) } else { by_list };
    // Asked later than now: the clock was set back since.
    if (asked.at..next).contains(&now) { Due::Wait(next) } else { Due::Ask }
}

/// From when on an answer that a payment is not paid is final.
pub fn final_from(pay_timeout: Timestamp, rules: &PaymentsConfig) -> Timestamp {
    pay_timeout.plus_seconds(i64::from(rules.final_after_seconds) + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{payments::tests::record, store::payments::Handed};

    const RULES: PaymentsConfig = PaymentsConfig {
        unused_after_minutes: 30,
        pay_timeout_minutes: 15,
        final_after_seconds: 60,
        query_every_seconds: 300,
        refund_days: 330,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn handed() -> PaymentRecord {
        PaymentRecord { handed: Some(Handed { at: at(0), pay_timeout: at(900) }), ..record() }
    }

    #[test]
    fn queries_come_after_5_10_30_60_seconds_then_every_5_minutes_and_at_the_end() {
        let (payment, mut asked, mut now, mut asks) = (handed(), None, 0, Vec::new());
        while now < 2_000 {
            match due(at(now), &payment, asked, &RULES) {
                Due::Ask => {
                    asks.push(now);
                    asked = Some(Asked { times: asks.len(), at: at(now) });
                }
                Due::Wait(until) => now = until.seconds(),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(asks, [5, 15, 45, 105, 405, 705, 961, 1261, 1561, 1861]);
    }

    #[test]
    fn after_a_restart_an_unfinished_payment_is_asked_about_at_once() {
        assert_eq!(due(at(50), &handed(), None, &RULES), Due::Ask);
        let unknown = PaymentRecord { state: PaymentState::Unknown, ..handed() };
        assert_eq!(due(at(5_000), &unknown, None, &RULES), Due::Ask);
    }

    #[test]
    fn what_was_never_handed_out_expires_unused_or_with_its_order() {
        let payment = PaymentRecord { taken_at: at(0), not_after: at(10_000), ..record() };
        assert_eq!(due(at(1_800), &payment, None, &RULES), Due::Wait(at(1_801)));
        assert_eq!(due(at(1_801), &payment, None, &RULES), Due::Expire("unused"));
        let short = PaymentRecord { not_after: at(60), ..payment };
        assert_eq!(due(at(60), &short, None, &RULES), Due::Wait(at(61)));
        assert_eq!(due(at(61), &short, None, &RULES), Due::Expire("not-after-passed"));
    }

    proptest! {
        #[test]
        fn a_payment_at_its_end_is_left_alone(now: i32, index in 0..PaymentState::ALL.len()) {
            let state = PaymentState::ALL[index];
            prop_assume!(!matches!(state, PaymentState::Pending | PaymentState::Unknown));
            prop_assert_eq!(due(at(now.into()), &PaymentRecord { state, ..handed() }, None, &RULES), Due::Nothing);
        }

        #[test]
        fn waiting_always_ends_later_and_what_was_handed_out_never_expires_by_itself(
            now in 0i64..10_000, times in 0usize..9, last in 0i64..10_000, asked: bool,
        ) {
            let asked = asked.then_some(Asked { times, at: at(last.min(now)) });
            match due(at(now), &handed(), asked, &RULES) {
                Due::Wait(until) => prop_assert!(until > at(now)),
                other => prop_assert_eq!(other, Due::Ask),
            }
        }
    }
}
