//! The order's life against a model of the server: whatever fails and whenever this machine dies, each order arrives with the
//! same bytes, counts once, and ends where the server says.

use std::collections::HashMap;

use gridkey_domain::{
    BillId, Fen, PaymentId, PaymentState, Timestamp,
    payment::{Method, Payment},
};
use gridkey_protocol::{
    ByteArray, ByteString, cbor,
    frame::OpError,
    ops::error,
    order::{CURRENCY, Order, Share, SignedOrder},
};
use proptest::prelude::*;

use super::*;

const CAPS: Caps = Caps { per_order: fen(1_000), queued: fen(2_500) };

const fn fen(fen: u64) -> Fen {
    match Fen::new(fen) {
        Ok(amount) => amount,
        Err(_) => panic!("too large"),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_795_334_400 + seconds)
}

fn order(number: u8, bills: &[&str], amount: u64) -> Order {
    let shares: Vec<Share> = bills
        .iter()
        .map(|bill| Share { bill: bill.parse::<BillId>().unwrap(), amount: fen(amount / bills.len() as u64) })
        .collect();
    Order {
        v: 1,
        id: PaymentId::from_parts(1_795_334_400_000 + u64::from(number), [number; 10]),
        customer: "1100000001".parse().unwrap(),
        bills: shares,
        amount: fen(amount),
        currency: CURRENCY.into(),
        method: Method::Gateway,
        created: at(0),
        not_after: at(72 * 3600),
        key: ByteArray([1; 32]),
    }
}

fn record(number: u8, intent: Intent) -> OrderRecord {
    record_of(&order(number, &[], 100), intent)
}

fn record_of(order: &Order, intent: Intent) -> OrderRecord {
    let signed =
        SignedOrder { order: ByteString(cbor::encode(order)), signature: ByteArray([2; 64]), chain: Vec::new() };
    OrderRecord::new(signed, order, intent)
}

#[test]
fn an_order_for_a_bill_of_an_unfinished_order_is_not_made() {
    let mut kept = record_of(&order(1, &["B-1", "B-2"], 200), Intent::Queue);
    let again = order(2, &["B-2"], 100);
    assert_eq!(admit(&again, &[kept.clone()], CAPS), Err(AdmitError::Unfinished(kept.id)));
    for state in [PaymentState::Pending, PaymentState::Unknown] {
        kept.taken(state, at(1));
        assert_eq!(admit(&again, &[kept.clone()], CAPS), Err(AdmitError::Unfinished(kept.id)));
    }
    for state in [PaymentState::Paid, PaymentState::Refused, PaymentState::Expired, PaymentState::Cancelled] {
        kept.taken(state, at(2));
        assert_eq!(admit(&again, &[kept.clone()], CAPS), Ok(()));
    }
}

#[test]
fn the_same_payment_on_account_is_admitted_once_while_it_has_not_ended() {
    let mut kept = record(1, Intent::Now);
    let again = |amount, seconds| Order { created: at(seconds), ..order(2, &[], amount) };
    let caps = Caps { per_order: fen(1_000), queued: fen(100_000) };
    assert_eq!(admit(&again(100, 1), &[kept.clone()], caps), Err(AdmitError::Unfinished(kept.id)));
    kept.taken(PaymentState::Pending, at(2));
    assert_eq!(admit(&again(100, TWICE), &[kept.clone()], caps), Err(AdmitError::Unfinished(kept.id)));
    assert_eq!(admit(&again(100, TWICE + 1), &[kept.clone()], caps), Ok(()), "wanted again after a while");
    assert_eq!(admit(&again(101, 1), &[kept.clone()], caps), Ok(()), "another amount");
    assert_eq!(admit(&order(3, &["B-1"], 100), &[kept.clone()], caps), Ok(()), "a bill");
    kept.taken(PaymentState::Paid, at(3));
    assert_eq!(admit(&again(100, 4), &[kept], caps), Ok(()), "the first has ended");
}

#[test]
fn caps_hold_for_each_order_and_for_the_queue() {
    assert!(matches!(admit(&order(1, &[], 1_001), &[], CAPS), Err(AdmitError::AboveCap { .. })));
    let kept: Vec<OrderRecord> = [1, 2].map(|number| record_of(&order(number, &[], 1_000), Intent::Queue)).into();
    assert_eq!(admit(&order(3, &[], 500), &kept, CAPS), Ok(()));
    assert!(matches!(admit(&order(3, &[], 501), &kept, CAPS), Err(AdmitError::AboveTotal { .. })));
}

#[test]
fn an_order_to_be_paid_now_never_ends_up_in_the_queue() {
    let mut unsent = record(1, Intent::Now);
    unsent.begin();
    unsent.not_sent(at(1));
    assert_eq!(unsent.state, PaymentState::Cancelled);
    let mut put_off = record(2, Intent::Now);
    put_off.begin();
    put_off.refused(&OpError::passing(error::UNAVAILABLE, "later"), at(1), 0);
    assert_eq!(put_off.state, PaymentState::Cancelled);
    // In doubt is another matter: it may have arrived, so it is asked for.
    let mut lost = record(3, Intent::Now);
    lost.begin();
    lost.begin();
    lost.refused(&OpError::passing(error::UNAVAILABLE, "later"), at(1), 0);
    assert_eq!((lost.state, lost.in_doubt), (PaymentState::Queued, true));
}

#[test]
fn a_fault_of_the_server_is_no_verdict() {
    for intent in [Intent::Now, Intent::Queue] {
        let mut order = record(1, intent);
        order.begin();
        order.refused(&OpError::fatal(error::INTERNAL, ""), at(1), 1);
        assert_eq!((order.state, order.in_doubt), (PaymentState::Queued, true));
    }
}

#[test]
fn an_order_that_found_no_session_waits_only_if_that_was_wanted() {
    let (mut now, mut later) = (record(1, Intent::Now), record(1, Intent::Queue));
    now.not_begun(at(1));
    later.not_begun(at(1));
    assert_eq!((now.state, later.state), (PaymentState::Cancelled, PaymentState::Queued));
}

#[test]
fn an_order_to_be_paid_now_that_was_never_sent_is_given_up() {
    let mut unsent = record(1, Intent::Now);
    assert!(unsent.is_unsent() && !unsent.tick(at(60)));
    assert!(unsent.tick(at(61)));
    assert_eq!((unsent.state, unsent.reason.as_deref()), (PaymentState::Cancelled, Some("not-sent")));
    let mut tried = record(2, Intent::Now);
    tried.begin();
    assert!(!tried.is_unsent() && !tried.tick(at(61)));
    assert!(!record(3, Intent::Queue).tick(at(61)));
}

#[test]
fn an_order_in_doubt_neither_expires_nor_is_withdrawn_here() {
    let mut order = record(1, Intent::Queue);
    order.begin();
    assert!(!order.tick(at(100 * 3600)));
    assert_eq!(order.cancel(at(1)), Err(CancelError::InDoubt));
    assert!(order.is_due(at(100 * 3600), false));
}

#[test]
fn an_order_that_never_went_out_expires_and_can_be_withdrawn() {
    let mut order = record(1, Intent::Queue);
    assert!(!order.clone().tick(at(72 * 3600)));
    assert!(order.clone().tick(at(72 * 3600 + 1)));
    assert_eq!(order.cancel(at(1)), Ok(()));
    assert_eq!(order.cancel(at(1)), Err(CancelError::Ended));
    assert!(!order.is_due(at(2), true));
}

#[test]
fn a_passing_error_backs_off_and_send_now_does_not_wait() {
    let mut order = record(1, Intent::Queue);
    for attempt in 1..20_i64 {
        order.begin();
        order.refused(&OpError::passing(error::BUSY, "later"), at(0), u64::MAX);
        let wait = order.not_before.unwrap().seconds_since(at(0));
        assert!((2..=600).contains(&wait), "attempt {attempt}: {wait} s");
        assert!(!order.is_due(at(1), false) && order.is_due(at(1), true));
    }
}

#[test]
fn older_news_does_not_undo_newer() {
    let mut order = record(1, Intent::Queue);
    let payment = |state, updated| Payment {
        payment: order_id(1),
        method: Method::Gateway,
        state,
        created: at(0),
        updated,
        amount: fen(100),
        bills: Vec::new(),
        reference: None,
        reason: None,
    };
    assert!(order.observe(&payment(PaymentState::Paid, at(9))));
    assert!(!order.observe(&payment(PaymentState::Pending, at(5))));
    assert_eq!(order.state, PaymentState::Paid);
}

fn order_id(number: u8) -> PaymentId {
    order(number, &[], 100).id
}

/// What happens to one attempt.
#[derive(Debug, Clone, Copy)]
enum Attempt {
    /// This machine dies after noting the attempt, before sending.
    DiesBeforeSending,
    /// Sent; this machine dies before the answer.
    DiesBeforeAnswer,
    /// The session was gone: nothing sent, and this is noted.
    NotSent,
    /// Sent and lost on the way.
    LostThere,
    /// Sent and carried out; the answer is lost.
    AnswerLost,
    /// Sent; the server is busy and stores nothing.
    Busy,
    /// Sent; the server does not know the envelope key (any more).
    EnvelopeUnknown,
    /// Sent, carried out, answered; this machine dies before noting the answer.
    DiesBeforeNoting,
    /// Sent, carried out, answered, noted.
    Answered,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    use Attempt as A;
    prop_oneof![
        Just(A::DiesBeforeSending),
        Just(A::DiesBeforeAnswer),
        Just(A::NotSent),
        Just(A::LostThere),
        Just(A::AnswerLost),
        Just(A::Busy),
        Just(A::EnvelopeUnknown),
        Just(A::DiesBeforeNoting),
        Just(A::Answered),
    ]
}

/// The server, as PROTOCOL has it: the first verdict on an id is final and repeated.
#[derive(Default)]
struct Server {
    refuses: bool,
    known: HashMap<PaymentId, (Vec<u8>, Result<PaymentState, OpError>)>,
    submissions: u32,
}

impl Server {
    fn submit(&mut self, signed: &SignedOrder) -> Result<PaymentState, OpError> {
        self.submissions += 1;
        let order: Order = cbor::decode(signed.order.as_ref()).unwrap();
        let bytes = cbor::encode(signed);
        let verdict =
            || if self.refuses { Err(OpError::fatal(error::ALREADY_PAID, "")) } else { Ok(PaymentState::Pending) };
        let (stored, answer) = self.known.entry(order.id).or_insert_with(|| (bytes.clone(), verdict()));
        assert_eq!(*stored, bytes, "the same bytes every time");
        answer.clone()
    }
}

/// One attempt against the disk: what is not written there is forgotten when the machine dies.
fn drive(disk: &mut OrderRecord, server: &mut Server, what: Attempt, now: Timestamp) {
    let mut record = disk.clone();
    if !record.is_due(now, true) {
        return;
    }
    record.begin();
    *disk = record.clone();
    match what {
        Attempt::DiesBeforeSending | Attempt::LostThere => return,
        Attempt::DiesBeforeAnswer | Attempt::AnswerLost | Attempt::DiesBeforeNoting => {
            let _ = server.submit(&record.signed);
            return;
        }
        Attempt::NotSent => record.not_sent(now),
        Attempt::Busy => record.refused(&OpError::passing(error::UNAVAILABLE, ""), now, 1),
        Attempt::EnvelopeUnknown => record.refused(&OpError::fatal(error::ENVELOPE_UNKNOWN, ""), now, 1),
        Attempt::Answered => match server.submit(&record.signed) {
            Ok(state) => record.taken(state, now),
            Err(error) => record.refused(&error, now, 1),
        },
    }
    *disk = record;
}

proptest! {
    #[test]
    fn an_order_arrives_whatever_fails_and_counts_once(
        attempts in proptest::collection::vec(attempt(), 0..20), refuses in any::<bool>(),
    ) {
        let mut disk = record(1, Intent::Queue);
        let mut server = Server { refuses, ..Server::default() };
        let first = disk.signed.clone();
        for (step, what) in (1..).zip(attempts) {
            drive(&mut disk, &mut server, what, at(step));
            prop_assert_eq!(&disk.signed, &first);
        }
        // The line gets better in the end.
        drive(&mut disk, &mut server, Attempt::Answered, at(1000));
        prop_assert!(server.submissions >= 1);
        prop_assert_eq!(server.known.len(), 1);
        let wanted = if refuses { PaymentState::Refused } else { PaymentState::Pending };
        prop_assert_eq!((disk.state, disk.in_doubt), (wanted, false));
        // And nothing more goes out.
        let before = server.submissions;
        drive(&mut disk, &mut server, Attempt::Answered, at(1001));
        prop_assert_eq!(server.submissions, before);
    }

    #[test]
    fn what_this_machine_calls_ended_the_server_does_not_have_open(
        attempts in proptest::collection::vec(attempt(), 0..20), ends in 0..20_usize, now_intent in any::<bool>(),
    ) {
        let intent = if now_intent { Intent::Now } else { Intent::Queue };
        let mut disk = record(1, intent);
        let mut server = Server::default();
        for (index, what) in attempts.into_iter().enumerate() {
            let now = at(i64::try_from(index).unwrap());
            drive(&mut disk, &mut server, what, now);
            if index == ends {
                // Withdrawn by the person, or its time is over: whichever is possible.
                let _ = disk.cancel(now);
                disk.tick(at(80 * 3600));
            }
        }
        if disk.state.frees_bills() {
            prop_assert!(server.known.is_empty(), "{disk:?}");
        }
    }

    #[test]
    fn the_history_only_takes_steps_that_payments_take(attempts in proptest::collection::vec(attempt(), 0..20)) {
        let mut disk = record(1, Intent::Queue);
        let mut server = Server::default();
        for what in attempts {
            drive(&mut disk, &mut server, what, at(1));
        }
        for pair in disk.history.windows(2) {
            let skips = pair[0].state == PaymentState::Queued && pair[1].state == PaymentState::Pending;
            prop_assert!(skips || pair[0].state.can_become(pair[1].state));
        }
        prop_assert_eq!(disk.history.last().map(|last| last.state), Some(disk.state));
    }
}
