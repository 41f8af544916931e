//! The gate as functions: what it becomes when keys come and go, and how a person moves along it.

use gridkey_client::app::Problem as Common;

use super::{AdminCard, Gate, KeyId, Problem, actor::Actor};

/// The key that the gate is about.
pub(super) const fn key_of(gate: &Gate) -> Option<&KeyId> {
    match gate {
        Gate::Starting | Gate::Broken(_) | Gate::Keys { .. } => None,
        Gate::Pin { key, .. }
        | Gate::Unlocking { key, .. }
        | Gate::FirstPin { key, .. }
        | Gate::Open { key }
        | Gate::Locked { key, .. } => Some(key),
    }
}

/// What the gate becomes now that `cards` are there and `before` were; `None` if it stays.
pub(super) fn after_keys(gate: &Gate, before: &[AdminCard], cards: &[AdminCard]) -> Option<Gate> {
    match gate {
        Gate::Pin { key, .. } if !is_there(key, cards) => Some(choose_by_itself(cards)),
        Gate::Unlocking { key, .. } | Gate::FirstPin { key, .. } | Gate::Open { key } | Gate::Locked { key, .. }
            if !is_there(key, cards) =>
        {
            Some(Gate::Keys { problem: Some(Common::KeyRemoved.into()) })
        }
        Gate::Starting | Gate::Broken(_) => Some(choose_by_itself(cards)),
        // A key that came, or whose trouble passed; one that the person turned away from is not chosen again.
        Gate::Keys { problem } => {
            let usable =
                |cards: &[AdminCard]| cards.iter().filter(|c| c.problem.is_none()).map(|c| c.id.clone()).collect();
            let (was, is): (Vec<KeyId>, Vec<KeyId>) = (usable(before), usable(cards));
            let came = is.iter().any(|key| !was.contains(key));
            match choose_by_itself(cards) {
                pin @ Gate::Pin { .. } if came => Some(pin),
                _ if matches!(problem, Some(Problem::Common(Common::Driver(_) | Common::KeyFailed(_)))) => {
                    Some(Gate::Keys { problem: None })
                }
                _ => None,
            }
        }
        Gate::Pin { .. } | Gate::Unlocking { .. } | Gate::FirstPin { .. } | Gate::Open { .. } | Gate::Locked { .. } => {
            None
        }
    }
}

/// What the gate becomes when the keys could not be looked at. An open desk stays: its own use of the key tells.
pub(super) fn after_failed_look(gate: &Gate, problem: Problem) -> Option<Gate> {
    match gate {
        Gate::Starting | Gate::Broken(_) | Gate::Keys { .. } | Gate::Pin { .. } => match problem {
            Problem::Common(Common::Driver(_)) => Some(Gate::Broken(problem)),
            problem => Some(Gate::Keys { problem: Some(problem) }),
        },
        Gate::Unlocking { .. } | Gate::FirstPin { .. } | Gate::Open { .. } | Gate::Locked { .. } => None,
    }
}

/// One key that can be used is chosen by itself, whatever blank or customers' tokens lie in the other readers.
pub(super) fn choose_by_itself(cards: &[AdminCard]) -> Gate {
    let mut usable = cards.iter().filter(|card| card.problem.is_none());
    match (usable.next(), usable.next()) {
        (Some(only), None) => Gate::Pin { key: only.id.clone(), problem: None },
        _ => Gate::Keys { problem: None },
    }
}

fn is_there(key: &KeyId, cards: &[AdminCard]) -> bool {
    cards.iter().any(|card| card.id == *key)
}

impl Actor {
    pub(super) fn choose(&mut self, key: &KeyId) {
        if !matches!(self.shown.gate, Gate::Keys { .. } | Gate::Pin { .. }) {
            return;
        }
        let Some(card) = self.shown.cards.iter().find(|card| card.id == *key) else { return };
        self.shown.gate = match &card.problem {
            Some(problem) => Gate::Keys { problem: Some(problem.clone()) },
            None => Gate::Pin { key: key.clone(), problem: None },
        };
    }

    /// Not while the key takes a new PIN: the person must hear which of the two holds.
    pub(super) fn back_to_keys(&mut self) {
        if matches!(self.shown.gate, Gate::Pin { .. } | Gate::FirstPin { busy: false, .. }) {
            self.drop_unlocking();
            self.shown.gate = Gate::Keys { problem: None };
        }
    }
}

#[cfg(test)]
mod tests {
    use gridkey_token::Tries;

    use super::*;

    fn id(name: &str) -> KeyId {
        KeyId(name.into())
    }

    fn card(name: &str, problem: Option<Problem>) -> AdminCard {
        AdminCard {
            id: id(name),
            label: String::new(),
            serial: String::new(),
            holder: None,
            tries: Tries::NotTold,
            must_change_pin: false,
            pin_length: (4, 8),
            problem,
        }
    }

    const NONE: Gate = Gate::Keys { problem: None };

    #[test]
    fn the_administrators_key_is_chosen_among_customers_and_two_administrators_are_asked() {
        let pin = Gate::Pin { key: id("a"), problem: None };
        let customers = || card("b", Some(Problem::CustomersKey("1100000001".into())));
        assert_eq!(after_keys(&Gate::Starting, &[], &[card("a", None), customers()]), Some(pin.clone()));
        assert_eq!(after_keys(&NONE, &[customers()], &[card("a", None), customers()]), Some(pin));
        assert_eq!(after_keys(&Gate::Starting, &[], &[card("a", None), card("b", None)]), Some(NONE));
    }

    #[test]
    fn a_key_that_the_person_turned_away_from_is_not_chosen_again_until_it_comes_again() {
        let key = card("a", None);
        assert_eq!(after_keys(&NONE, std::slice::from_ref(&key), std::slice::from_ref(&key)), None);
        assert!(matches!(after_keys(&NONE, &[], &[key]), Some(Gate::Pin { .. })));
    }

    #[test]
    fn a_pulled_key_ends_whatever_it_was_used_for_and_another_one_changes_nothing() {
        let removed = Some(Gate::Keys { problem: Some(Common::KeyRemoved.into()) });
        for gate in [
            Gate::FirstPin { key: id("a"), problem: None, busy: false },
            Gate::Open { key: id("a") },
            Gate::Locked { key: id("a"), problem: None },
        ] {
            assert_eq!(after_keys(&gate, &[card("a", None)], &[card("b", None)]), removed);
            assert_eq!(after_keys(&gate, &[card("a", None)], &[card("a", None), card("b", None)]), None);
        }
    }
}
