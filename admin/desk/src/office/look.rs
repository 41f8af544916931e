//! Looking at the tokens in the readers, once a second while somebody needs to know.

use std::sync::Arc;

use gridkey_token::Pin;
use zeroize::Zeroizing;

use super::{
    Deed, Doing, IssuedPin, OfficeEvent, Outcome, PinLetter, Problem, ReaderToken, TokenId, Topic,
    actor::{Actor, Then, then},
};

/// How it is looked.
#[derive(Debug, Default)]
pub(super) struct Looking {
    busy: bool,
    /// What was read before may have changed.
    anew: bool,
}

impl Looking {
    /// Nobody is inside any more.
    pub(super) const fn forget(&mut self) {
        // A look under way is dropped with the other tasks.
        (self.busy, self.anew) = (false, true);
    }

    /// A token was written to.
    pub(super) const fn read_anew(&mut self) {
        self.anew = true;
    }
}

impl Actor {
    /// Looks, if somebody needs to know and nobody works on a token.
    pub(super) fn look_in_time(&mut self) {
        let Some(inside) = self.inside.as_ref().filter(|inside| inside.is_open()) else { return };
        let making = self.shown.making.as_ref();
        let wanted = inside.topics.is_shown(&Topic::Readers) || making.is_some_and(|making| making.phase.looks());
        let at_work = making.is_some_and(|making| making.phase.works()) || self.is_unblocking();
        if !wanted || at_work || self.looking.busy {
            return;
        }
        let Ok(installation) = &self.installation else { return };
        let Some(bench) = installation.bench.clone() else {
            self.shown.readers.known = true;
            self.shown.readers.problem = Some(Problem::NoReaderModule);
            return;
        };
        self.looking.busy = true;
        let (now, anew) = (self.now(), std::mem::take(&mut self.looking.anew));
        let turn = self.tokens.clone();
        self.work.spawn_blocking(move || -> Then {
            let seen = turn.hold(|| bench.tokens(now, anew)).map_err(|error| {
                tracing::warn!(%error, "the readers cannot be looked at");
                Problem::from(&error)
            });
            then(move |actor| actor.looked(seen))
        });
    }

    fn looked(&mut self, seen: Result<Vec<ReaderToken>, Problem>) {
        self.looking.busy = false;
        // A token that is worked on meanwhile looks like nothing.
        if self.shown.making.as_ref().is_some_and(|making| making.phase.works()) {
            return;
        }
        let own = self.shown.me.as_ref().map(|me| me.token.clone()).unwrap_or_default();
        let readers = &mut self.shown.readers;
        readers.known = true;
        match seen {
            Ok(mut tokens) => {
                tokens.retain(|token| token.blank || own.is_empty() || token.serial != own);
                (readers.tokens, readers.problem) = (tokens, None);
                self.readers_seen();
            }
            Err(problem) => (readers.tokens, readers.problem) = (Vec::new(), Some(problem)),
        }
    }

    fn is_unblocking(&self) -> bool {
        self.shown.deeds.iter().any(|(deed, doing)| matches!(deed, Deed::Unblock(_)) && doing.is_running())
    }

    /// Sets a token's PIN anew, with digits of its own for the letter.
    pub(super) fn unblock(&mut self, token: TokenId, so_pin: Pin) {
        let deed = Deed::Unblock(token.clone());
        if self.shown.doing(&deed).is_running() {
            return;
        }
        let Ok(installation) = &self.installation else { return };
        let Some(bench) = installation.bench.clone() else {
            self.deed_failed(deed, Problem::NoReaderModule);
            return;
        };
        let Some(found) = self.shown.readers.tokens.iter().find(|known| known.id == token).cloned() else {
            self.deed_failed(deed, Problem::TokenGone);
            return;
        };
        let made = issued_pin(installation.pin_digits, found.pin_length);
        let (issued, pin) = match made {
            Ok(made) => made,
            Err(problem) => return self.deed_failed(deed, problem),
        };
        self.shown.deeds.insert(deed.clone(), Doing::Running);
        let (at, turn) = (self.now(), self.tokens.clone());
        self.work.spawn_blocking(move || -> Then {
            let done = turn.hold(|| bench.unblock(&token, &so_pin, &pin));
            then(move |actor| match done {
                Ok(()) => {
                    let holder = found.holder.map(|holder| holder.name).unwrap_or_default();
                    let letter = PinLetter { holder, label: found.label, serial: found.serial, pin: issued, at };
                    actor.shown.deeds.insert(deed.clone(), Doing::Done(Outcome::Unblocked(Box::new(letter))));
                    actor.tell(OfficeEvent::Done(deed));
                }
                Err(problem) => actor.deed_failed(deed, problem),
            })
        });
    }
}

/// A PIN of random digits that the token takes, for the letter and for the token.
pub(super) fn issued_pin(digits: usize, (min, max): (usize, usize)) -> Result<(IssuedPin, Pin), Problem> {
    let digits = digits.max(min).min(if max == 0 { usize::MAX } else { max });
    let mut text = Zeroizing::new(String::with_capacity(digits));
    let mut bytes = Zeroizing::new([0_u8; 32]);
    while text.len() < digits {
        getrandom::fill(bytes.as_mut()).map_err(|_| Problem::from(&gridkey_token::TokenError::Randomness))?;
        // 0 to 249 hold each digit equally often.
        let fair = bytes.iter().filter(|byte| **byte < 250).map(|byte| char::from(b'0' + byte % 10));
        let lacking = digits - text.len();
        fair.take(lacking).for_each(|digit| text.push(digit));
    }
    let pin = Pin::new(text.as_str()).map_err(|_| Problem::from(&gridkey_token::TokenError::PinRefused))?;
    Ok((IssuedPin(Arc::new(text)), pin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issued_pin_has_digits_only_and_a_length_that_the_token_takes() {
        let length = |digits, of| issued_pin(digits, of).unwrap().0.expose().len();
        assert_eq!((length(8, (4, 255)), length(8, (10, 16)), length(12, (4, 6))), (8, 10, 6));
        let (first, second) = (issued_pin(16, (4, 255)).unwrap().0, issued_pin(16, (4, 255)).unwrap().0);
        assert!(first.expose().bytes().all(|byte| byte.is_ascii_digit()));
        assert_ne!(first, second);
        assert!(!format!("{first:?}").contains(first.expose()));
    }
}
