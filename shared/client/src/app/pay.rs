//! Orders: signed after the PIN, sent or queued, withdrawn; and the queue that goes out by itself.

use std::time::Duration;

use gridkey_domain::{PaymentId, PaymentState};
use gridkey_protocol::frame::PushKind;
use gridkey_token::Pin;
use tokio::time::Instant;

use super::{
    AppEvent, Doing, NoticeKind, Paying, Problem, Topic,
    actor::{Actor, then},
    inbox::wants_notice,
    stories::{self, Payments},
};
use crate::{
    client::{Client, PayError, PayOutcome, PayRequest, PaymentView, Sent},
    queue::{Intent, OrderRecord, WITHDRAWN},
};

/// How often orders whose time to be tried again has come are looked for.
const QUEUE: Duration = Duration::from_secs(5);
/// How often orders that ran out are looked for while nothing can be sent.
const RUN_OUT: Duration = Duration::from_secs(30);

impl Actor {
    /// Signs an order if the PIN is the one that opened the account. One order at a time.
    pub(super) fn pay(&mut self, request: PayRequest, intent: Intent, pin: Pin) {
        if self.account.is_none() || self.shown.paying == Paying::Signing {
            return;
        }
        self.shown.paying = Paying::Signing;
        self.check_pin(pin, move |actor, outcome| match outcome {
            Ok(()) => actor.sign(request, intent),
            Err(problem) => actor.shown.paying = Paying::Failed(problem),
        });
    }

    fn sign(&mut self, request: PayRequest, intent: Intent) {
        let Some(account) = &self.account else { return };
        let client = account.client.clone();
        self.work.spawn(async move {
            let outcome = client.pay(request, intent).await;
            then(move |actor| actor.paid(outcome))
        });
    }

    fn paid(&mut self, outcome: Result<PayOutcome, PayError>) {
        let news_of = match &outcome {
            Ok(PayOutcome::Submitted(view) | PayOutcome::Existing(view) | PayOutcome::Queued(view)) => {
                self.take_view(view);
                Some(view.payment)
            }
            Err(
                PayError::OutcomeUnknown(payment)
                | PayError::Refused { payment, .. }
                | PayError::GivenUp { payment, .. },
            ) => Some(*payment),
            Err(_) => None,
        };
        match outcome {
            Ok(outcome) => self.shown.paying = Paying::Ended(outcome),
            Err(error) => {
                tracing::info!(%error, "the order did not come about");
                let problem = Problem::from(&error);
                if self.mind_key(&problem) {
                    return;
                }
                self.shown.paying = Paying::Failed(problem);
            }
        }
        if let Some(payment) = news_of {
            self.want(Topic::Payment(payment));
            self.reload_concerned(PushKind::Payment, Some(payment));
        }
        self.look_at_queue();
    }

    pub(super) fn forget_paying(&mut self) {
        if self.shown.paying != Paying::Signing {
            self.shown.paying = Paying::Idle;
        }
    }

    /// Withdraws a payment, here or at the server.
    pub(super) fn cancel(&mut self, payment: PaymentId) {
        let Some(account) = &mut self.account else { return };
        account.withdrawing += 1;
        let client = account.client.clone();
        self.work.spawn(async move {
            let outcome = client.cancel(payment).await;
            then(move |actor| {
                if let Some(account) = &mut actor.account {
                    account.withdrawing = account.withdrawing.saturating_sub(1);
                }
                match outcome {
                    // What the server knew comes back as its message to all of the customer's machines, this one too.
                    Ok(view) if view.reason.as_deref() != Some(WITHDRAWN) => {}
                    Ok(_) => actor.tell(AppEvent::Done("cancelled")),
                    Err(error) => actor.fail(Problem::from(&error)),
                }
                actor.look_at_queue();
                actor.reload_concerned(PushKind::Payment, Some(payment));
            })
        });
    }

    /// Sends everything that waits, whatever its back-off.
    pub(super) fn send_queue_by_hand(&mut self) {
        if self.account.as_ref().is_some_and(|account| !account.sending) {
            self.shown.sending = Doing::Busy;
            self.send_queue(true);
        }
    }

    /// Sends what is due, every few seconds while something waits; without a connection it only sees what ran out.
    pub(super) fn send_queue_in_time(&mut self) {
        if self.shown.queue.orders.is_empty() {
            return;
        }
        let now = Instant::now();
        let Some(account) = self.account.as_mut().filter(|account| !account.sending && now >= account.queue_at) else {
            return;
        };
        if self.shown.connection.is_online() {
            self.send_queue(false);
        } else {
            account.queue_at = now + RUN_OUT;
            self.look_at_queue();
        }
    }

    fn send_queue(&mut self, by_hand: bool) {
        let Some(account) = &mut self.account else { return };
        account.sending = true;
        let client = account.client.clone();
        self.work.spawn(async move {
            let outcome = client.send_queue(by_hand).await;
            then(move |actor| actor.queue_sent(outcome, by_hand))
        });
    }

    fn queue_sent(&mut self, outcome: Result<Vec<Sent>, PayError>, by_hand: bool) {
        if let Some(account) = &mut self.account {
            account.sending = false;
            account.queue_at = Instant::now() + QUEUE;
        }
        let sent = match outcome {
            Ok(sent) => {
                if by_hand {
                    self.shown.sending = Doing::Idle;
                    self.tell(AppEvent::Done("queue-sent"));
                }
                sent
            }
            Err(error) => {
                tracing::info!(%error, "the queue was not sent");
                let problem = Problem::from(&error);
                if self.mind_key(&problem) {
                    return;
                }
                if by_hand {
                    self.shown.sending = Doing::Failed(problem);
                }
                return;
            }
        };
        let something = !sent.is_empty();
        for one in sent {
            match one {
                Sent::Taken(view) | Sent::Refused(view, _) => {
                    self.take_view(&view);
                    self.tell_of_queued(view);
                }
                // The look at the queue tells of what ended here.
                Sent::Waiting(..) | Sent::Ended(_) => {}
            }
        }
        if something {
            self.look_at_queue();
            self.reload_concerned(PushKind::Payment, None);
        }
    }

    /// A result of an order that waited here.
    fn tell_of_queued(&mut self, view: PaymentView) {
        let PaymentView { payment, amount, state, reason, .. } = view;
        let kind = NoticeKind::Payment { payment, amount, state, reason, queued: true };
        let notify = wants_notice(&self.shown, &kind);
        self.notice(self.now(), kind, notify);
    }

    /// Takes the orders that wait here into the snapshot.
    pub(super) fn look_at_queue(&mut self) {
        let Some(account) = &self.account else { return };
        let client = account.client.clone();
        self.work.spawn(async move {
            let orders = client.orders().await;
            then(move |actor| match orders {
                Ok(orders) if actor.goes_on_with(&client) => actor.take_orders(&orders),
                // A renewal moved the orders to another store meanwhile.
                Ok(_) => actor.look_at_queue(),
                Err(error) => tracing::error!(%error, "the orders that wait here cannot be read"),
            })
        });
    }

    pub(super) fn payments_loaded(&mut self, client: &Client, outcome: Payments) {
        if !self.goes_on_with(client) {
            self.look_at_queue();
        } else if outcome.list.is_ok() {
            self.take_orders(&outcome.orders);
        }
        self.loaded(Topic::Payments, outcome.list, |shown| &mut shown.payments);
    }

    fn take_orders(&mut self, orders: &[OrderRecord]) {
        let queue = stories::queue(orders, &self.shown.queue);
        let before = std::mem::replace(&mut self.shown.queue, queue);
        let ran_out = |own: &&OrderRecord| {
            own.state == PaymentState::Expired && before.orders.iter().any(|waiting| waiting.view.payment == own.id)
        };
        let expired: Vec<PaymentView> = orders.iter().filter(ran_out).map(PaymentView::from).collect();
        if !expired.is_empty() {
            self.load(Topic::Payments);
        }
        expired.into_iter().for_each(|view| self.tell_of_queued(view));
    }
}
