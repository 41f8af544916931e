//! The handle by which the rest of the program uses a session.

use std::{sync::Arc, time::Duration};

use gridkey_protocol::{
    cbor::{self, Value},
    ops::Operation,
};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::{CallError, ConnectionState, Event, Online, SessionFailure};

/// How long an answer may take before the caller is told that there is none.
const ANSWER: Duration = Duration::from_secs(30);
/// How long closing may take: the server is told if it listens, and is no longer waited for.
const CLOSING: Duration = Duration::from_secs(3);
/// Requests that wait for the actor; beyond it callers wait.
const COMMANDS: usize = 64;
/// Events a slow listener may be behind before it is told that it missed some.
const EVENTS: usize = 256;

/// What the actor is asked.
pub(super) enum Command {
    Call { op: &'static str, body: Value, reply: oneshot::Sender<Result<Value, CallError>> },
    RetryNow,
    Close { done: oneshot::Sender<()> },
}

/// The actor's ends of the channels.
pub(super) struct Ends {
    pub(super) commands: mpsc::Receiver<Command>,
    pub(super) state: watch::Sender<ConnectionState>,
    pub(super) events: broadcast::Sender<Event>,
}

/// A handle on a session; cheap to clone. When the last one is dropped the session is closed.
#[derive(Debug, Clone)]
pub struct Session {
    commands: mpsc::Sender<Command>,
    state: watch::Receiver<ConnectionState>,
    /// Only to subscribe; the actor ends by its commands, not by its listeners.
    events: broadcast::WeakSender<Event>,
    closed: Arc<broadcast::Receiver<Event>>,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Call { op, .. } => f.write_str(op),
            Self::RetryNow => f.write_str("retry now"),
            Self::Close { .. } => f.write_str("close"),
        }
    }
}

impl Session {
    pub(super) fn open_handle() -> (Self, Ends) {
        let (command_sender, commands) = mpsc::channel(COMMANDS);
        let (state, state_receiver) = watch::channel(ConnectionState::Connecting);
        let (events, closed) = broadcast::channel(EVENTS);
        let handle = Self {
            commands: command_sender,
            state: state_receiver,
            events: events.downgrade(),
            closed: Arc::new(closed),
        };
        (handle, Ends { commands, state, events })
    }

    /// Where it stands, now and from now on.
    pub fn state(&self) -> watch::Receiver<ConnectionState> {
        self.state.clone()
    }

    /// The open session, if there is one.
    pub fn current(&self) -> Option<Arc<Online>> {
        match &*self.state.borrow() {
            ConnectionState::Online(online) => Some(Arc::clone(online)),
            _ => None,
        }
    }

    /// Why there is no open session, if that is known.
    pub fn failure(&self) -> Option<Arc<SessionFailure>> {
        match &*self.state.borrow() {
            ConnectionState::Waiting { reason, .. } | ConnectionState::Ended(reason) => Some(Arc::clone(reason)),
            ConnectionState::Online(_) | ConnectionState::Connecting | ConnectionState::Offline => None,
        }
    }

    /// What happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.upgrade().map_or_else(|| self.closed.resubscribe(), |events| events.subscribe())
    }

    /// Waits until logged in, or until the first failure. `None` if it was closed here.
    pub async fn online(&self) -> Result<Arc<Online>, Option<Arc<SessionFailure>>> {
        let mut state = self.state.clone();
        loop {
            match &*state.borrow_and_update() {
                ConnectionState::Online(online) => return Ok(Arc::clone(online)),
                ConnectionState::Waiting { reason, .. } | ConnectionState::Ended(reason) => {
                    return Err(Some(Arc::clone(reason)));
                }
                ConnectionState::Offline => return Err(None),
                ConnectionState::Connecting => {}
            }
            if state.changed().await.is_err() {
                return Err(None);
            }
        }
    }

    /// Carries out an operation on the open session.
    pub async fn call<O: Operation>(&self, body: &O::Body) -> Result<O::Result, CallError> {
        let body = cbor::to_value(body).map_err(CallError::BadRequest)?;
        let (reply, answer) = oneshot::channel();
        let command = Command::Call { op: O::NAME, body, reply };
        let asked = async {
            self.commands.send(command).await.map_err(|_| CallError::NotConnected)?;
            answer.await.map_err(|_| CallError::Lost)?
        };
        match tokio::time::timeout(ANSWER, asked).await {
            Ok(outcome) => cbor::from_value(outcome?).map_err(CallError::BadAnswer),
            Err(_) => Err(CallError::NoAnswer),
        }
    }

    /// Ends a wait: the next attempt begins at once. Also starts anew after an end.
    pub async fn retry_now(&self) {
        // A closed session has nobody left to try.
        let _ = self.commands.send(Command::RetryNow).await;
    }

    /// Closes the session and waits, for some seconds at most, until the server was told.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        let told = async {
            if self.commands.send(Command::Close { done }).await.is_ok() {
                // An error means that the actor is gone already.
                let _ = closed.await;
            }
        };
        if tokio::time::timeout(CLOSING, told).await.is_err() {
            tracing::debug!("the session is left without a word: the line takes nothing");
        }
    }
}
