//! When a refund is handed to the gateway or asked about, and what an answer means: pure functions.
//!
//! A refund is handed over under one order and time, drawn once, so that the gateway takes it up once however often it comes. Books
//! change on nothing but a query's answer about that order. "No such order" ends a refund only where nothing can be on its way any
//! more: after a genuine refusal, or when the gateway was out of reach for as long as anybody tries.

use gridkey_domain::Timestamp;
use gridkey_unionpay::{
    client::GatewayError,
    query::{AnswerError, QueryOutcome},
};

use super::{config::PaymentsConfig, schedule::Asked};
use crate::store::refunds::{RefundEnd, RefundRecord};

/// Seconds before each of the first queries, counted from the one before (the first from the handing over).
const FIRST_QUERIES: [i64; 6] = [1, 2, 4, 8, 16, 32];
/// How long a refund is handed over again that the gateway does not know, seconds.
const TRY_FOR: i64 = 3_600;

/// What is due for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundDue {
    /// Hand it to the gateway.
    Send,
    /// Ask the gateway.
    Ask,
    /// Nothing before then.
    Wait(Timestamp),
}

/// What to do with a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundVerdict {
    /// Leave it; ask again by the schedule. `alarm`: an operator must look.
    Stay {
        /// Whether an operator must look.
        alarm: bool,
    },
    /// Hand the same over once more.
    SendAgain,
    /// It is at its end.
    End(RefundEnd),
}

/// What is due for `refund` at `now`. `asked` counts since it was handed over last, or since the program started.
pub fn due(now: Timestamp, refund: &RefundRecord, asked: Option<Asked>, rules: &PaymentsConfig) -> RefundDue {
    let Some(sent) = refund.sent else { return RefundDue::Send };
    let Some(asked) = asked else {
        let first = sent.plus_seconds(FIRST_QUERIES[0]);
        // Sent later than now: the clock was set back since.
        return if (sent..first).contains(&now) { RefundDue::Wait(first) } else { RefundDue::Ask };
    };
    let pause = FIRST_QUERIES.get(asked.times).copied().unwrap_or_else(|| i64::from(rules.query_every_seconds.max(1)));
    let by_list = asked.at.plus_seconds(pause);
    // The first moment at which "no such order" says something is worth a query of its own.
    let settled = settled_from(sent, rules);
    let next = if asked.at < settled { by_list.min(settled) } else { by_list };
    if (asked.at..next).contains(&now) { RefundDue::Wait(next) } else { RefundDue::Ask }
}

/// Judges `answer` to a query that was begun at `asked_at`.
pub fn decide(
    refund: &RefundRecord,
    answer: &Result<QueryOutcome, GatewayError>,
    asked_at: Timestamp,
    rules: &PaymentsConfig,
) -> RefundVerdict {
    let stay = |alarm| RefundVerdict::Stay { alarm };
    let failed = |reason| RefundVerdict::End(RefundEnd::Failed(reason));
    match answer {
        Ok(QueryOutcome::Paid { query_id, .. }) => RefundVerdict::End(RefundEnd::Done(query_id.clone())),
        Ok(QueryOutcome::Failed { .. }) => failed("refund-refused"),
        Ok(QueryOutcome::NotFound) => {
            let Some(sent) = refund.sent else { return stay(false) };
            let settled = asked_at >= settled_from(sent, rules);
            if refund.known {
                // The gateway once knew it: that it does not now is no proof of anything.
                stay(settled)
            } else if refund.refused.is_some() && (refund.sends == 1 || settled) {
                failed("refund-refused")
            } else if !settled {
                stay(false)
            } else if asked_at >= refund.at.plus_seconds(TRY_FOR) {
                failed("refund-not-reached")
            } else {
                RefundVerdict::SendAgain
            }
        }
        Ok(QueryOutcome::Doubtful { .. }) | Err(GatewayError::Answer(AnswerError::Mismatch { .. })) => stay(true),
        Err(GatewayError::Untrusted(_)) => stay(true),
        Ok(QueryOutcome::Pending { .. } | QueryOutcome::NotAnswered { .. }) | Err(_) => stay(false),
    }
}

/// From when on nothing that was sent at `sent` can still be on its way.
fn settled_from(sent: Timestamp, rules: &PaymentsConfig) -> Timestamp {
    sent.plus_seconds(i64::from(rules.final_after_seconds) + 1)
}

#[cfg(test)]
mod tests {
    use gridkey_domain::{Fen, PaymentId, RefundId};
    use proptest::prelude::*;

    use super::*;

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

    fn refund() -> RefundRecord {
        RefundRecord {
            refund: RefundId::from_parts(1, [8; 10]),
            payment: PaymentId::from_parts(1, [7; 10]),
            at: at(0),
            credit: Fen::ZERO,
            sent: Some(at(0)),
            sends: 1,
            known: false,
            refused: None,
            reference: None,
        }
    }

    fn judge(refund: &RefundRecord, asked_at: i64, answer: &Result<QueryOutcome, GatewayError>) -> RefundVerdict {
        decide(refund, answer, at(asked_at), &RULES)
    }

    const STAY: RefundVerdict = RefundVerdict::Stay { alarm: false };

    #[test]
    fn a_refund_is_sent_once_then_asked_about_after_1_2_4_8_16_32_seconds_and_every_5_minutes() {
        assert_eq!(due(at(0), &RefundRecord { sent: None, ..refund() }, None, &RULES), RefundDue::Send);
        let (mut asked, mut now, mut asks) = (None, 0, Vec::new());
        while now < 1_000 {
            match due(at(now), &refund(), asked, &RULES) {
                RefundDue::Ask => {
                    asks.push(now);
                    asked = Some(Asked { times: asks.len(), at: at(now) });
                }
                RefundDue::Wait(until) => now = until.seconds(),
                RefundDue::Send => panic!("it was sent"),
            }
        }
        assert_eq!(asks, [1, 3, 7, 15, 31, 61, 361, 661, 961]);
    }

    #[test]
    fn what_the_gateway_does_not_know_is_sent_again_only_when_nothing_is_on_its_way() {
        assert_eq!(judge(&refund(), 60, &Ok(QueryOutcome::NotFound)), STAY);
        assert_eq!(judge(&refund(), 61, &Ok(QueryOutcome::NotFound)), RefundVerdict::SendAgain);
        let known = RefundRecord { known: true, ..refund() };
        assert_eq!(judge(&known, 9_999, &Ok(QueryOutcome::NotFound)), RefundVerdict::Stay { alarm: true });
        let late = RefundRecord { sent: Some(at(3_550)), sends: 9, ..refund() };
        assert_eq!(judge(&late, 3_605, &Ok(QueryOutcome::NotFound)), STAY, "the last may still be on its way");
        let end = RefundVerdict::End(RefundEnd::Failed("refund-not-reached"));
        assert_eq!(judge(&late, 3_611, &Ok(QueryOutcome::NotFound)), end);
    }

    #[test]
    fn a_refusal_ends_it_once_the_query_knows_no_such_order() {
        let refused = RefundRecord { refused: Some("36".into()), ..refund() };
        let end = RefundVerdict::End(RefundEnd::Failed("refund-refused"));
        assert_eq!(judge(&refused, 1, &Ok(QueryOutcome::NotFound)), end);
        // An earlier one without an answer may still arrive.
        let second = RefundRecord { sends: 2, ..refused };
        assert_eq!(judge(&second, 1, &Ok(QueryOutcome::NotFound)), STAY);
        assert_eq!(judge(&second, 61, &Ok(QueryOutcome::NotFound)), end);
        let paid = QueryOutcome::Paid { query_id: "1".into(), defective: false };
        assert_eq!(
            judge(&second, 1, &Ok(paid)),
            RefundVerdict::End(RefundEnd::Done("1".into())),
            "the query has the last word"
        );
    }

    fn any_answer() -> impl Strategy<Value = Result<QueryOutcome, GatewayError>> {
        let code = || "xx".to_owned();
        (0..9_u8).prop_map(move |which| match which {
            0 => Ok(QueryOutcome::Pending { code: code() }),
            1 => Ok(QueryOutcome::NotFound),
            2 => Ok(QueryOutcome::Doubtful { code: code() }),
            3 => Ok(QueryOutcome::NotAnswered { code: code() }),
            4 => Err(GatewayError::Timeout),
            5 => Err(GatewayError::Status(500)),
            6 => Err(GatewayError::Answer(AnswerError::Missing("queryId"))),
            7 => Err(GatewayError::Answer(AnswerError::Mismatch { field: "txnAmt", found: code(), expected: code() })),
            _ => Ok(QueryOutcome::Failed { code: code() }),
        })
    }

    proptest! {
        #[test]
        fn money_is_never_put_back_without_the_gateways_word_and_what_it_knows_never_fails_by_itself(
            answer in any_answer(), asked_at in 0_i64..10_000, sends in 1_u32..5, known: bool, refused: bool,
        ) {
            let refund = RefundRecord { sends, known, refused: refused.then(|| "36".into()), ..refund() };
            let clear_no = matches!(answer, Ok(QueryOutcome::Failed { .. }));
            let not_found = matches!(answer, Ok(QueryOutcome::NotFound));
            match decide(&refund, &answer, at(asked_at), &RULES) {
                RefundVerdict::End(RefundEnd::Done(_)) => prop_assert!(false, "nobody said so"),
                RefundVerdict::End(RefundEnd::Failed(_)) => prop_assert!(clear_no || (not_found && !known)),
                RefundVerdict::SendAgain => prop_assert!(not_found && !known && asked_at > 60),
                RefundVerdict::Stay { .. } => {}
            }
        }
    }
}
