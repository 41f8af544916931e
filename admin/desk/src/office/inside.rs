//! An open desk: the administrator's key and session, how it opens, hides, and ends.

use std::sync::Arc;

use gridkey_client::{
    app::Problem as Common,
    key::UsbKey,
    session::{ConnectionState, Online, Session},
};
use gridkey_domain::{Timestamp, key::AdminRole};
use gridkey_protocol::{
    ByteArray,
    frame::Role,
    ops::{self, admin::keys::KeyBody},
};
use gridkey_token::{PinCheck, Token};
use tokio::{
    sync::{Mutex, Semaphore, watch},
    task::JoinSet,
    time::Instant,
};

use super::{
    Connection, Gate, KeyId, Me, Problem, Snapshot, UnlockStep,
    actor::{Actor, then},
    gate,
    topics::Topics,
};
use crate::desk::Desk;

/// Answers awaited at once.
const AT_ONCE: usize = 4;

/// An administrator whose key is logged in.
pub(super) struct Inside {
    pub(super) key: KeyId,
    pub(super) token: Arc<dyn Token>,
    usb: UsbKey,
    pub(super) session: Session,
    state: watch::Receiver<ConnectionState>,
    /// The desk of the present login, for whoever does things; none while the line is down.
    pub(super) desk: watch::Sender<Option<Arc<Desk>>>,
    pub(super) check: Arc<PinCheck>,
    pub(super) wrong_pins: u32,
    /// One PIN is looked at after the other, so that none is passed over and wrong ones are counted.
    pub(super) check_turn: Arc<Mutex<()>>,
    /// The PIN that lifts the curtain is being looked at.
    pub(super) revealing: bool,
    pub(super) opened: bool,
    pub(super) topics: Topics,
    pub(super) permits: Arc<Semaphore>,
    /// Since when nobody touched anything, by two clocks: one stops while the machine sleeps, the other may be set.
    pub(super) person_at: (Instant, Timestamp),
}

/// What it is made of.
pub(super) struct InsideParts {
    pub(super) key: KeyId,
    pub(super) token: Arc<dyn Token>,
    pub(super) usb: UsbKey,
    pub(super) session: Session,
    pub(super) check: PinCheck,
    pub(super) now: Timestamp,
}

impl Inside {
    pub(super) fn new(parts: InsideParts) -> Self {
        let InsideParts { key, token, usb, session, check, now } = parts;
        Self {
            key,
            token,
            usb,
            state: session.state(),
            session,
            desk: watch::Sender::new(None),
            check: Arc::new(check),
            wrong_pins: 0,
            check_turn: Arc::default(),
            revealing: false,
            opened: false,
            topics: Topics::default(),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            person_at: (Instant::now(), now),
        }
    }

    /// Waits until the session's state changes; for ever without one. Dropping the future loses nothing.
    pub(super) async fn next(inside: &mut Option<Self>) {
        let Some(inside) = inside else { return std::future::pending().await };
        if inside.state.changed().await.is_err() {
            // The session's task is gone; its last state has been seen.
            std::future::pending::<()>().await;
        }
    }

    pub(super) const fn is_open(&self) -> bool {
        self.opened
    }

    /// The desk, if the line is there.
    pub(super) fn desk(&self) -> Option<Arc<Desk>> {
        self.desk.borrow().clone()
    }
}

impl Snapshot {
    /// Without anything of whoever was inside.
    fn without_desk(&self) -> Self {
        Self {
            gate: self.gate.clone(),
            cards: self.cards.clone(),
            setup: self.setup.clone(),
            company: self.company.clone(),
            preferences: self.preferences.clone(),
            ..Self::default()
        }
    }
}

impl Actor {
    /// Takes up where the session stands.
    pub(super) fn session_changed(&mut self) {
        let Some(inside) = &mut self.inside else { return };
        let state = inside.state.borrow_and_update().clone();
        let connection = Connection::of(&state);
        if !matches!(state, ConnectionState::Online(_)) {
            inside.desk.send_replace(None);
        }
        if let (ConnectionState::Ended(reason), Connection::Refused(problem)) = (&state, &connection) {
            tracing::warn!(%reason, "the session ended for good");
            let (key, opened, problem) = (inside.key.clone(), inside.opened, Problem::from(problem.clone()));
            if self.mind_key(&problem) {
                return;
            }
            if reason.disowns_key() || reason.is_not_allowed_in() {
                self.close(Gate::Keys { problem: Some(problem) });
                return;
            }
            if !opened {
                self.close(Gate::Pin { key, problem: Some(problem) });
                return;
            }
        }
        self.shown.connection = connection;
        match state {
            ConnectionState::Online(online) => self.went_online(online),
            ConnectionState::Waiting { .. } | ConnectionState::Ended(_) => self.load_what_lacks(),
            ConnectionState::Connecting | ConnectionState::Offline => {}
        }
    }

    /// Asks what this key may do, at each login anew: it may have been changed meanwhile.
    fn went_online(&mut self, online: Arc<Online>) {
        let Some(inside) = &mut self.inside else { return };
        if online.role != Role::Admin {
            let key = inside.key.clone();
            self.close(Gate::Pin { key, problem: Some(Problem::NotAdministrator) });
            return;
        }
        let desk = Arc::new(Desk::of(inside.session.clone(), online, inside.usb.clone(), self.clock.clone()));
        inside.desk.send_replace(Some(Arc::clone(&desk)));
        if !inside.opened {
            self.shown.gate = Gate::Unlocking { key: inside.key.clone(), step: UnlockStep::Rights };
        }
        let key = ByteArray(desk.key().certificates().leaf().fingerprint());
        self.work.spawn(async move {
            let told = desk.read::<ops::KeyGet>(&KeyBody { key }).await;
            then(move |actor| match told {
                Ok(life) => match life.key.admin {
                    Some(role) => actor.let_in(&life.key.name, role, key),
                    None => actor.turn_away(Problem::NotAdministrator),
                },
                Err(error) => match Problem::from(&error) {
                    // The line went again; the next login asks anew.
                    Problem::Common(Common::ConnectionLost | Common::Offline) => {}
                    problem => actor.turn_away(problem),
                },
            })
        });
    }

    fn turn_away(&mut self, problem: Problem) {
        if self.mind_key(&problem) {
            return;
        }
        let Some(inside) = self.inside.as_ref().filter(|inside| !inside.opened) else { return };
        let key = inside.key.clone();
        self.close(Gate::Pin { key, problem: Some(problem) });
    }

    fn let_in(&mut self, name: &str, role: AdminRole, key: ByteArray<32>) {
        let Some(inside) = &mut self.inside else { return };
        let card = self.shown.cards.iter().find(|card| card.id == inside.key);
        let leaf_end = inside.usb.certificates().leaf().not_after();
        self.shown.me = Some(Me {
            name: name.to_owned(),
            role,
            key,
            token: card.map(|card| card.serial.clone()).unwrap_or_default(),
            not_after: leaf_end,
        });
        if inside.opened {
            self.reload_watched();
        } else {
            inside.opened = true;
            inside.person_at = (Instant::now(), self.clock.now());
            self.shown.gate = Gate::Open { key: inside.key.clone() };
            self.load_what_is_wanted();
        }
    }

    pub(super) fn connect_now(&mut self) {
        let Some(inside) = &self.inside else { return };
        let session = inside.session.clone();
        self.work.spawn(async move {
            session.retry_now().await;
            then(|_| {})
        });
    }

    /// Ends the session, or the unlocking that leads to one, shows nothing of it any more, and goes to `gate`.
    pub(super) fn close(&mut self, gate: Gate) {
        self.drop_unlocking();
        self.end_session();
        self.shown = self.shown.without_desk();
        self.shown.gate = gate;
    }

    /// Closes the session, then logs the key out; in a task of its own, which the next login waits for.
    pub(super) fn end_session(&mut self) {
        self.work = JoinSet::new();
        self.workshop = None;
        self.looking.forget();
        let Some(inside) = self.inside.take() else { return };
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
            inside.session.close().await;
            inside.usb.log_out().await;
        }));
    }

    pub(super) fn log_out(&mut self) {
        if self.inside.is_some() || matches!(self.shown.gate, Gate::Unlocking { .. } | Gate::FirstPin { .. }) {
            self.close(gate::choose_by_itself(&self.shown.cards));
        }
    }
}
