//! One order and what is known of it.

use gridkey_domain::{
    CustomerNo, Fen, PaymentId, PaymentState, Timestamp,
    payment::{BillShare, Method, Payment, Transition},
};
use gridkey_protocol::{
    frame::OpError,
    order::{Order, SignedOrder},
};
use serde::{Deserialize, Serialize};

/// The first wait after an answer that asks to try again, seconds.
const FIRST_WAIT: i64 = 5;
/// The longest wait, seconds.
const LONGEST_WAIT: i64 = 600;
/// An order to be paid now is sent at once or, when the program died in between, not at all: after so many seconds.
const STALE: i64 = 60;

/// Why a state is entered that the server told without a word of its own.
const ANSWERED: &str = "server";

/// What the person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// To be paid now. What has not been sent falls away; it never waits in the queue.
    Now,
    /// To be sent whenever the server can be reached, until the order's end.
    Queue,
}

/// An order that this machine signed. Kept encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRecord {
    /// The order's id.
    pub id: PaymentId,
    /// The bytes that were signed, the signature, the chain: what is sent, unchanged, every time.
    pub signed: SignedOrder,
    /// What the person asked for.
    pub intent: Intent,
    /// Whose account.
    pub customer: CustomerNo,
    /// What it pays; empty for a payment on account.
    pub bills: Vec<BillShare>,
    /// The whole amount, fen.
    pub amount: Fen,
    /// How it is paid.
    pub method: Method,
    /// When it was signed.
    pub created: Timestamp,
    /// Until when it may be executed.
    pub not_after: Timestamp,
    /// Where it stands, as far as this machine knows.
    pub state: PaymentState,
    /// Why, a stable word.
    pub reason: Option<String>,
    /// An attempt went out whose answer never came: the server may know the order.
    pub in_doubt: bool,
    /// `in_doubt` as it was before the attempt under way.
    doubt_before: bool,
    /// Attempts so far.
    pub attempts: u32,
    /// Not to be tried before, unless a person says so.
    pub not_before: Option<Timestamp>,
    /// When the server last changed its state, by its clock.
    pub server_updated: Option<Timestamp>,
    /// Every state it was in here, oldest first.
    pub history: Vec<Transition>,
}

/// The reason of an order that was withdrawn before any server knew it.
pub(crate) const WITHDRAWN: &str = "withdrawn";

/// Why an order cannot be withdrawn on this machine alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CancelError {
    /// It went out and no answer came: first the server must say whether it has it.
    #[error("the order was sent and its answer is outstanding: connect first, then withdraw it")]
    InDoubt,
    /// The server has it.
    #[error("the order is at the server: connect to withdraw it")]
    AtServer,
    /// It has ended.
    #[error("the order has ended already")]
    Ended,
}

impl OrderRecord {
    /// A fresh record of an order just signed.
    pub fn new(signed: SignedOrder, order: &Order, intent: Intent) -> Self {
        Self {
            id: order.id,
            signed,
            intent,
            customer: order.customer.clone(),
            bills: order.bills.iter().cloned().map(BillShare::from).collect(),
            amount: order.amount,
            method: order.method,
            created: order.created,
            not_after: order.not_after,
            state: PaymentState::Queued,
            reason: None,
            in_doubt: false,
            doubt_before: false,
            attempts: 0,
            not_before: None,
            server_updated: None,
            history: vec![Transition { state: PaymentState::Queued, at: order.created, reason: "signed".into() }],
        }
    }

    /// Whether it has not ended: it waits here, or the server holds its bills for it.
    pub const fn is_unfinished(&self) -> bool {
        matches!(self.state, PaymentState::Queued) || self.state.is_open()
    }

    /// Whether an attempt may begin at `now`. `by_hand` leaves the back-off aside.
    pub fn is_due(&self, now: Timestamp, by_hand: bool) -> bool {
        self.state == PaymentState::Queued && (by_hand || self.not_before.is_none_or(|at| at <= now))
    }

    /// Whether it was to be paid now and no attempt has begun: it is being sent this moment, or the program died before.
    pub const fn is_unsent(&self) -> bool {
        matches!((self.state, self.intent), (PaymentState::Queued, Intent::Now)) && self.attempts == 0 && !self.in_doubt
    }

    /// What passing time does: an order that never went out ends at its `not_after`, and one that was to be paid now is given
    /// up when it was not sent. One in doubt stays: only the server can tell. `true` if something changed.
    pub fn tick(&mut self, now: Timestamp) -> bool {
        if self.state != PaymentState::Queued || self.in_doubt {
            return false;
        }
        if now > self.not_after {
            self.enter(PaymentState::Expired, now, "not-after");
            return true;
        }
        let given_up = self.is_unsent() && now > self.created.plus_seconds(STALE);
        if given_up {
            self.enter(PaymentState::Cancelled, now, "not-sent");
        }
        given_up
    }

    /// An attempt begins: store the record, then send [`Self::signed`].
    pub fn begin(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
        self.doubt_before = self.in_doubt;
        self.in_doubt = true;
    }

    /// There was no session to begin an attempt with.
    pub fn not_begun(&mut self, now: Timestamp) {
        if self.state == PaymentState::Queued {
            self.drop_unless_queued(now, "not-sent");
        }
    }

    /// The attempt was not sent after all: there was no session.
    pub fn not_sent(&mut self, now: Timestamp) {
        if self.state != PaymentState::Queued {
            return;
        }
        self.in_doubt = self.doubt_before;
        self.drop_unless_queued(now, "not-sent");
    }

    /// The server took the order, now or before.
    pub fn taken(&mut self, state: PaymentState, now: Timestamp) {
        self.in_doubt = false;
        self.not_before = None;
        if state != self.state {
            self.enter(state, now, ANSWERED);
        }
    }

    /// The server answered with an error. `random` spreads the next attempt.
    pub fn refused(&mut self, error: &OpError, now: Timestamp, random: u64) {
        use gridkey_protocol::ops::error::{ENVELOPE_UNKNOWN, INTERNAL};
        // Another program of this key may have learnt more meanwhile.
        if self.state != PaymentState::Queued {
            return;
        }
        let fault = error.code == INTERNAL;
        if error.retry || fault || error.code == ENVELOPE_UNKNOWN {
            // Such an answer stores nothing; what an earlier attempt did is as doubtful as before. A fault of the server is no
            // verdict: it may have come after the order was stored.
            self.in_doubt = self.doubt_before || fault;
            let ceiling = FIRST_WAIT.saturating_mul(1 << self.attempts.saturating_sub(1).min(10)).min(LONGEST_WAIT);
            let jitter = i64::try_from(random % ceiling.unsigned_abs().max(1)).unwrap_or(0);
            self.not_before = Some(now.plus_seconds(ceiling / 2 + jitter / 2));
            self.drop_unless_queued(now, &error.code);
        } else {
            self.in_doubt = false;
            self.not_before = None;
            self.enter(PaymentState::Refused, now, &error.code);
        }
    }

    /// What the server says of the payment, by a push, a list or a look-up. Older news than what is known is passed over.
    /// `true` if something changed.
    pub fn observe(&mut self, payment: &Payment) -> bool {
        if payment.payment != self.id || self.server_updated.is_some_and(|known| payment.updated < known) {
            return false;
        }
        let changed = self.state != payment.state || self.in_doubt;
        self.in_doubt = false;
        self.not_before = None;
        self.server_updated = Some(payment.updated);
        if self.state != payment.state {
            self.enter(payment.state, payment.updated, payment.reason.as_deref().unwrap_or(ANSWERED));
        }
        changed
    }

    /// Withdraws an order that only this machine knows.
    pub fn cancel(&mut self, now: Timestamp) -> Result<(), CancelError> {
        match self.state {
            PaymentState::Queued if self.in_doubt => Err(CancelError::InDoubt),
            PaymentState::Queued => {
                self.enter(PaymentState::Cancelled, now, WITHDRAWN);
                Ok(())
            }
            state if state.is_open() => Err(CancelError::AtServer),
            _ => Err(CancelError::Ended),
        }
    }

    /// An order to be paid now that surely did not arrive is given up rather than queued in silence.
    fn drop_unless_queued(&mut self, now: Timestamp, reason: &str) {
        if self.intent == Intent::Now && !self.in_doubt {
            self.enter(PaymentState::Cancelled, now, reason);
        }
    }

    fn enter(&mut self, state: PaymentState, at: Timestamp, reason: &str) {
        self.state = state;
        // The state says it all then.
        self.reason = (reason != ANSWERED).then(|| reason.to_owned());
        self.history.push(Transition { state, at, reason: reason.to_owned() });
    }
}
