//! The keys plugged in: watched, read as far as that goes without a PIN, and what their coming and going does.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use gridkey_domain::Timestamp;
use gridkey_protocol::{
    bytes::hex,
    certificate::{Certificate, TrustAnchor},
};
use gridkey_token::{KeySource, KeyWatch, PinState, PresentKey};
use tokio::{sync::mpsc, time::Instant};

use super::{
    Gate, Holder, KeyCard, KeyId, NoticeKind, Problem,
    account::Account,
    actor::{Actor, Then, then},
    gate,
    installation::name_of,
};
use crate::{key::KeyCertificates, session::CUSTOMER};

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

/// A key's certificates as read, kept so that a key is not read at each look.
#[derive(Clone)]
struct Known {
    certificates: Result<Arc<KeyCertificates>, Problem>,
}

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
        let now = self.now();
        self.tasks.spawn_blocking(move || -> Then {
            let seen = look(keys.as_ref(), &anchor, &known, now);
            then(move |actor| actor.keys_seen(seen))
        });
    }

    fn keys_seen(&mut self, seen: Result<Vec<(KeyCard, Known)>, Problem>) {
        self.presence.looking = false;
        match seen {
            Ok(seen) => {
                let (cards, known): (Vec<KeyCard>, Vec<Known>) = seen.into_iter().unzip();
                self.presence.known = cards.iter().map(|card| card.id.clone()).zip(known).collect();
                if self.presence.unwatched || cards.iter().any(|card| card.problem.as_ref().is_some_and(passes)) {
                    self.presence.look_again_at = Some(Instant::now() + AGAIN);
                }
                let before = std::mem::replace(&mut self.shown.keys, cards);
                self.check_key_again();
                self.judge_renewal();
                let first_look = self.shown.gate == Gate::Starting;
                if let Some(next) = gate::after_keys(&self.shown.gate, &before, &self.shown.keys) {
                    self.gate_after_keys(next);
                }
                if first_look && self.shown.keys.is_empty() {
                    self.check_setup();
                }
            }
            Err(problem) => {
                self.presence.look_again_at = Some(Instant::now() + AGAIN);
                let first = self.shown.gate == Gate::Starting;
                if let Some(next) = gate::after_failed_look(&self.shown.gate, problem) {
                    self.shown.keys.clear();
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
        let was_open = self.account.as_ref().is_some_and(Account::is_open);
        let keeps = gate::key_of(&self.shown.gate).is_some() && gate::key_of(&self.shown.gate) == gate::key_of(&next);
        if keeps {
            self.shown.gate = next;
            return;
        }
        self.close_account(next);
        if was_open {
            self.notice(self.now(), NoticeKind::AlarmsPaused, true);
        }
    }

    /// Ends the account if `problem` says that its key is gone or was logged out; whether it did.
    pub(super) fn mind_key(&mut self, problem: &Problem) -> bool {
        let Some(account) = &self.account else { return false };
        let was_open = account.is_open();
        let next = match problem {
            Problem::KeyRemoved => Gate::Keys { problem: Some(Problem::KeyRemoved) },
            Problem::KeyLoggedOut => Gate::Pin { key: account.key.clone(), problem: Some(Problem::KeyLoggedOut) },
            _ => return false,
        };
        self.close_account(next);
        if was_open {
            self.notice(self.now(), NoticeKind::AlarmsPaused, true);
        }
        self.look_at_keys(true);
        true
    }
}

/// Whether looking again may mend it.
const fn passes(problem: &Problem) -> bool {
    matches!(problem, Problem::KeyBusy | Problem::KeyFailed(_) | Problem::NoKey | Problem::KeyRemoved)
}

fn look(
    keys: &dyn KeySource,
    anchor: &TrustAnchor,
    known: &BTreeMap<KeyId, Known>,
    now: Timestamp,
) -> Result<Vec<(KeyCard, Known)>, Problem> {
    let failed = |error: &gridkey_token::TokenError| tracing::warn!(%error, "the keys cannot be listed");
    let present = keys.present().inspect_err(failed).map_err(|error| Problem::from(&error))?;
    let read = |present: PresentKey| {
        let id = KeyId(present.id.clone());
        let reusable = known.get(&id).filter(|known| !known.certificates.as_ref().is_err_and(passes));
        let known = reusable.cloned().unwrap_or_else(|| Known { certificates: read(keys, &present, anchor, now) });
        (card(id, &present, &known, now), known)
    };
    Ok(present.into_iter().map(read).collect())
}

fn read(
    keys: &dyn KeySource,
    present: &PresentKey,
    anchor: &TrustAnchor,
    now: Timestamp,
) -> Result<Arc<KeyCertificates>, Problem> {
    let token = keys.open(&present.id).map_err(|error| Problem::from(&error))?;
    let read = KeyCertificates::read(token.as_ref(), anchor, CUSTOMER, now);
    read.map(Arc::new).map_err(|error| {
        tracing::info!(key = present.info.serial, %error, "a key cannot be used");
        Problem::from(&error)
    })
}

fn card(id: KeyId, present: &PresentKey, known: &Known, now: Timestamp) -> KeyCard {
    let info = &present.info;
    let certificates = known.certificates.as_deref();
    let problem = match certificates {
        Err(problem) => Some(problem.clone()),
        Ok(certificates) => certificates.check_time(now).err().map(|error| Problem::from(&error)),
    };
    let pin_problem = match info.pin {
        _ if info.tries.is_locked() => Some(Problem::PinLocked),
        PinState::NotInitialised => Some(Problem::PinNotSet),
        PinState::Usable | PinState::MustChange => None,
    };
    KeyCard {
        id,
        label: info.label.clone(),
        serial: info.serial.clone(),
        holder: certificates.ok().map(|certificates| holder(certificates.leaf())),
        tries: info.tries,
        must_change_pin: info.must_change_pin(),
        pin_length: info.pin_length,
        problem: problem.or(pin_problem),
    }
}

fn holder(leaf: &Certificate) -> Holder {
    use der::Decode as _;
    let parsed = x509_cert::Certificate::from_der(leaf.der()).ok();
    let issuer = parsed.and_then(|certificate| name_of(certificate.tbs_certificate().issuer()));
    let life = leaf.not_after().seconds_since(leaf.not_before());
    Holder {
        customer: leaf.common_name().unwrap_or_default(),
        issuer: issuer.unwrap_or_default(),
        serial: hex(leaf.serial()),
        not_before: leaf.not_before(),
        not_after: leaf.not_after(),
        renew_from: leaf.not_before().plus_seconds(life / 3 * 2),
    }
}
