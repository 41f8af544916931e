//! What is wanted and what is being asked for, and which news concerns what.

use std::collections::{BTreeSet, VecDeque};

use gridkey_domain::PaymentId;
use gridkey_protocol::frame::PushKind;

use super::Topic;

/// Wanted from the start: what the overview shows, and what notices and orders need.
pub(super) const BASE: [Topic; 7] =
    [Topic::Account, Topic::Settings, Topic::Usage, Topic::Bills, Topic::Arrears, Topic::Alarms, Topic::Payments];
/// Screens want single bills, payments and stretches of history; so many of the latest are kept fresh.
const MOST: usize = 40;

/// The topics of an open account.
#[derive(Debug, Default)]
pub(super) struct Topics {
    /// What screens wanted beyond [`BASE`], the latest last.
    wanted: VecDeque<Topic>,
    asking: BTreeSet<Topic>,
    /// To be asked for again once the answer under way is there: it may be older than the news.
    again: BTreeSet<Topic>,
}

impl Topics {
    /// A screen wants this; what nobody has wanted for longest falls out.
    pub(super) fn want(&mut self, topic: &Topic) -> Option<Topic> {
        if BASE.contains(topic) {
            return None;
        }
        self.wanted.retain(|known| known != topic);
        self.wanted.push_back(topic.clone());
        if self.wanted.len() > MOST { self.wanted.pop_front() } else { None }
    }

    /// Everything to be kept fresh.
    pub(super) fn all(&self) -> Vec<Topic> {
        BASE.iter().chain(&self.wanted).cloned().collect()
    }

    /// Payments whose screen was opened.
    pub(super) fn payments(&self) -> impl Iterator<Item = PaymentId> {
        self.wanted.iter().filter_map(|topic| match topic {
            Topic::Payment(payment) => Some(*payment),
            _ => None,
        })
    }

    /// Whether to ask now; if an answer is under way, it is asked for again after it.
    pub(super) fn begin(&mut self, topic: &Topic) -> bool {
        if self.asking.insert(topic.clone()) {
            true
        } else {
            self.again.insert(topic.clone());
            false
        }
    }

    /// An answer is there; whether to ask again.
    pub(super) fn end(&mut self, topic: &Topic) -> bool {
        self.asking.remove(topic);
        self.again.remove(topic)
    }

    /// Whether it is kept fresh.
    pub(super) fn is_wanted(&self, topic: &Topic) -> bool {
        BASE.contains(topic) || self.wanted.contains(topic)
    }

    pub(super) fn is_asking(&self, topic: &Topic) -> bool {
        self.asking.contains(topic)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.asking.is_empty()
    }
}

/// Whether news of `kind` changes what `topic` shows; `payment` is the payment that the news is of.
pub(super) fn concerns(kind: PushKind, payment: Option<PaymentId>, topic: &Topic) -> bool {
    match kind {
        PushKind::Arrears => matches!(topic, Topic::Arrears | Topic::Alarms),
        PushKind::Bill => matches!(topic, Topic::Bills | Topic::Usage | Topic::Arrears),
        PushKind::Payment => match topic {
            Topic::Payment(wanted) => payment.is_none_or(|payment| payment == *wanted),
            // What the account holds, what a bill has open, what is overdue: all of it moves with money.
            topic => matches!(topic, Topic::Payments | Topic::Bills | Topic::Bill(_) | Topic::Arrears | Topic::Account),
        },
        PushKind::Account => matches!(topic, Topic::Account | Topic::Settings),
        PushKind::Notice | PushKind::Key => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(number: u8) -> PaymentId {
        PaymentId::from_parts(1, [number; 10])
    }

    #[test]
    fn news_during_an_answer_ask_again() {
        let mut topics = Topics::default();
        assert!(topics.begin(&Topic::Bills));
        assert!(!topics.begin(&Topic::Bills));
        assert!(topics.end(&Topic::Bills), "the answer may be older than the news");
        assert!(topics.begin(&Topic::Bills) && !topics.end(&Topic::Bills) && topics.is_idle());
    }

    #[test]
    fn only_what_was_wanted_last_is_kept_fresh() {
        let mut topics = Topics::default();
        for number in 0..u8::try_from(MOST).unwrap() {
            assert_eq!(topics.want(&Topic::Payment(payment(number))), None);
        }
        assert_eq!(topics.want(&Topic::Payment(payment(0))), None, "wanted again");
        assert_eq!(topics.want(&Topic::Payment(payment(99))), Some(Topic::Payment(payment(1))));
        assert_eq!(topics.all().len(), BASE.len() + MOST);
    }

    #[test]
    fn a_payment_s_news_reload_what_money_moves() {
        let of = |topic| concerns(PushKind::Payment, Some(payment(1)), &topic);
        assert!(of(Topic::Payment(payment(1))) && !of(Topic::Payment(payment(2))));
        assert!(of(Topic::Bills) && of(Topic::Arrears) && of(Topic::Payments));
        assert!(!of(Topic::Settings));
    }
}
