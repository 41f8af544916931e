//! The curtain: an idle desk hides its screens, the PIN shows them again; and what this machine keeps.

use std::{sync::Arc, time::Duration};

use gridkey_client::app::Problem as Common;
use gridkey_token::{Pin, TokenError};
use tokio::time::Instant;

use super::{
    Gate, Preference, Problem,
    actor::{Actor, then},
};

/// Wrong PINs behind the curtain until the desk is closed.
const WRONG_PINS: u32 = 5;

impl Actor {
    pub(super) fn lock(&mut self) {
        if let Gate::Open { key } = &self.shown.gate {
            self.shown.gate = Gate::Locked { key: key.clone(), problem: None };
        }
    }

    pub(super) fn person_is_there(&mut self) {
        let now = self.now();
        if let Some(inside) = &mut self.inside {
            inside.person_at = (Instant::now(), now);
        }
    }

    pub(super) fn lock_when_idle(&mut self) {
        let minutes = u64::from(self.shown.preferences.lock_minutes);
        let Some(inside) = self.inside.as_ref().filter(|inside| inside.opened && minutes > 0) else { return };
        let limit = Duration::from_secs(minutes * 60);
        let (since, at) = inside.person_at;
        let by_clock = u64::try_from(self.now().seconds_since(at)).unwrap_or(0);
        if since.elapsed() >= limit || Duration::from_secs(by_clock) >= limit {
            self.lock();
        }
    }

    /// Looks whether the PIN is the one that opened the desk, without asking the key. After too many wrong ones it is closed.
    pub(super) fn reveal(&mut self, pin: Pin) {
        let is_locked = matches!(self.shown.gate, Gate::Locked { .. });
        let Some(inside) = self.inside.as_mut().filter(|inside| is_locked && !inside.revealing) else { return };
        inside.revealing = true;
        let (check, turn) = (Arc::clone(&inside.check), Arc::clone(&inside.check_turn));
        self.work.spawn(async move {
            let turn = turn.lock_owned().await;
            let outcome = tokio::task::spawn_blocking(move || check.recognises(&pin)).await;
            let outcome = outcome.unwrap_or(Err(TokenError::Randomness));
            then(move |actor| {
                // Kept until here: the next PIN is looked at once this one was counted.
                let _turn = turn;
                actor.revealed(outcome);
            })
        });
    }

    fn revealed(&mut self, outcome: Result<bool, TokenError>) {
        let Some(inside) = &mut self.inside else { return };
        inside.revealing = false;
        let key = inside.key.clone();
        let problem = match outcome {
            Ok(true) => {
                inside.wrong_pins = 0;
                if matches!(self.shown.gate, Gate::Locked { .. }) {
                    self.shown.gate = Gate::Open { key };
                    self.person_is_there();
                }
                return;
            }
            Ok(false) => {
                inside.wrong_pins += 1;
                let left = WRONG_PINS.saturating_sub(inside.wrong_pins);
                if left == 0 {
                    self.close(Gate::Pin { key, problem: Some(Common::WrongPinHere { left }.into()) });
                    return;
                }
                Common::WrongPinHere { left }.into()
            }
            Err(error) => Problem::from(&error),
        };
        if matches!(self.shown.gate, Gate::Locked { .. }) {
            self.shown.gate = Gate::Locked { key, problem: Some(problem) };
        }
    }

    /// Keeps a preference, now in memory and soon on disk.
    pub(super) fn prefer(&mut self, change: Preference) {
        self.shown.preferences.take(change);
        let preferences = self.shown.preferences.clone();
        self.person_is_there();
        let Some(path) = self.preferences.clone() else { return };
        let before = self.saving.take();
        self.saving = Some(tokio::spawn(async move {
            if let Some(before) = before {
                // One after the other, so that the last one stays.
                let _ = before.await;
            }
            let saved = tokio::task::spawn_blocking(move || preferences.save(&path)).await;
            if let Ok(Err(error)) = saved {
                tracing::error!(%error, "the preferences were not kept");
            }
        }));
    }
}
