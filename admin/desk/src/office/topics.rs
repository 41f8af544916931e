//! What is wanted and what is being asked for, and what an act changes.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};

use tokio::time::Instant;

use super::{Act, Topic};

/// Of what screens wanted so many of the latest are remembered.
const MOST: usize = 60;

/// The topics of an open desk.
#[derive(Debug, Default)]
pub(super) struct Topics {
    /// What screens wanted, the latest last.
    wanted: VecDeque<Topic>,
    /// What screens show now, and how many of them.
    shown: HashMap<Topic, u32>,
    asking: HashSet<Topic>,
    /// To be asked for again once the answer under way is there: it may be older than the news.
    again: HashSet<Topic>,
    /// What an act may have changed since it was asked for.
    stale: HashSet<Topic>,
    asked_at: HashMap<Topic, Instant>,
}

impl Topics {
    /// A screen shows this from now on; what nobody shows and nobody has wanted for longest falls out.
    pub(super) fn want(&mut self, topic: &Topic) -> Option<Topic> {
        *self.shown.entry(topic.clone()).or_default() += 1;
        self.note(topic)
    }

    /// As [`Self::want`], of a screen that shows it already.
    pub(super) fn note(&mut self, topic: &Topic) -> Option<Topic> {
        self.wanted.retain(|known| known != topic);
        self.wanted.push_back(topic.clone());
        if self.wanted.len() <= MOST {
            return None;
        }
        let idle = self.wanted.iter().position(|topic| !self.shown.contains_key(topic))?;
        let fallen = self.wanted.remove(idle)?;
        self.stale.remove(&fallen);
        self.asked_at.remove(&fallen);
        Some(fallen)
    }

    /// A screen shows it no more.
    pub(super) fn leave(&mut self, topic: &Topic) {
        if let Some(screens) = self.shown.get_mut(topic) {
            *screens = screens.saturating_sub(1);
            if *screens == 0 {
                self.shown.remove(topic);
            }
        }
    }

    /// Everything that screens show.
    pub(super) fn shown(&self) -> Vec<Topic> {
        self.wanted.iter().filter(|topic| self.shown.contains_key(topic)).cloned().collect()
    }

    pub(super) fn is_shown(&self, topic: &Topic) -> bool {
        self.shown.contains_key(topic)
    }

    pub(super) fn is_wanted(&self, topic: &Topic) -> bool {
        self.wanted.contains(topic)
    }

    /// Whether to ask now; if an answer is under way, it is asked for again after it.
    pub(super) fn begin(&mut self, topic: &Topic) -> bool {
        self.stale.remove(topic);
        self.asked_at.insert(topic.clone(), Instant::now());
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

    pub(super) fn is_asking(&self, topic: &Topic) -> bool {
        self.asking.contains(topic)
    }

    pub(super) fn is_stale(&self, topic: &Topic) -> bool {
        self.stale.contains(topic)
    }

    /// An act changed what these topics show; gives those that screens show now.
    pub(super) fn changed(&mut self, concerns: impl Fn(&Topic) -> bool) -> Vec<Topic> {
        let concerned: Vec<Topic> = self.wanted.iter().filter(|topic| concerns(topic)).cloned().collect();
        self.stale.extend(concerned.iter().cloned());
        concerned.into_iter().filter(|topic| self.shown.contains_key(topic)).collect()
    }

    /// What is shown and old enough to be asked for again.
    pub(super) fn due(&self) -> Vec<Topic> {
        let due = |topic: &&Topic| {
            let Some(period) = period(topic) else { return false };
            self.asked_at.get(topic).is_none_or(|asked| asked.elapsed() >= period)
        };
        self.shown.keys().filter(due).cloned().collect()
    }
}

/// How often a topic is asked for while a screen shows it.
const fn period(topic: &Topic) -> Option<Duration> {
    match topic {
        Topic::Status => Some(Duration::from_secs(10)),
        Topic::Sessions => Some(Duration::from_secs(5)),
        Topic::Arrears | Topic::Payments(_) | Topic::Payment(..) => Some(Duration::from_secs(60)),
        _ => None,
    }
}

/// Whether `act` changes what `topic` shows.
pub(super) fn concerns(act: &Act, topic: &Topic) -> bool {
    let audit = matches!(topic, Topic::Audit(_) | Topic::Status);
    audit
        || match act {
            Act::CreateCustomer(_) => matches!(topic, Topic::Customers(_) | Topic::Customer(_)),
            Act::UpdateCustomer(body) => {
                matches!(topic, Topic::Customer(customer) if *customer == body.customer)
                    || matches!(topic, Topic::Customers(_))
            }
            Act::BindKey(_) | Act::UnbindKey(_) | Act::LoseKey(_) | Act::RevokeKey(_) | Act::ReplaceKey(_) => {
                matches!(topic, Topic::Keys(_) | Topic::Key(_) | Topic::Customer(_) | Topic::Sessions)
            }
            Act::CutSession(_) => matches!(topic, Topic::Sessions),
            Act::Refund(_) => {
                matches!(topic, Topic::Payments(_) | Topic::Payment(..) | Topic::Arrears | Topic::Bills(_))
            }
            Act::PushBill(_) | Act::Export(_) | Act::SaveCrl => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_during_an_answer_ask_again() {
        let mut topics = Topics::default();
        assert!(topics.begin(&Topic::Arrears));
        assert!(!topics.begin(&Topic::Arrears));
        assert!(topics.end(&Topic::Arrears), "the answer may be older than the news");
        assert!(topics.begin(&Topic::Arrears) && !topics.end(&Topic::Arrears));
    }

    #[test]
    fn what_two_screens_show_is_fresh_until_both_are_left() {
        let mut topics = Topics::default();
        topics.want(&Topic::Sessions);
        topics.want(&Topic::Sessions);
        topics.leave(&Topic::Sessions);
        assert!(topics.is_shown(&Topic::Sessions));
        topics.leave(&Topic::Sessions);
        assert!(!topics.is_shown(&Topic::Sessions) && topics.is_wanted(&Topic::Sessions));
    }

    #[test]
    fn what_is_shown_never_falls_out() {
        let mut topics = Topics::default();
        topics.want(&Topic::Status);
        for number in 0..200 {
            let search = Topic::Customers(number.to_string());
            topics.want(&search);
            topics.leave(&search);
        }
        assert!(topics.is_wanted(&Topic::Status) && !topics.is_wanted(&Topic::Customers("0".into())));
        assert!(topics.wanted.len() <= MOST);
    }
}
