//! An open account: key, store, session, and what is wanted of them. How it opens, hides, and ends.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use gridkey_domain::{PaymentId, Timestamp};
use gridkey_protocol::CloseCode;
use gridkey_token::{Pin, PinCheck, Token, TokenError};
use tokio::{
    sync::{Mutex, Semaphore, broadcast, watch},
    task::JoinSet,
    time::Instant,
};

use super::{
    Connection, Gate, KeyId, NoticeKind, Problem, Snapshot,
    actor::{Actor, then},
    follow::Follow,
    gate,
    inbox::Notices,
    topics::{BASE, Topics},
    unlock::StreamState,
};
use crate::{
    client::{Client, Renewal},
    session::{ConnectionState, Event, Online, Session},
};

/// An account opens from the store when the server has not answered by then.
const PATIENCE: Duration = Duration::from_secs(5);
/// Answers awaited at once.
const AT_ONCE: usize = 4;
/// Wrong PINs behind the curtain or before an order, until the account is closed.
const WRONG_PINS: u32 = 5;

/// An account whose key is logged in.
pub(super) struct Account {
    pub(super) key: KeyId,
    pub(super) token: Arc<dyn Token>,
    pub(super) client: Client,
    pub(super) session: Session,
    state: watch::Receiver<ConnectionState>,
    events: Option<broadcast::Receiver<Event>>,
    pub(super) check: Arc<PinCheck>,
    wrong_pins: u32,
    /// One PIN is looked at after the other, so that none is passed over and wrong ones are counted.
    check_turn: Arc<Mutex<()>>,
    /// The PIN that lifts the curtain is being looked at.
    revealing: bool,
    opened: bool,
    open_by: Instant,
    /// The stream was never followed before: nothing was missed.
    pub(super) fresh: bool,
    pub(super) topics: Topics,
    pub(super) permits: Arc<Semaphore>,
    pub(super) follow: Follow,
    pub(super) notices: Notices,
    /// The one-time bank pages, and since when.
    pub(super) pages: BTreeMap<PaymentId, (String, Instant)>,
    pub(super) queue_at: Instant,
    pub(super) sending: bool,
    /// Payments that are being withdrawn.
    pub(super) withdrawing: u32,
    /// A renewal that waits until no order is under way.
    pub(super) renew_pin: Option<Pin>,
    /// The renewed key, until it has logged in.
    pub(super) renewed: Option<Renewal>,
    /// The renewed key was revoked, and the one before it is tried.
    pub(super) revoked: Option<Problem>,
    pub(super) refresh_at: Instant,
    /// Since when nobody touched anything, by two clocks: one stops while the machine sleeps, the other may be set.
    person_at: (Instant, Timestamp),
}

/// What an account is made of.
pub(super) struct AccountParts {
    pub(super) key: KeyId,
    pub(super) token: Arc<dyn Token>,
    pub(super) client: Client,
    pub(super) session: Session,
    pub(super) check: PinCheck,
    pub(super) stream: StreamState,
}

/// What a session tells.
pub(super) enum Happening {
    /// Where the line stands.
    Session,
    /// Something came through it.
    Stream,
}

impl Account {
    pub(super) fn new(parts: AccountParts) -> Self {
        let AccountParts { key, token, client, session, check, stream } = parts;
        let now = Instant::now();
        Self {
            person_at: (now, client.now()),
            state: session.state(),
            events: Some(session.events()),
            key,
            token,
            client,
            session,
            check: Arc::new(check),
            wrong_pins: 0,
            check_turn: Arc::default(),
            revealing: false,
            opened: false,
            open_by: now + PATIENCE,
            fresh: !stream.followed,
            topics: Topics::default(),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            follow: Follow::default(),
            notices: Notices::with_old(stream.unread),
            pages: BTreeMap::new(),
            queue_at: now,
            sending: false,
            withdrawing: 0,
            renew_pin: None,
            renewed: None,
            revoked: None,
            refresh_at: now,
        }
    }

    /// Waits for what happens next in `account`; for ever without one. Dropping the future loses nothing.
    pub(super) async fn next(account: &mut Option<Self>) -> Happening {
        let Some(account) = account else { return std::future::pending().await };
        let Self { state, events, .. } = account;
        tokio::select! {
            changed = state.changed() => match changed {
                Ok(()) => Happening::Session,
                // The session's task is gone; its last state has been seen.
                Err(_) => std::future::pending().await,
            },
            event = next_event(events) => match event {
                Event::Push(_) | Event::Reload | Event::CaughtUp => Happening::Stream,
            },
        }
    }

    pub(super) const fn is_open(&self) -> bool {
        self.opened
    }

    /// Goes on with another client and its session; gives the session before, to be closed.
    pub(super) fn go_on_with(&mut self, client: Client, session: Session) -> Session {
        self.state = session.state();
        self.events = Some(session.events());
        self.client = client;
        std::mem::replace(&mut self.session, session)
    }
}

async fn next_event(events: &mut Option<broadcast::Receiver<Event>>) -> Event {
    loop {
        let Some(receiver) = events else { return std::future::pending().await };
        match receiver.recv().await {
            Ok(event) => return event,
            // What was missed is on disk.
            Err(broadcast::error::RecvError::Lagged(_)) => return Event::CaughtUp,
            Err(broadcast::error::RecvError::Closed) => *events = None,
        }
    }
}

impl Connection {
    /// What a session's state is to a person.
    pub fn of(state: &ConnectionState) -> Self {
        match state {
            ConnectionState::Offline => Self::Offline,
            ConnectionState::Connecting => Self::Connecting,
            ConnectionState::Online(online) => Self::Online { since: online.since, session: online.session.clone() },
            ConnectionState::Waiting { until, reason } => {
                Self::Waiting { until: *until, problem: Problem::from(reason.as_ref()) }
            }
            ConnectionState::Ended(reason) => Self::Refused(Problem::from(reason.as_ref())),
        }
    }
}

impl Snapshot {
    /// Without anything of an account.
    fn without_account(&self) -> Self {
        Self {
            gate: self.gate.clone(),
            keys: self.keys.clone(),
            setup: self.setup.clone(),
            company: self.company.clone(),
            preferences: self.preferences.clone(),
            ..Self::default()
        }
    }
}

impl Actor {
    /// Whether the open account still uses `client`'s key, and so its store.
    pub(super) fn goes_on_with(&self, client: &Client) -> bool {
        let leaf = |client: &Client| client.key().certificates().leaf().fingerprint();
        self.account.as_ref().is_some_and(|account| leaf(&account.client) == leaf(client))
    }

    /// Takes up where the session stands.
    pub(super) fn session_changed(&mut self) {
        let Some(account) = &mut self.account else { return };
        let state = account.state.borrow_and_update().clone();
        let connection = Connection::of(&state);
        if let ConnectionState::Ended(reason) = &state {
            tracing::warn!(%reason, "the session ended for good");
            let Connection::Refused(problem) = &connection else { return };
            let problem = problem.clone();
            if self.mind_key(&problem) {
                return;
            }
            if reason.close_code() == Some(CloseCode::Revoked) && self.go_back_before_renewal(&problem) {
                return;
            }
            if reason.disowns_key() {
                let problem = self.account.as_mut().and_then(|account| account.revoked.take()).unwrap_or(problem);
                self.close_account(Gate::Keys { problem: Some(problem) });
                return;
            }
            self.renewed_key_is_refused(&problem);
        }
        self.shown.connection = connection;
        match state {
            ConnectionState::Online(online) => self.went_online(&online),
            ConnectionState::Waiting { .. } | ConnectionState::Ended(_) => {
                self.open_account();
                self.load_what_lacks();
            }
            ConnectionState::Connecting | ConnectionState::Offline => {}
        }
    }

    fn went_online(&mut self, online: &Arc<Online>) {
        let Some(account) = &mut self.account else { return };
        account.queue_at = Instant::now();
        if online.customer.is_some() {
            self.shown.customer.clone_from(&online.customer);
        }
        let (client, online) = (account.client.clone(), Arc::clone(online));
        self.work.spawn(async move {
            client.remember(&online).await;
            then(|_| {})
        });
        let renewed = account.renewed.take();
        let went_back = account.revoked.take().is_some();
        let opened = account.opened;
        if let Some(renewed) = renewed {
            self.renewed_key_is_used(renewed);
        }
        if went_back {
            self.offer_renewal_anew();
        }
        if opened {
            self.reload_all();
        } else {
            self.open_account();
        }
    }

    /// Opens the account, the first time that is asked for.
    fn open_account(&mut self) {
        let Some(account) = self.account.as_mut().filter(|account| !account.opened) else { return };
        account.opened = true;
        account.person_at = (Instant::now(), account.client.now());
        self.shown.gate = Gate::Open { key: account.key.clone() };
        BASE.iter().for_each(|topic| self.load(topic.clone()));
        self.look_at_queue();
        self.look_at_inbox();
    }

    /// The server takes its time: what is kept is shown meanwhile.
    pub(super) fn open_in_time(&mut self) {
        if self.account.as_ref().is_some_and(|account| !account.opened && Instant::now() >= account.open_by) {
            self.open_account();
        }
    }

    /// Whose account it is, as the store knows, until the server says.
    pub(super) fn recall_customer(&mut self) {
        let Some(account) = &self.account else { return };
        let client = account.client.clone();
        self.work.spawn(async move {
            let customer = client.customer().await.ok();
            then(move |actor| actor.shown.customer = actor.shown.customer.take().or(customer))
        });
    }

    pub(super) fn connect_now(&mut self) {
        let Some(account) = &self.account else { return };
        let session = account.session.clone();
        self.work.spawn(async move {
            session.retry_now().await;
            then(|_| {})
        });
    }

    /// Ends the account, or the unlocking that leads to one, shows nothing of it any more, and goes to `gate`.
    pub(super) fn close_account(&mut self, gate: Gate) {
        self.drop_unlocking();
        self.end_account();
        self.shown = self.shown.without_account();
        self.shown.gate = gate;
    }

    /// Closes the session, then logs the key out; in a task of its own, which the next login waits for.
    pub(super) fn end_account(&mut self) {
        self.work = JoinSet::new();
        let Some(account) = self.account.take() else { return };
        let (before, login) = (self.closing.take(), Arc::clone(&self.login));
        // Taken here rather than in the task, so that no login comes before this logout.
        let turn = Arc::clone(&login).try_lock_owned();
        self.closing = Some(tokio::spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            let _turn = match turn {
                Ok(turn) => turn,
                Err(_) => login.lock_owned().await,
            };
            account.session.close().await;
            account.client.key().log_out().await;
        }));
    }

    pub(super) fn log_out(&mut self) {
        if self.account.is_some() {
            self.close_account(gate::choose_by_itself(&self.shown.keys));
        } else if matches!(self.shown.gate, Gate::Unlocking { .. } | Gate::FirstPin { .. }) {
            self.drop_unlocking();
            self.shown.gate = gate::choose_by_itself(&self.shown.keys);
        }
    }

    pub(super) fn lock(&mut self) {
        if let Gate::Open { key } = &self.shown.gate {
            self.shown.gate = Gate::Locked { key: key.clone(), problem: None };
        }
    }

    pub(super) fn person_is_there(&mut self) {
        if let Some(account) = &mut self.account {
            account.person_at = (Instant::now(), account.client.now());
        }
    }

    pub(super) fn lock_when_idle(&mut self) {
        let minutes = u64::from(self.shown.preferences.lock_minutes);
        let Some(account) = self.account.as_ref().filter(|account| account.opened && minutes > 0) else { return };
        let limit = Duration::from_secs(minutes * 60);
        let (since, at) = account.person_at;
        let by_clock = u64::try_from(self.now().seconds_since(at)).unwrap_or(0);
        if since.elapsed() >= limit || Duration::from_secs(by_clock) >= limit {
            self.lock();
        }
    }

    pub(super) fn reveal(&mut self, pin: Pin) {
        let is_locked = matches!(self.shown.gate, Gate::Locked { .. });
        let Some(account) = self.account.as_mut().filter(|account| is_locked && !account.revealing) else { return };
        account.revealing = true;
        self.check_pin(pin, |actor, outcome| {
            if let Some(account) = &mut actor.account {
                account.revealing = false;
            }
            let Gate::Locked { key, .. } = &actor.shown.gate else { return };
            let key = key.clone();
            match outcome {
                Ok(()) => {
                    actor.shown.gate = Gate::Open { key };
                    actor.person_is_there();
                }
                Err(problem) => actor.shown.gate = Gate::Locked { key, problem: Some(problem) },
            }
        });
    }

    fn close_after_wrong_pins(&mut self) {
        let Some(key) = self.account.as_ref().map(|account| account.key.clone()) else { return };
        self.close_account(Gate::Pin { key, problem: Some(Problem::WrongPinHere { left: 0 }) });
        self.notice(self.now(), NoticeKind::AlarmsPaused, true);
    }

    /// Looks whether the PIN is the one that opened the account, without asking the key. After too many wrong ones the account
    /// is closed and `go_on` is not called.
    pub(super) fn check_pin(&mut self, pin: Pin, go_on: impl FnOnce(&mut Self, Result<(), Problem>) + Send + 'static) {
        let Some(account) = &self.account else { return };
        let (check, turn) = (Arc::clone(&account.check), Arc::clone(&account.check_turn));
        self.work.spawn(async move {
            let turn = turn.lock_owned().await;
            let outcome = tokio::task::spawn_blocking(move || check.recognises(&pin)).await;
            let outcome = outcome.unwrap_or(Err(TokenError::Randomness));
            then(move |actor| {
                // Kept until here: the next PIN is looked at once this one was counted.
                let _turn = turn;
                let Some(account) = &mut actor.account else { return };
                match outcome {
                    Ok(true) => {
                        account.wrong_pins = 0;
                        go_on(actor, Ok(()));
                    }
                    Ok(false) => {
                        account.wrong_pins += 1;
                        let left = WRONG_PINS.saturating_sub(account.wrong_pins);
                        if left > 0 {
                            go_on(actor, Err(Problem::WrongPinHere { left }));
                        } else {
                            actor.close_after_wrong_pins();
                        }
                    }
                    Err(error) => go_on(actor, Err(Problem::from(&error))),
                }
            })
        });
    }
}
