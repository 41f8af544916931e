//! From a typed PIN to an open desk: the key, the session, the rights, each a step that can fail in its own way.

use std::sync::Arc;

use gridkey_client::{
    app::Problem as Common,
    key::{KeyCertificates, KeyError, UsbKey},
    session::{Session, SessionSettings},
};
use gridkey_domain::Timestamp;
use gridkey_protocol::certificate::{Purpose, TrustAnchor};
use gridkey_token::{Caution, KeySource, Pin, PinCheck, Token, TokenError, TokenSession};
use tokio::{sync::OwnedMutexGuard, task::JoinSet};

use super::{
    Deed, Doing, Gate, KeyId, OfficeEvent, Outcome, Problem, UnlockStep,
    actor::{Actor, Then, then},
    inside::{Inside, InsideParts},
};

/// The issued PIN, typed and right, until an own one takes its place. Wiped when it is dropped.
pub(super) struct FirstPin {
    key: KeyId,
    issued: Pin,
}

/// What a PIN opened.
enum LoggedIn {
    Key(Unlocked),
    /// The PIN is the issued one.
    MustChange(Pin),
}

/// A key that is logged in.
struct Unlocked {
    token: Arc<dyn Token>,
    key: UsbKey,
    check: PinCheck,
    /// Given back only after the key above was dropped, which logs it out, or has a session.
    _turn: OwnedMutexGuard<()>,
}

/// What a login needs.
struct Attempt {
    keys: Arc<dyn KeySource>,
    anchor: Arc<TrustAnchor>,
    key: KeyId,
    now: Timestamp,
    caution: Caution,
}

const fn caution(last_try: bool) -> Caution {
    if last_try { Caution::LastTryConfirmed } else { Caution::Normal }
}

impl Actor {
    pub(super) fn unlock(&mut self, pin: Pin, last_try: bool) {
        let Gate::Pin { key, .. } = &self.shown.gate else { return };
        let key = key.clone();
        let Some(card) = self.shown.cards.iter().find(|card| card.id == key) else { return };
        if let Some(problem) = &card.problem {
            self.shown.gate = Gate::Pin { key, problem: Some(problem.clone()) };
            return;
        }
        if card.tries.is_last() && !last_try {
            self.shown.gate = Gate::Pin { key, problem: Some(Common::LastTry.into()) };
            return;
        }
        self.shown.gate = Gate::Unlocking { key: key.clone(), step: UnlockStep::Pin };
        let Some(attempt) = self.attempt(key.clone(), caution(last_try)) else { return };
        let login = Arc::clone(&self.login);
        self.work.spawn(async move {
            let turn = login.lock_owned().await;
            let outcome = tokio::task::spawn_blocking(move || log_in(&attempt, pin, turn)).await;
            let outcome = outcome.unwrap_or_else(|_| Err(Problem::from(&KeyError::Driver)));
            then(move |actor| actor.logged_in(key, outcome))
        });
    }

    pub(super) fn choose_first_pin(&mut self, new: Pin) {
        let Gate::FirstPin { key, busy: false, .. } = &self.shown.gate else { return };
        let key = key.clone();
        let Some(first) = self.first_pin.as_ref().filter(|first| first.key == key) else { return };
        let issued = first.issued.clone();
        self.shown.gate = Gate::FirstPin { key: key.clone(), problem: None, busy: true };
        let Some(attempt) = self.attempt(key.clone(), Caution::Normal) else { return };
        let login = Arc::clone(&self.login);
        self.work.spawn(async move {
            let turn = login.lock_owned().await;
            // Told apart from a PIN that was not changed: the new one holds by now.
            let change = move || {
                let token = open(&attempt)?;
                change_pin(token.as_ref(), &issued, &new, attempt.caution)?;
                Ok(log_in(&attempt, new, turn))
            };
            let outcome = tokio::task::spawn_blocking(change).await;
            let outcome = outcome.unwrap_or_else(|_| Err(Problem::from(&KeyError::Driver)));
            then(move |actor| match outcome {
                Ok(logged_in) => {
                    actor.first_pin = None;
                    actor.logged_in(key, logged_in);
                }
                Err(problem) => actor.first_pin_refused(key, problem),
            })
        });
    }

    fn attempt(&self, key: KeyId, caution: Caution) -> Option<Attempt> {
        let installation = self.installation.as_ref().ok()?;
        Some(Attempt {
            keys: Arc::clone(&installation.keys),
            anchor: Arc::clone(&installation.anchor),
            key,
            now: self.now(),
            caution,
        })
    }

    fn first_pin_refused(&mut self, key: KeyId, problem: Problem) {
        self.shown.gate = match problem {
            // The issued PIN did not hold after all.
            Problem::Common(Common::WrongPin(_) | Common::PinLocked | Common::LastTry) => {
                self.first_pin = None;
                self.look_at_keys(true);
                Gate::Pin { key, problem: Some(problem) }
            }
            problem => Gate::FirstPin { key, problem: Some(problem), busy: false },
        };
    }

    fn logged_in(&mut self, key: KeyId, outcome: Result<LoggedIn, Problem>) {
        // The tries left, and whether the PIN must be changed, may be others now.
        self.look_at_keys(false);
        match outcome {
            Ok(LoggedIn::MustChange(issued)) => {
                self.first_pin = Some(FirstPin { key: key.clone(), issued });
                self.shown.gate = Gate::FirstPin { key, problem: None, busy: false };
            }
            Ok(LoggedIn::Key(unlocked)) => self.begin_session(key, unlocked),
            Err(Problem::Common(Common::NoKey | Common::KeyRemoved)) => {
                self.shown.gate = Gate::Keys { problem: Some(Common::KeyRemoved.into()) };
            }
            Err(problem) => self.shown.gate = Gate::Pin { key, problem: Some(problem) },
        }
    }

    fn begin_session(&mut self, key: KeyId, unlocked: Unlocked) {
        let Ok(installation) = &self.installation else { return };
        self.shown.gate = Gate::Unlocking { key: key.clone(), step: UnlockStep::Session };
        let language = self.shown.preferences.language.map(super::Language::tag);
        let settings = SessionSettings {
            anchor: Arc::clone(&installation.anchor),
            allow_unbound: installation.allow_unbound,
            agent: installation.agent.clone(),
            locale: language.unwrap_or(&installation.locale).to_owned(),
            reconnect: true,
            clock: self.clock.clone(),
            keeper: None,
        };
        let session = Session::start(Arc::clone(&installation.connector), unlocked.key.clone(), settings);
        self.inside = Some(Inside::new(InsideParts {
            key,
            token: unlocked.token,
            usb: unlocked.key,
            session,
            check: unlocked.check,
            now: self.now(),
        }));
        self.session_changed();
    }

    /// Leaves an unlocking that nobody waits for any more.
    pub(super) fn drop_unlocking(&mut self) {
        self.work = JoinSet::new();
        self.first_pin = None;
    }

    /// Changes the PIN of the open key. The key checks the old one, so a wrong one costs a try.
    pub(super) fn change_pin(&mut self, old: Pin, new: Pin, last_try: bool) {
        let Some(inside) = &self.inside else { return };
        let deed = Deed::ChangePin(inside.key.clone());
        if self.shown.doing(&deed).is_running() {
            return;
        }
        let tries = self.shown.cards.iter().find(|card| card.id == inside.key).map(|card| card.tries);
        if tries.is_some_and(gridkey_token::Tries::is_last) && !last_try {
            self.shown.deeds.insert(deed, Doing::Failed(Common::LastTry.into()));
            return;
        }
        let token = Arc::clone(&inside.token);
        self.shown.deeds.insert(deed.clone(), Doing::Running);
        self.work.spawn_blocking(move || -> Then {
            let outcome = change_pin(token.as_ref(), &old, &new, caution(last_try));
            then(move |actor| {
                // The tries left may be others now.
                actor.look_at_keys(false);
                match outcome {
                    Ok(check) => {
                        if let Some(inside) = &mut actor.inside {
                            inside.check = Arc::new(check);
                        }
                        actor.shown.deeds.insert(deed.clone(), Doing::Done(Outcome::PinChanged));
                        actor.tell(OfficeEvent::Done(deed));
                    }
                    Err(problem) => actor.deed_failed(deed, problem),
                }
            })
        });
    }
}

/// One try of the PIN, after everything that can be known without it. Blocks.
fn log_in(attempt: &Attempt, pin: Pin, turn: OwnedMutexGuard<()>) -> Result<LoggedIn, Problem> {
    let token = open(attempt)?;
    let certificates = KeyCertificates::read(token.as_ref(), &attempt.anchor, Purpose::Administrator, attempt.now)
        .and_then(|certificates| certificates.check_time(attempt.now).map(|()| certificates))
        .map_err(|error| Problem::from(&error))?;
    let info = token.info().map_err(|error| Problem::from(&error))?;
    let session = match token.login(&pin, attempt.caution) {
        Err(TokenError::PinExpired) => return Ok(LoggedIn::MustChange(pin)),
        outcome => outcome.map_err(|error| problem(&error))?,
    };
    if info.must_change_pin() {
        if let Err(error) = TokenSession::logout(session) {
            tracing::warn!(%error, "the key was not logged out");
        }
        return Ok(LoggedIn::MustChange(pin));
    }
    let check = PinCheck::make(&pin).map_err(|error| Problem::from(&error))?;
    let key = UsbKey::new(session, certificates).map_err(|error| Problem::from(&error))?;
    Ok(LoggedIn::Key(Unlocked { token, key, check, _turn: turn }))
}

/// Changes the PIN and gives what recognises the new one. Blocks.
fn change_pin(token: &dyn Token, old: &Pin, new: &Pin, caution: Caution) -> Result<PinCheck, Problem> {
    let check = PinCheck::make(new).map_err(|error| Problem::from(&error))?;
    if check.recognises(old).map_err(|error| Problem::from(&error))? {
        return Err(Common::PinSame.into());
    }
    token.change_pin(old, new, caution).map_err(|error| problem(&error))?;
    Ok(check)
}

fn open(attempt: &Attempt) -> Result<Arc<dyn Token>, Problem> {
    Ok(Arc::from(attempt.keys.open(&attempt.key.0).map_err(|error| problem(&error))?))
}

fn problem(error: &TokenError) -> Problem {
    tracing::info!(%error, "the key refused");
    error.into()
}
