//! Payments on their way: looked at closely while somebody watches them, now and then otherwise.

use std::{collections::BTreeMap, time::Duration};

use gridkey_domain::{PaymentId, PaymentState};
use gridkey_protocol::frame::PushKind;
use tokio::time::Instant;

use super::{
    Problem, Topic,
    actor::{Actor, then},
    stories::Story,
};
use crate::client::PaymentView;

/// While a payment's screen was opened lately.
const CLOSE: Duration = Duration::from_secs(3);
/// While its outcome is not known the gateway is asked, which answers no sooner for being asked more often.
const UNKNOWN: Duration = Duration::from_secs(10);
/// Otherwise.
const FAR: Duration = Duration::from_secs(30);
/// A screen counts as opened lately for so long.
const LATELY: Duration = Duration::from_secs(15 * 60);
/// A bank page of this age may not be valid any more.
const PAGE_LIFE: Duration = Duration::from_secs(4 * 60);

/// When payments are looked at.
#[derive(Debug, Default)]
pub(super) struct Follow {
    /// Since when somebody watches.
    watched: BTreeMap<PaymentId, Instant>,
    /// When a payment was asked for last.
    asked: BTreeMap<PaymentId, Instant>,
    list_at: Option<Instant>,
}

/// How to look at a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Read its state. Leaves a bank page that the payer may be opening valid.
    Read,
    /// Have the server ask, and make a bank page.
    Confirm,
}

impl Follow {
    /// Somebody watches this payment from now on.
    pub(super) fn look_closely(&mut self, payment: PaymentId) {
        self.watched.insert(payment, Instant::now());
    }

    /// Nobody wants this payment any more.
    pub(super) fn forget(&mut self, payment: PaymentId) {
        self.watched.remove(&payment);
        self.asked.remove(&payment);
    }

    /// How to look at an open payment now, if its time has come. `page_since` is the age of the bank page that is known.
    fn look(
        &mut self,
        payment: PaymentId,
        state: PaymentState,
        page_since: Option<Instant>,
        now: Instant,
    ) -> Option<Look> {
        let is_watched = self.watched.get(&payment).is_some_and(|since| now.duration_since(*since) < LATELY);
        let pause = match state {
            _ if !is_watched => FAR,
            PaymentState::Unknown => UNKNOWN,
            _ => CLOSE,
        };
        if self.asked.get(&payment).is_some_and(|asked| now.duration_since(*asked) < pause) {
            return None;
        }
        self.asked.insert(payment, now);
        let page_is_good = page_since.is_some_and(|since| now.duration_since(since) < PAGE_LIFE);
        Some(match state {
            // A fresh page makes the one before void, so a good one is left alone.
            PaymentState::Pending if page_is_good || !is_watched => Look::Read,
            _ => Look::Confirm,
        })
    }
}

impl Actor {
    /// Looks at what is on its way, each in its time.
    pub(super) fn follow_payments(&mut self) {
        let Some(account) = self.account.as_mut().filter(|_| self.shown.connection.is_online()) else { return };
        let now = Instant::now();
        let watched: Vec<PaymentId> = account.topics.payments().collect();
        let mut looks = Vec::new();
        for payment in &watched {
            let state = self.shown.payment.get(payment).and_then(|section| section.get()).map(|story| story.view.state);
            let Some(state) = state.filter(|state| state.is_open()) else { continue };
            let page_since = account.pages.get(payment).map(|(_, since)| *since);
            looks.extend(account.follow.look(*payment, state, page_since, now).map(|look| (*payment, look)));
        }
        let others = self.shown.payments.get().into_iter().flatten();
        let others_open =
            others.filter(|item| item.view.state.is_open() && !watched.contains(&item.view.payment)).count() > 0;
        let list_is_due = account.follow.list_at.is_none_or(|at| now.duration_since(at) >= FAR);
        if others_open && list_is_due {
            account.follow.list_at = Some(now);
            self.load(Topic::Payments);
        }
        for (payment, look) in looks {
            match look {
                Look::Read => self.load(Topic::Payment(payment)),
                Look::Confirm => self.confirm(payment, false),
            }
        }
    }

    /// Has the server ask the gateway, and make a bank page while pending. `by_hand`: the person waits for it and hears of a
    /// failure.
    pub(super) fn confirm(&mut self, payment: PaymentId, by_hand: bool) {
        let Some(account) = &self.account else { return };
        let client = account.client.clone();
        self.work.spawn(async move {
            let outcome = client.confirm(payment).await;
            then(move |actor| {
                match outcome {
                    Ok(view) => actor.take_view(&view),
                    Err(error) => {
                        tracing::debug!(%payment, %error, "not confirmed");
                        if by_hand {
                            actor.fail(Problem::from(&error));
                        }
                    }
                }
                actor.load(Topic::Payment(payment));
                if by_hand {
                    actor.look_at_queue();
                }
            })
        });
    }

    /// Keeps the bank page of a view, and follows its payment.
    pub(super) fn take_view(&mut self, view: &PaymentView) {
        let Some(account) = &mut self.account else { return };
        match &view.page {
            Some(page) => drop(account.pages.insert(view.payment, (page.clone(), Instant::now()))),
            None if view.state != PaymentState::Pending => drop(account.pages.remove(&view.payment)),
            None => {}
        }
    }

    /// Takes a payment's story; an end that came about is news for the rest.
    pub(super) fn story_loaded(&mut self, payment: PaymentId, mut outcome: Story) {
        let before = self.shown.payment.get(&payment).and_then(|section| section.get()).map(|story| story.view.state);
        let Some(account) = &mut self.account else { return };
        let mut ended = false;
        if let Ok(fetched) = &mut outcome {
            let view = &mut fetched.value.view;
            if view.state == PaymentState::Pending {
                view.page = account.pages.get(&payment).map(|(page, _)| page.clone());
            } else {
                account.pages.remove(&payment);
            }
            let was_open = before.is_some_and(|state| state.is_open() || state == PaymentState::Queued);
            ended = was_open && !view.state.is_open() && view.state != PaymentState::Queued;
        }
        self.loaded(Topic::Payment(payment), outcome, |shown| shown.payment.entry(payment).or_default());
        if ended {
            // The story itself has just come.
            self.reload_concerned(PushKind::Payment, Some(PaymentId::from_parts(0, [0; 10])));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment() -> PaymentId {
        PaymentId::from_parts(1, [1; 10])
    }

    #[tokio::test(start_paused = true)]
    async fn a_bank_page_that_the_payer_may_be_opening_is_left_alone() {
        let mut follow = Follow::default();
        follow.look_closely(payment());
        let start = Instant::now();
        let page = Some(start);
        let mut look = |seconds: u64, page| {
            follow.look(payment(), PaymentState::Pending, page, start + Duration::from_secs(seconds))
        };
        assert_eq!(look(0, None), Some(Look::Confirm), "there is no page yet");
        assert_eq!(look(2, page), None);
        assert_eq!(look(3, page), Some(Look::Read));
        assert_eq!(look(239, page), Some(Look::Read));
        assert_eq!(look(242, page), Some(Look::Confirm), "it is too old to be opened");
        assert_eq!(look(16 * 60, None), Some(Look::Read), "nobody watches any more");
        assert_eq!(look(16 * 60 + 29, None), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_no_outcome_is_asked_for() {
        let mut follow = Follow::default();
        follow.look_closely(payment());
        let start = Instant::now();
        for state in [PaymentState::Submitted, PaymentState::Accepted, PaymentState::Unknown] {
            follow.asked.clear();
            assert_eq!(follow.look(payment(), state, None, start), Some(Look::Confirm));
        }
        assert_eq!(follow.look(payment(), PaymentState::Unknown, None, start + CLOSE), None);
        assert_eq!(follow.look(payment(), PaymentState::Unknown, None, start + UNKNOWN), Some(Look::Confirm));
    }
}
