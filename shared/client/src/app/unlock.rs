//! From a typed PIN to an account: the key, the store, the session, each a step that can fail in its own way.

use std::{path::PathBuf, sync::Arc};

use gridkey_domain::Timestamp;
use gridkey_protocol::{ByteArray, certificate::TrustAnchor};
use gridkey_token::{Caution, KeySource, Pin, PinCheck, Token, TokenError, TokenSession};
use tokio::{sync::OwnedMutexGuard, task::JoinSet};

use super::{
    Gate, Installation, KeyId, Problem, UnlockStep,
    account::{Account, AccountParts},
    actor::{Actor, then},
    stories,
};
use crate::{
    client::{Client, ClientParts, Wish},
    key::{KeyCertificates, KeyError, UsbKey},
    queue::OrderRecord,
    session::{CUSTOMER, Session},
    store::{Store, StoreError, Table},
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
pub(super) struct Unlocked {
    pub(super) token: Arc<dyn Token>,
    pub(super) key: UsbKey,
    pub(super) check: PinCheck,
    /// Given back only after the key above was dropped, which logs it out, or has an account.
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

/// The store as opened.
pub(super) struct OpenStore {
    pub(super) store: Store,
    /// Why nothing is kept, if the key's own store could not be opened.
    pub(super) problem: Option<Problem>,
    pub(super) state: StreamState,
    /// The orders as they were left: what ran out while the program was away is told.
    pub(super) orders: Vec<OrderRecord>,
}

/// The push stream as it was left.
#[derive(Default)]
pub(super) struct StreamState {
    /// It was followed before: what does not come any more was missed.
    pub(super) followed: bool,
    /// What lay unread, by epoch and offset.
    pub(super) unread: Vec<(ByteArray<16>, u64)>,
}

pub(super) const fn caution(last_try: bool) -> Caution {
    if last_try { Caution::LastTryConfirmed } else { Caution::Normal }
}

impl Actor {
    pub(super) fn unlock(&mut self, pin: Pin, last_try: bool) {
        let Gate::Pin { key, .. } = &self.shown.gate else { return };
        let key = key.clone();
        let Some(card) = self.shown.keys.iter().find(|card| card.id == key) else { return };
        if let Some(problem) = &card.problem {
            self.shown.gate = Gate::Pin { key, problem: Some(problem.clone()) };
            return;
        }
        if card.tries.is_last() && !last_try {
            self.shown.gate = Gate::Pin { key, problem: Some(Problem::LastTry) };
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
            let change = move || replace_issued(&attempt, &issued, &new).map(|()| log_in(&attempt, new, turn));
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
            Problem::WrongPin(_) | Problem::PinLocked | Problem::LastTry => {
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
            Ok(LoggedIn::Key(unlocked)) => self.open_store(key, unlocked),
            Err(Problem::NoKey | Problem::KeyRemoved) => {
                self.shown.gate = Gate::Keys { problem: Some(Problem::KeyRemoved) };
            }
            Err(problem) => self.shown.gate = Gate::Pin { key, problem: Some(problem) },
        }
    }

    fn open_store(&mut self, key: KeyId, unlocked: Unlocked) {
        let Ok(installation) = &self.installation else { return };
        self.shown.gate = Gate::Unlocking { key: key.clone(), step: UnlockStep::Store };
        let folder = installation.store.clone();
        self.work.spawn(async move {
            let opened = open_store(folder, &unlocked.key).await;
            then(move |actor| match opened {
                Ok(opened) => actor.begin_session(key, unlocked, opened),
                Err(error) => {
                    tracing::error!(%error, "the store cannot be opened");
                    actor.unlock_failed(key, Problem::from(&error));
                }
            })
        });
    }

    fn unlock_failed(&mut self, key: KeyId, problem: Problem) {
        self.shown.gate = match problem {
            Problem::KeyRemoved => Gate::Keys { problem: Some(problem) },
            problem => Gate::Pin { key, problem: Some(problem) },
        };
    }

    fn begin_session(&mut self, key: KeyId, unlocked: Unlocked, opened: OpenStore) {
        let Ok(installation) = &self.installation else { return };
        self.shown.gate = Gate::Unlocking { key: key.clone(), step: UnlockStep::Session };
        self.shown.store = opened.problem;
        self.shown.queue.caps = Some(installation.caps);
        self.shown.queue.order_seconds = installation.order_seconds;
        self.shown.queue = stories::queue(&opened.orders, &self.shown.queue);
        let (client, session) = self.start_client(installation, unlocked.key, opened.store);
        self.account = Some(Account::new(AccountParts {
            key,
            token: unlocked.token,
            client,
            session,
            check: unlocked.check,
            stream: opened.state,
        }));
        self.recall_customer();
        self.session_changed();
    }

    /// A client of `key` and `store`, and its session, which connects at once.
    pub(super) fn start_client(&self, installation: &Installation, key: UsbKey, store: Store) -> (Client, Session) {
        let mut client = Client::new(ClientParts {
            key,
            store,
            anchor: Arc::clone(&installation.anchor),
            caps: installation.caps,
            order_seconds: installation.order_seconds,
            clock: self.clock.clone(),
        });
        let language = self.shown.preferences.language.map(super::Language::tag);
        let wish = Wish {
            follow: true,
            reconnect: true,
            allow_unbound: installation.allow_unbound,
            agent: installation.agent.clone(),
            locale: language.unwrap_or(&installation.locale).to_owned(),
        };
        let session = client.start(Arc::clone(&installation.connector), wish);
        (client, session)
    }

    /// Leaves an unlocking that nobody waits for any more.
    pub(super) fn drop_unlocking(&mut self) {
        self.work = JoinSet::new();
        self.first_pin = None;
    }
}

/// One try of the PIN, after everything that can be known without it. Blocks.
fn log_in(attempt: &Attempt, pin: Pin, turn: OwnedMutexGuard<()>) -> Result<LoggedIn, Problem> {
    let token = open(attempt)?;
    let certificates = certificates(attempt, token.as_ref())?;
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

fn replace_issued(attempt: &Attempt, issued: &Pin, new: &Pin) -> Result<(), Problem> {
    let token = open(attempt)?;
    change_pin(token.as_ref(), issued, new, attempt.caution).map(drop)
}

/// Changes the PIN and gives what recognises the new one. Blocks.
pub(super) fn change_pin(token: &dyn Token, old: &Pin, new: &Pin, caution: Caution) -> Result<PinCheck, Problem> {
    let check = PinCheck::make(new).map_err(|error| Problem::from(&error))?;
    if check.recognises(old).map_err(|error| Problem::from(&error))? {
        return Err(Problem::PinSame);
    }
    token.change_pin(old, new, caution).map_err(|error| problem(&error))?;
    Ok(check)
}

fn open(attempt: &Attempt) -> Result<Arc<dyn Token>, Problem> {
    Ok(Arc::from(attempt.keys.open(&attempt.key.0).map_err(|error| problem(&error))?))
}

fn certificates(attempt: &Attempt, token: &dyn Token) -> Result<KeyCertificates, Problem> {
    let certificates = KeyCertificates::read(token, &attempt.anchor, CUSTOMER, attempt.now)
        .and_then(|certificates| certificates.check_time(attempt.now).map(|()| certificates));
    certificates.map_err(|error| Problem::from(&error))
}

fn problem(error: &TokenError) -> Problem {
    tracing::info!(%error, "the key refused");
    error.into()
}

/// Opens the key's store. One that cannot be used must not shut the person out of the server: nothing is kept then.
async fn open_store(folder: PathBuf, key: &UsbKey) -> Result<OpenStore, StoreError> {
    let opened = match Store::open_with_earlier(&folder, key).await {
        Ok(store) => probe(store).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok((store, state, orders)) => Ok(OpenStore { store, problem: None, state, orders }),
        Err(error @ (StoreError::Key(_) | StoreError::Random(_))) => Err(error),
        Err(error) => {
            tracing::error!(%error, "nothing is kept on this machine");
            let problem = Some(Problem::from(&error));
            let (store, state) = (Store::in_memory()?, StreamState::default());
            Ok(OpenStore { store, problem, state, orders: Vec::new() })
        }
    }
}

/// Reads what a session and the queue cannot do without, so that damage shows before a session builds on it.
async fn probe(store: Store) -> Result<(Store, StreamState, Vec<OrderRecord>), StoreError> {
    crate::store::on_thread(move || {
        let followed = store.place()?.is_some();
        let unread = store.unseen()?.into_iter().map(|entry| (entry.epoch, entry.push.offset)).collect();
        let orders = store.list(Table::Orders)?;
        Ok((store, StreamState { followed, unread }, orders))
    })
    .await
}
