//! The gate as functions: what it becomes when keys come and go, and how a person moves along it.

use tokio::task::JoinSet;

use super::{Gate, KeyCard, KeyId, Problem, actor::Actor};

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
pub(super) fn after_keys(gate: &Gate, before: &[KeyCard], cards: &[KeyCard]) -> Option<Gate> {
    match gate {
        Gate::Pin { key, .. } if !is_there(key, cards) => Some(choose_by_itself(cards)),
        Gate::Unlocking { key, .. } | Gate::FirstPin { key, .. } | Gate::Open { key } | Gate::Locked { key, .. }
            if !is_there(key, cards) =>
        {
            Some(Gate::Keys { problem: Some(Problem::KeyRemoved) })
        }
        Gate::Starting | Gate::Broken(_) => Some(choose_by_itself(cards)),
        // A key that came, or whose trouble passed; one that the person turned away from is not chosen again.
        Gate::Keys { problem } => {
            let usable =
                |cards: &[KeyCard]| cards.iter().filter(|c| c.problem.is_none()).map(|c| c.id.clone()).collect();
            let (was, is): (Vec<KeyId>, Vec<KeyId>) = (usable(before), usable(cards));
            let came = is.iter().any(|key| !was.contains(key));
            match choose_by_itself(cards) {
                pin @ Gate::Pin { .. } if came => Some(pin),
                _ if matches!(problem, Some(Problem::Driver(_) | Problem::KeyFailed(_))) => {
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

/// What the gate becomes when the keys could not be looked at. An open account stays: its own use of the key tells.
pub(super) fn after_failed_look(gate: &Gate, problem: Problem) -> Option<Gate> {
    match gate {
        Gate::Starting | Gate::Broken(_) | Gate::Keys { .. } | Gate::Pin { .. } => match problem {
            Problem::Driver(_) => Some(Gate::Broken(problem)),
            problem => Some(Gate::Keys { problem: Some(problem) }),
        },
        Gate::Unlocking { .. } | Gate::FirstPin { .. } | Gate::Open { .. } | Gate::Locked { .. } => None,
    }
}

/// One key that can be used, and no other, is chosen by itself.
pub(super) fn choose_by_itself(cards: &[KeyCard]) -> Gate {
    match cards {
        [only] if only.problem.is_none() => Gate::Pin { key: only.id.clone(), problem: None },
        _ => Gate::Keys { problem: None },
    }
}

fn is_there(key: &KeyId, cards: &[KeyCard]) -> bool {
    cards.iter().any(|card| card.id == *key)
}

impl Actor {
    pub(super) fn choose(&mut self, key: &KeyId) {
        if !matches!(self.shown.gate, Gate::Keys { .. } | Gate::Pin { .. }) {
            return;
        }
        let Some(card) = self.shown.keys.iter().find(|card| card.id == *key) else { return };
        self.shown.gate = match &card.problem {
            Some(problem) => Gate::Keys { problem: Some(problem.clone()) },
            None => Gate::Pin { key: key.clone(), problem: None },
        };
    }

    /// Not while the key takes a new PIN: the person must hear which of the two holds.
    pub(super) fn back_to_keys(&mut self) {
        if matches!(self.shown.gate, Gate::Pin { .. } | Gate::FirstPin { busy: false, .. }) {
            self.work = JoinSet::new();
            self.first_pin = None;
            self.shown.gate = Gate::Keys { problem: None };
        }
    }
}

#[cfg(test)]
mod tests {
    use gridkey_token::Tries;

    use super::*;
    use crate::app::UnlockStep;

    fn id(name: &str) -> KeyId {
        KeyId(name.into())
    }

    fn card(name: &str, problem: Option<Problem>) -> KeyCard {
        KeyCard {
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
    fn one_usable_key_is_chosen_by_itself_and_several_are_not() {
        let pin = Gate::Pin { key: id("a"), problem: None };
        assert_eq!(after_keys(&Gate::Starting, &[], &[card("a", None)]), Some(pin.clone()));
        assert_eq!(after_keys(&NONE, &[], &[card("a", None)]), Some(pin.clone()));
        assert_eq!(after_keys(&Gate::Starting, &[], &[card("a", None), card("b", None)]), Some(NONE));
        let expired = card("a", Some(Problem::PinLocked));
        assert_eq!(after_keys(&Gate::Starting, &[], std::slice::from_ref(&expired)), Some(NONE));
        // Its trouble passed.
        assert_eq!(after_keys(&NONE, &[expired], &[card("a", None)]), Some(pin));
    }

    #[test]
    fn a_key_that_the_person_turned_away_from_is_not_chosen_again_until_it_comes_again() {
        let key = card("a", None);
        assert_eq!(after_keys(&NONE, std::slice::from_ref(&key), std::slice::from_ref(&key)), None);
        assert!(matches!(after_keys(&NONE, &[], &[key]), Some(Gate::Pin { .. })));
    }

    #[test]
    fn a_pulled_key_ends_whatever_it_was_used_for() {
        let key = id("a");
        let removed = Some(Gate::Keys { problem: Some(Problem::KeyRemoved) });
        for gate in [
            Gate::Unlocking { key: key.clone(), step: UnlockStep::Store },
            Gate::FirstPin { key: key.clone(), problem: None, busy: false },
            Gate::Open { key: key.clone() },
            Gate::Locked { key: key.clone(), problem: None },
        ] {
            assert_eq!(after_keys(&gate, &[card("a", None)], &[card("b", None)]), removed);
            assert_eq!(after_keys(&gate, &[card("a", None)], &[card("a", None), card("b", None)]), None);
        }
        let waiting = Gate::Pin { key, problem: None };
        assert_eq!(after_keys(&waiting, &[card("a", None)], &[]), Some(NONE));
    }

    #[test]
    fn a_driver_that_fails_does_not_end_an_open_account() {
        let driver = || Problem::Driver("gone".into());
        assert_eq!(after_failed_look(&Gate::Open { key: id("a") }, driver()), None);
        assert_eq!(after_failed_look(&NONE, driver()), Some(Gate::Broken(driver())));
        assert_eq!(after_keys(&Gate::Broken(driver()), &[], &[]), Some(NONE));
    }
}
