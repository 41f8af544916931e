//! What an answer of the gateway means for a payment: a pure function.
//!
//! Money is booked on nothing but [`QueryOutcome::Paid`]. While the payer can still pay, no other answer is final. Once
//! that time is over, a clear "not paid" ends the payment, and whatever is not clear makes it `unknown`, to be asked again.

use gridkey_domain::{PaymentState, Timestamp};
use gridkey_unionpay::{
    client::GatewayError,
    query::{AnswerError, QueryOutcome},
};

use super::{config::PaymentsConfig, schedule::final_from};
use crate::store::payments::PaymentRecord;

/// What to do with a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Leave it; ask again by the schedule.
    Stay,
    /// Book it under this reference.
    Book {
        /// The gateway's reference.
        reference: String,
    },
    /// Change its state for this reason. `alarm`: an operator must look.
    Move {
        /// The new state.
        state: PaymentState,
        /// Why, a stable word.
        reason: &'static str,
        /// Whether an operator must look.
        alarm: bool,
    },
}

/// Judges `answer` to a query that was begun at `asked_at`.
pub fn decide(
    payment: &PaymentRecord,
    answer: &Result<QueryOutcome, GatewayError>,
    asked_at: Timestamp,
    rules: &PaymentsConfig,
) -> Verdict {
    let over = payment.handed.is_some_and(|handed| asked_at >= final_from(handed.pay_timeout, rules));
    let unknown = |reason, alarm| match payment.state {
        PaymentState::Unknown => Verdict::Stay,
        _ => Verdict::Move { state: PaymentState::Unknown, reason, alarm },
    };
    let end = |state, reason| Verdict::Move { state, reason, alarm: false };
    match answer {
        Ok(QueryOutcome::Paid { query_id, .. }) => Verdict::Book { reference: query_id.clone() },
        Err(GatewayError::Answer(AnswerError::Mismatch { .. })) => unknown("gateway-mismatch", true),
        _ if !over => Verdict::Stay,
        Ok(QueryOutcome::Failed { code }) if code == "69" => end(PaymentState::Expired, "pay-timeout"),
        Ok(QueryOutcome::Failed { .. }) => end(PaymentState::Refused, "gateway-refused"),
        // The gateway once knew it: that it does not now is no proof of anything.
        Ok(QueryOutcome::NotFound) if payment.seen => unknown("gateway-not-found", true),
        Ok(QueryOutcome::NotFound) => end(PaymentState::Expired, "pay-timeout"),
        Ok(QueryOutcome::Pending { .. }) => unknown("gateway-pending", false),
        Ok(QueryOutcome::Doubtful { .. }) => unknown("gateway-doubtful", true),
        Ok(QueryOutcome::NotAnswered { .. }) => unknown("gateway-no-answer", false),
        Err(GatewayError::Untrusted(_)) => unknown("gateway-untrusted", true),
        Err(_) => unknown("gateway-unreachable", false),
    }
}

/// Whether an answer shows that the gateway knows the payment.
pub fn shows_it_known(answer: &Result<QueryOutcome, GatewayError>) -> bool {
    matches!(
        answer,
        Ok(QueryOutcome::Paid { .. }
            | QueryOutcome::Pending { .. }
            | QueryOutcome::Failed { .. }
            | QueryOutcome::Doubtful { .. })
            | Err(GatewayError::Answer(AnswerError::Mismatch { .. }))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{payments::tests::record, store::payments::Handed};

    const RULES: PaymentsConfig = PaymentsConfig {
        unused_after_minutes: 30,
        pay_timeout_minutes: 15,
        final_after_seconds: 60,
        query_every_seconds: 300,
        refund_days: 330,
    };

    fn judge(state: PaymentState, seen: bool, asked_at: i64, answer: &Result<QueryOutcome, GatewayError>) -> Verdict {
        let times = Handed { at: Timestamp::from_seconds(0), pay_timeout: Timestamp::from_seconds(900) };
        let payment = PaymentRecord { state, seen, handed: Some(times), ..record() };
        decide(&payment, answer, Timestamp::from_seconds(asked_at), &RULES)
    }

    fn answers() -> Vec<Result<QueryOutcome, GatewayError>> {
        let code = || "xx".to_owned();
        let mismatch = AnswerError::Mismatch { field: "txnAmt", found: code(), expected: code() };
        vec![
            Ok(QueryOutcome::Paid { query_id: code(), defective: false }),
            Ok(QueryOutcome::Pending { code: code() }),
            Ok(QueryOutcome::NotFound),
            Ok(QueryOutcome::Failed { code: code() }),
            Ok(QueryOutcome::Failed { code: "69".into() }),
            Ok(QueryOutcome::Doubtful { code: code() }),
            Ok(QueryOutcome::NotAnswered { code: code() }),
            Err(GatewayError::Timeout),
            Err(GatewayError::Status(500)),
            Err(GatewayError::Answer(mismatch)),
            Err(GatewayError::Answer(AnswerError::Missing("queryId"))),
        ]
    }

    #[test]
    fn only_a_debit_books_and_every_step_is_one_of_the_state_machine() {
        for state in [PaymentState::Pending, PaymentState::Unknown] {
            for (asked_at, seen) in [(10, false), (960, true), (961, false), (961, true)] {
                for answer in answers() {
                    let paid = matches!(answer, Ok(QueryOutcome::Paid { .. }));
                    match judge(state, seen, asked_at, &answer) {
                        Verdict::Book { .. } => assert!(paid),
                        Verdict::Move { state: next, .. } => assert!(!paid && state.can_become(next)),
                        Verdict::Stay => assert!(!paid),
                    }
                }
            }
        }
    }

    #[test]
    fn before_the_end_of_the_time_to_pay_no_failure_is_final() {
        for answer in answers() {
            let mismatch = matches!(answer, Err(GatewayError::Answer(AnswerError::Mismatch { .. })));
            match judge(PaymentState::Pending, true, 960, &answer) {
                Verdict::Move { state, .. } => assert!(mismatch && state == PaymentState::Unknown),
                Verdict::Book { .. } | Verdict::Stay => {}
            }
        }
    }

    #[test]
    fn after_it_a_clear_no_ends_the_payment_and_doubt_keeps_it() {
        let after = |seen, answer: Result<_, _>| match judge(PaymentState::Pending, seen, 961, &answer) {
            Verdict::Move { state, .. } => state,
            other => panic!("{other:?}"),
        };
        assert_eq!(after(true, Ok(QueryOutcome::Failed { code: "64".into() })), PaymentState::Refused);
        assert_eq!(after(true, Ok(QueryOutcome::Failed { code: "69".into() })), PaymentState::Expired);
        assert_eq!(after(false, Ok(QueryOutcome::NotFound)), PaymentState::Expired);
        assert_eq!(after(true, Ok(QueryOutcome::NotFound)), PaymentState::Unknown);
        assert_eq!(after(false, Ok(QueryOutcome::Doubtful { code: "42".into() })), PaymentState::Unknown);
        assert_eq!(after(false, Err(GatewayError::Timeout)), PaymentState::Unknown);
    }
}
