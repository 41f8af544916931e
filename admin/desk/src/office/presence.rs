//! The keys plugged in: watched, read as far as that goes without a PIN, and what their coming and going does.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use gridkey_client::{app::Problem as Common, key::KeyCertificates};
use gridkey_domain::Timestamp;
use gridkey_protocol::{
    ByteArray,
    bytes::hex,
    certificate::{Purpose, TrustAnchor},
};
use gridkey_token::{KeySource, KeyWatch, PinState, PresentKey, Token};
use tokio::{sync::mpsc, time::Instant};

use super::{
    AdminCard, CardHolder, Gate, KeyId, Problem,
    actor::{Actor, Then, then},
    gate,
};

/// When keys could not be read, or nothing tells of their changes, they are looked at again after this.
const AGAIN: Duration = Duration::from_secs(3);

/// What is known of the keys.
pub(super) struct Presence {
    changed: mpsc::UnboundedSender<()>,
    watch: Option<KeyWatch>,
    /// Nothing tells when keys come and go.
    unwatched: bool,
    known: BTreeMap<KeyId, Known>,
    looking: bool,
    /// Look once more after the look under way; and whether to read everything anew then.
    once_more: Option<bool>,
    look_again_at: Option<Instant>,
}

/// Whose a key is, as read, kept so that a key is not read at each look.
type Known = Result<CardHolder, Problem>;

impl Presence {
    pub(super) const fn new(changed: mpsc::UnboundedSender<()>) -> Self {
        Self {
            changed,
            watch: None,
            unwatched: false,
            known: BTreeMap::new(),
            looking: false,
            once_more: None,
            look_again_at: None,
        }
    }

    pub(super) const fn look_again_at(&self) -> Option<Instant> {
        self.look_again_at
    }

    pub(super) const fn take_watch(&mut self) -> Option<KeyWatch> {
        self.watch.take()
    }
}

impl Actor {
    /// Begins to watch; the first look comes by itself.
    pub(super) fn watch_keys(&mut self) {
        let Ok(installation) = &self.installation else { return };
        let (keys, changed) = (Arc::clone(&installation.keys), self.presence.changed.clone());
        self.tasks.spawn_blocking(move || -> Then {
            let watch = keys.watch(Box::new(move || {
                // After the program's end there is nobody to tell.
                let _ = changed.send(());
            }));
            then(move |actor| {
                actor.presence.unwatched = watch.is_none();
                actor.presence.watch = watch;
                if actor.presence.unwatched {
                    actor.look_at_keys(false);
                }
            })
        });
    }

    /// Looks at the keys; with `anew` reads their certificates again. One look at a time.
    pub(super) fn look_at_keys(&mut self, anew: bool) {
        let Ok(installation) = &self.installation else { return };
        self.presence.look_again_at = None;
        if self.presence.looking {
            self.presence.once_more = Some(anew || self.presence.once_more.unwrap_or(false));
            return;
        }
        self.presence.looking = true;
        let (keys, anchor) = (Arc::clone(&installation.keys), Arc::clone(&installation.anchor));
        let known = if anew { BTreeMap::new() } else { self.presence.known.clone() };
        let (now, turn) = (self.now(), self.tokens.clone());
        self.tasks.spawn_blocking(move || -> Then {
            let seen = turn.hold(|| look(keys.as_ref(), &anchor, &known, now));
            then(move |actor| actor.keys_seen(seen))
        });
    }

    fn keys_seen(&mut self, seen: Result<Vec<(AdminCard, Known)>, Problem>) {
        self.presence.looking = false;
        match seen {
            Ok(seen) => {
                let (cards, known): (Vec<AdminCard>, Vec<Known>) = seen.into_iter().unzip();
                self.presence.known = cards.iter().map(|card| card.id.clone()).zip(known).collect();
                if self.presence.unwatched || cards.iter().any(|card| card.problem.as_ref().is_some_and(passes)) {
                    self.presence.look_again_at = Some(Instant::now() + AGAIN);
                }
                let before = std::mem::replace(&mut self.shown.cards, cards);
                self.check_key_again();
                let first_look = self.shown.gate == Gate::Starting;
                if let Some(next) = gate::after_keys(&self.shown.gate, &before, &self.shown.cards) {
                    self.gate_after_keys(next);
                }
                if first_look && self.shown.cards.is_empty() {
                    self.check_setup();
                }
            }
            Err(problem) => {
                self.presence.look_again_at = Some(Instant::now() + AGAIN);
                let first = self.shown.gate == Gate::Starting;
                if let Some(next) = gate::after_failed_look(&self.shown.gate, problem) {
                    self.shown.cards.clear();
                    self.shown.gate = next;
                }
                if first {
                    self.check_setup();
                }
            }
        }
        if let Some(anew) = self.presence.once_more.take() {
            self.look_at_keys(anew);
        }
    }

    /// Leaves what the key that went took with it.
    fn gate_after_keys(&mut self, next: Gate) {
        let keeps = gate::key_of(&self.shown.gate).is_some() && gate::key_of(&self.shown.gate) == gate::key_of(&next);
        if keeps {
            self.shown.gate = next;
        } else {
            self.close(next);
        }
    }

    /// Ends everything if `problem` says that the administrator's key is gone or was logged out; whether it did.
    pub(super) fn mind_key(&mut self, problem: &Problem) -> bool {
        let Some(inside) = &self.inside else { return false };
        let next = match problem {
            Problem::Common(Common::KeyRemoved) => Gate::Keys { problem: Some(problem.clone()) },
            Problem::Common(Common::KeyLoggedOut) => {
                Gate::Pin { key: inside.key.clone(), problem: Some(problem.clone()) }
            }
            _ => return false,
        };
        self.close(next);
        self.look_at_keys(true);
        true
    }
}

/// Whether looking again may mend it.
const fn passes(problem: &Problem) -> bool {
    matches!(problem, Problem::Common(Common::KeyBusy | Common::KeyFailed(_) | Common::NoKey | Common::KeyRemoved))
}

fn look(
    keys: &dyn KeySource,
    anchor: &TrustAnchor,
    known: &BTreeMap<KeyId, Known>,
    now: Timestamp,
) -> Result<Vec<(AdminCard, Known)>, Problem> {
    let failed = |error: &gridkey_token::TokenError| tracing::warn!(%error, "the keys cannot be listed");
    let present = keys.present().inspect_err(failed).map_err(|error| Problem::from(&error))?;
    let read = |present: PresentKey| {
        let id = KeyId(present.id.clone());
        let reusable = known.get(&id).filter(|known| !known.as_ref().is_err_and(passes));
        let known = reusable.cloned().unwrap_or_else(|| {
            let token = keys.open(&present.id).map_err(|error| Problem::from(&error))?;
            whose(token.as_ref(), anchor, now)
        });
        (card(id, &present, &known, now), known)
    };
    Ok(present.into_iter().map(read).collect())
}

/// Whose a token is: an administrator's if it may be, else a customer's.
pub(super) fn whose(token: &dyn Token, anchor: &TrustAnchor, now: Timestamp) -> Result<CardHolder, Problem> {
    let of_kind = |kind| KeyCertificates::read(token, anchor, kind, now).map(|read| holder(&read, kind));
    match of_kind(Purpose::Administrator) {
        Ok(holder) => Ok(holder),
        Err(error) => of_kind(Purpose::UsbKey).map_err(|_| Problem::from(&error)),
    }
}

fn holder(certificates: &KeyCertificates, kind: Purpose) -> CardHolder {
    let leaf = certificates.leaf();
    CardHolder {
        name: leaf.common_name().unwrap_or_default(),
        kind,
        key: ByteArray(leaf.fingerprint()),
        serial: hex(leaf.serial()),
        not_before: leaf.not_before(),
        not_after: leaf.not_after(),
    }
}

fn card(id: KeyId, present: &PresentKey, known: &Known, now: Timestamp) -> AdminCard {
    let info = &present.info;
    let problem = match known {
        Err(problem) => Some(problem.clone()),
        Ok(holder) if !holder.is_admin() => Some(Problem::CustomersKey(holder.name.clone())),
        Ok(holder) if now < holder.not_before => Some(Common::CertificateNotYet(holder.not_before).into()),
        Ok(holder) if now > holder.not_after => Some(Common::CertificateExpired(holder.not_after).into()),
        Ok(_) => None,
    };
    let pin_problem = match info.pin {
        _ if info.tries.is_locked() => Some(Common::PinLocked.into()),
        PinState::NotInitialised => Some(Common::PinNotSet.into()),
        PinState::Usable | PinState::MustChange => None,
    };
    AdminCard {
        id,
        label: info.label.clone(),
        serial: info.serial.clone(),
        holder: known.as_ref().ok().cloned(),
        tries: info.tries,
        must_change_pin: info.must_change_pin(),
        pin_length: info.pin_length,
        problem: problem.or(pin_problem),
    }
}
