//! The task that owns a session.

use std::{collections::HashMap, sync::Arc, time::Duration};

use gridkey_domain::Timestamp;
use gridkey_protocol::{
    ByteArray, CloseCode,
    cbor::Value,
    frame::{Push, ServerFrame, Welcome},
    handshake::Resume,
    limits,
    ops::{Operation, StreamAck, alarms::StreamAckBody},
    session::ClientSession,
};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, sleep_until},
};

use super::{
    CallError, ConnectionState, Event, Online, SessionFailure, SessionSettings, StreamKeeper, backoff,
    handle::{Command, Ends},
    handshake::{self, Opened},
};
use crate::{
    key::UsbKey,
    random,
    store::StoreError,
    transport::{Channel, Connector, Incoming},
};

/// A session that lived so long was a good one: the next failure is the first of a row.
const STABLE: Duration = Duration::from_secs(60);
const SILENCE: Duration = Duration::from_secs(limits::SILENCE_SECONDS);

pub(super) struct Actor {
    connector: Arc<dyn Connector>,
    key: UsbKey,
    settings: SessionSettings,
    ends: Ends,
    failures: u32,
}

/// Who waits for an answer.
enum Waiter {
    Caller(oneshot::Sender<Result<Value, CallError>>),
    /// The actor's own acknowledgement.
    Ack,
}

/// A welcomed session and its channel.
struct Live {
    channel: Box<dyn Channel>,
    session: ClientSession,
    waiters: HashMap<u64, Waiter>,
    epoch: [u8; 16],
    /// Applied, not yet acknowledged.
    to_acknowledge: Option<u64>,
    acknowledging: bool,
    /// The offset at which what was missed has all come.
    catch_up_at: Option<u64>,
}

/// What ended a stretch of work.
enum End {
    /// This program wants it so.
    Closed(Option<oneshot::Sender<()>>),
    /// Something failed.
    Failed(SessionFailure),
}

impl Actor {
    pub(super) fn new(connector: Arc<dyn Connector>, key: UsbKey, settings: SessionSettings, ends: Ends) -> Self {
        Self { connector, key, settings, ends, failures: 0 }
    }

    pub(super) async fn run(mut self) {
        loop {
            self.tell(ConnectionState::Connecting);
            let end = match self.connect().await {
                Ok(live) => self.serve(live).await,
                Err(end) => end,
            };
            let failure = match end {
                End::Closed(done) => {
                    self.tell(ConnectionState::Offline);
                    if let Some(done) = done {
                        // Nobody may be waiting any more.
                        let _ = done.send(());
                    }
                    return;
                }
                End::Failed(failure) => failure,
            };
            tracing::debug!(%failure, "session ended");
            if let Some(done) = self.rest(failure).await {
                self.tell(ConnectionState::Offline);
                if let Some(done) = done {
                    let _ = done.send(());
                }
                return;
            }
        }
    }

    /// Waits for the next attempt; `Some` if the program closed the session meanwhile.
    async fn rest(&mut self, failure: SessionFailure) -> Option<Option<oneshot::Sender<()>>> {
        let failure = Arc::new(failure);
        let may_retry = self.settings.reconnect && failure.invites_retry();
        self.failures = self.failures.saturating_add(1);
        let pause = may_retry.then(|| {
            let random = random::bytes().map_or(u64::MAX, u64::from_be_bytes);
            backoff(self.failures, failure.close_code(), random)
        });
        match pause {
            Some(pause) => {
                let seconds = i64::try_from(pause.as_secs()).unwrap_or(0);
                let until = self.now().plus_seconds(seconds);
                self.tell(ConnectionState::Waiting { until, reason: failure });
            }
            None => self.tell(ConnectionState::Ended(failure)),
        }
        let wake = async {
            match pause {
                Some(pause) => sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(wake);
        loop {
            tokio::select! {
                () = &mut wake => return None,
                command = self.ends.commands.recv() => match command {
                    None => return Some(None),
                    Some(Command::Close { done }) => return Some(Some(done)),
                    Some(Command::RetryNow) => return None,
                    Some(Command::Call { reply, .. }) => refuse(reply),
                },
            }
        }
    }

    /// Connects and logs in, answering commands meanwhile.
    async fn connect(&mut self) -> Result<Live, End> {
        let (connector, key, settings) = (Arc::clone(&self.connector), self.key.clone(), self.settings.clone());
        let attempt = async move {
            let resume = match &settings.keeper {
                Some(keeper) => position(keeper).await?,
                None => None,
            };
            let mut channel = connector.connect().await?;
            let opened = handshake::open(channel.as_mut(), &key, &settings, resume).await?;
            Ok::<_, SessionFailure>((channel, opened, resume))
        };
        tokio::pin!(attempt);
        let (channel, opened, resume) = loop {
            tokio::select! {
                outcome = &mut attempt => break outcome.map_err(End::Failed)?,
                command = self.ends.commands.recv() => match command {
                    None => return Err(End::Closed(None)),
                    Some(Command::Close { done }) => return Err(End::Closed(Some(done))),
                    Some(Command::RetryNow) => {}
                    Some(Command::Call { reply, .. }) => refuse(reply),
                },
            }
        };
        self.welcomed(channel, opened, resume).await.map_err(End::Failed)
    }

    async fn welcomed(
        &mut self,
        channel: Box<dyn Channel>,
        opened: Opened,
        resume: Option<Resume>,
    ) -> Result<Live, SessionFailure> {
        let Opened { session, welcome, envelope } = opened;
        let Welcome { session: name, role, customer, time, epoch, offset, recovered } = welcome;
        let mut live = Live {
            channel,
            session,
            waiters: HashMap::new(),
            epoch: epoch.0,
            to_acknowledge: None,
            acknowledging: false,
            catch_up_at: None,
        };
        if let Some(keeper) = &self.settings.keeper {
            if recovered {
                live.catch_up_at = Some(offset);
            } else {
                let keeper = Arc::clone(keeper);
                on_thread(move || keeper.restart(Resume { epoch: ByteArray(epoch.0), offset })).await?;
            }
        }
        self.tell(ConnectionState::Online(Arc::new(Online {
            session: name,
            role,
            customer,
            since: self.now(),
            server_time: time,
            envelope,
            recovered,
            newest: offset,
        })));
        if self.settings.keeper.is_some() {
            if !recovered {
                self.event(Event::Reload);
                self.event(Event::CaughtUp);
            } else if resume.is_some_and(|resume| resume.offset >= offset) {
                live.catch_up_at = None;
                self.event(Event::CaughtUp);
            }
        }
        Ok(live)
    }

    /// Works until the session ends.
    async fn serve(&mut self, mut live: Live) -> End {
        let began = Instant::now();
        let end = self.work(&mut live).await;
        if began.elapsed() >= STABLE {
            self.failures = 0;
        }
        for (_, waiter) in live.waiters.drain() {
            if let Waiter::Caller(reply) = waiter {
                // Its caller may have given up.
                let _ = reply.send(Err(CallError::Lost));
            }
        }
        match &end {
            End::Closed(_) => live.channel.close(CloseCode::SessionEnd).await,
            End::Failed(SessionFailure::Rules(error)) => live.channel.close(error.close()).await,
            End::Failed(SessionFailure::Channel(_)) => {}
            End::Failed(_) => live.channel.close(CloseCode::GoingAway).await,
        }
        end
    }

    async fn work(&mut self, live: &mut Live) -> End {
        let mut heard = Instant::now();
        loop {
            let room = live.session.has_room();
            let outcome = tokio::select! {
                incoming = live.channel.receive(limits::MESSAGE) => {
                    heard = Instant::now();
                    match incoming {
                        Ok(Incoming::Message(message)) => self.take(live, &message).await,
                        Ok(Incoming::Alive) => Ok(()),
                        Err(error) => Err(error.into()),
                    }
                }
                command = self.ends.commands.recv(), if room => match command {
                    None => return End::Closed(None),
                    Some(Command::Close { done }) => return End::Closed(Some(done)),
                    Some(Command::RetryNow) => Ok(()),
                    Some(Command::Call { op, body, reply }) => live.request(op, &body, Waiter::Caller(reply)).await,
                },
                () = sleep_until(heard + SILENCE) => Err(SessionFailure::Silence),
            };
            if let Err(failure) = outcome {
                return End::Failed(failure);
            }
        }
    }

    /// Takes one message from the server.
    async fn take(&self, live: &mut Live, message: &[u8]) -> Result<(), SessionFailure> {
        match live.session.receive(message)? {
            ServerFrame::Response(response) => {
                match live.waiters.remove(&response.id) {
                    Some(Waiter::Caller(reply)) => {
                        // Its caller may have given up.
                        let _ = reply.send(response.outcome.map_err(CallError::Refused));
                    }
                    Some(Waiter::Ack) => live.acknowledging = false,
                    None => {}
                }
                live.acknowledge().await
            }
            ServerFrame::Push(push) => self.apply(live, push).await,
            // `ClientSession` lets no second welcome through.
            ServerFrame::Welcome(_) => Ok(()),
        }
    }

    /// Keeps a push before anything else happens with it: told and acknowledged is only what is on disk.
    async fn apply(&self, live: &mut Live, push: Push) -> Result<(), SessionFailure> {
        let offset = push.offset;
        let push = Arc::new(push);
        let Some(keeper) = &self.settings.keeper else {
            self.event(Event::Push(push));
            return Ok(());
        };
        let (keeper, kept, epoch) = (Arc::clone(keeper), Arc::clone(&push), live.epoch);
        if on_thread(move || keeper.apply(epoch, &kept)).await? {
            self.event(Event::Push(push));
        }
        if live.catch_up_at.is_some_and(|newest| offset >= newest) {
            live.catch_up_at = None;
            self.event(Event::CaughtUp);
        }
        live.to_acknowledge = Some(offset);
        live.acknowledge().await
    }

    fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    fn tell(&self, state: ConnectionState) {
        self.ends.state.send_replace(state);
    }

    fn event(&self, event: Event) {
        // Nobody may be listening; the keeper has it.
        let _ = self.ends.events.send(event);
    }
}

impl Live {
    async fn request(&mut self, op: &str, body: &Value, waiter: Waiter) -> Result<(), SessionFailure> {
        let (id, sealed) = self.session.request(op, body)?;
        self.waiters.insert(id, waiter);
        Ok(self.channel.send(sealed).await?)
    }

    /// One acknowledgement at a time, always of the newest: a burst of pushes costs two.
    async fn acknowledge(&mut self) -> Result<(), SessionFailure> {
        if self.acknowledging || !self.session.has_room() {
            return Ok(());
        }
        let Some(offset) = self.to_acknowledge.take() else { return Ok(()) };
        let body = gridkey_protocol::cbor::to_value(&StreamAckBody { offset }).unwrap_or(Value::empty_map());
        self.acknowledging = true;
        self.request(StreamAck::NAME, &body, Waiter::Ack).await
    }
}

fn refuse(reply: oneshot::Sender<Result<Value, CallError>>) {
    // Its caller may have given up.
    let _ = reply.send(Err(CallError::NotConnected));
}

async fn position(keeper: &Arc<dyn StreamKeeper>) -> Result<Option<Resume>, SessionFailure> {
    let keeper = Arc::clone(keeper);
    on_thread(move || keeper.position()).await
}

async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, SessionFailure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome.map_err(|error| SessionFailure::Store(Arc::new(error))),
        Err(_) => Err(SessionFailure::Store(Arc::new(StoreError::Thread))),
    }
}
