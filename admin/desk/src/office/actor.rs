//! The program's task: one loop that takes commands, what tasks bring back, what the session and the keys tell, and the time.
//!
//! Every method of [`Actor`] is synchronous and quick. What takes time runs as a task of its own and ends in a [`Then`], which the
//! loop applies; so no command ever waits for the network or a token. Tasks of somebody inside are in `work` and are dropped at the
//! end, so nothing of a closed desk can come back.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
    time::Duration,
};

use gridkey_client::clock::Clock;
use gridkey_domain::Timestamp;
use tokio::{
    sync::{Mutex, mpsc},
    task::{JoinHandle, JoinSet},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    Command, Gate, Installation, OfficeEnds, OfficeEvent, Problem, Snapshot, inside::Inside, look::Looking,
    presence::Presence, unlock::FirstPin, workshop::Workshop,
};

/// How often the time is looked at while somebody is inside.
const TICK: Duration = Duration::from_secs(1);
/// The longest that ending the program waits for the server and the key.
const ENDING: Duration = Duration::from_secs(5);

/// What a task brings back: a change of the actor.
pub(super) type Then = Box<dyn FnOnce(&mut Actor) + Send>;

/// Whose turn it is to open sessions on tokens that nobody is logged in to. Blocks.
#[derive(Debug, Clone, Default)]
pub(super) struct TokensTurn(Arc<std::sync::Mutex<()>>);

impl TokensTurn {
    /// Does `work` while nobody else is at the tokens.
    pub(super) fn hold<T>(&self, work: impl FnOnce() -> T) -> T {
        let _turn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }
}

/// Wraps a change of the actor.
pub(super) fn then(change: impl FnOnce(&mut Actor) + Send + 'static) -> Then {
    Box::new(change)
}

/// The program.
pub(super) struct Actor {
    pub(super) installation: Result<Installation, Problem>,
    pub(super) clock: Clock,
    pub(super) preferences: Option<PathBuf>,
    pub(super) ends: OfficeEnds,
    /// What is shown; told when it differs from what was told.
    pub(super) shown: Snapshot,
    pub(super) presence: Presence,
    pub(super) inside: Option<Inside>,
    pub(super) first_pin: Option<FirstPin>,
    /// Looking at the tokens in the readers.
    pub(super) looking: Looking,
    /// Keys being made.
    pub(super) workshop: Option<Workshop>,
    /// Held by whoever logs a key in or out: a login that nobody waits for any more is over before the next begins.
    pub(super) login: Arc<Mutex<()>>,
    /// Held by whoever looks at tokens, and by whoever is a token's security officer: a token in whose presence another session is
    /// open does not let that one in.
    pub(super) tokens: TokensTurn,
    /// Tasks of the program.
    pub(super) tasks: JoinSet<Then>,
    /// Tasks of whoever is inside, or of the unlocking that leads there.
    pub(super) work: JoinSet<Then>,
    /// The end of the last desk: session closed, key logged out.
    pub(super) closing: Option<JoinHandle<()>>,
    /// The preferences are being written.
    pub(super) saving: Option<JoinHandle<()>>,
    pub(super) check_running: bool,
    key_changes: mpsc::UnboundedReceiver<()>,
    ended: bool,
}

impl Actor {
    pub(super) fn new(
        installation: Result<Installation, Problem>,
        clock: Clock,
        preferences: Option<PathBuf>,
        shown: Snapshot,
        ends: OfficeEnds,
    ) -> Self {
        let (changed, key_changes) = mpsc::unbounded_channel();
        Self {
            installation,
            clock,
            preferences,
            ends,
            shown,
            presence: Presence::new(changed),
            inside: None,
            first_pin: None,
            looking: Looking::default(),
            workshop: None,
            login: Arc::default(),
            tokens: TokensTurn::default(),
            tasks: JoinSet::new(),
            work: JoinSet::new(),
            closing: None,
            saving: None,
            check_running: false,
            key_changes,
            ended: false,
        }
    }

    /// Runs until the person quits or every handle is gone.
    pub(super) async fn run(mut self) {
        self.begin();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.publish();
            if self.ended {
                break;
            }
            tokio::select! {
                command = self.ends.commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => self.quit(),
                },
                Some(()) = self.key_changes.recv() => self.look_at_keys(false),
                () = due(self.presence.look_again_at()) => self.look_at_keys(false),
                Some(done) = self.tasks.join_next(), if !self.tasks.is_empty() => self.take(done),
                Some(done) = self.work.join_next(), if !self.work.is_empty() => self.take(done),
                () = Inside::next(&mut self.inside) => self.session_changed(),
                _ = tick.tick(), if self.inside.is_some() => self.tick(),
            }
        }
        self.end().await;
    }

    fn begin(&mut self) {
        match &self.installation {
            Ok(_) => self.watch_keys(),
            Err(problem) => {
                self.shown.gate = Gate::Broken(problem.clone());
                self.check_setup();
            }
        }
    }

    fn obey(&mut self, command: Command) {
        if !self.may(&command) {
            tracing::debug!("a command that nobody may give here is passed over");
            return;
        }
        match command {
            Command::CheckSetup => {
                self.check_setup();
                self.look_at_keys(true);
            }
            Command::Choose(key) => self.choose(&key),
            Command::BackToKeys => self.back_to_keys(),
            Command::Unlock { pin, last_try } => self.unlock(pin, last_try),
            Command::ChooseFirstPin { new } => self.choose_first_pin(new),
            Command::ChangePin { old, new, last_try } => self.change_pin(old, new, last_try),
            Command::Lock => self.lock(),
            Command::Reveal { pin } => self.reveal(pin),
            Command::Activity => self.person_is_there(),
            Command::LogOut => self.log_out(),
            Command::Connect => self.connect_now(),
            Command::Want(topic) => self.want(topic),
            Command::Leave(topic) => self.leave(&topic),
            Command::Refresh(topic) => self.refresh(topic),
            Command::More(topic) => self.more(topic),
            Command::Do(act) => self.act(act),
            Command::Forget(deed) => self.forget(&deed),
            Command::Import(command) => self.import(command),
            Command::Making(command) => self.making(command),
            Command::Unblock { token, so_pin } => self.unblock(token, so_pin),
            Command::Prefer(change) => self.prefer(change),
            Command::Quit => self.quit(),
        }
    }

    /// Behind the curtain only what needs no person's right is done.
    fn may(&self, command: &Command) -> bool {
        let needs_open = matches!(
            command,
            Command::ChangePin { .. }
                | Command::Do(_)
                | Command::Import(_)
                | Command::Making(_)
                | Command::Unblock { .. }
                | Command::More(_)
        );
        !needs_open || matches!(self.shown.gate, Gate::Open { .. })
    }

    fn take(&mut self, done: Result<Then, tokio::task::JoinError>) {
        match done {
            Ok(change) => change(self),
            Err(error) if error.is_cancelled() => {}
            Err(error) => tracing::error!(%error, "a task failed"),
        }
    }

    /// What passing time does to an open desk.
    fn tick(&mut self) {
        self.lock_when_idle();
        self.refresh_in_time();
        self.look_in_time();
    }

    fn publish(&self) {
        self.ends.state.send_if_modified(|told| {
            let differs = **told != self.shown;
            if differs {
                *told = Arc::new(self.shown.clone());
            }
            differs
        });
    }

    /// Leaves the desk; the loop ends after this.
    fn quit(&mut self) {
        self.drop_unlocking();
        self.end_session();
        self.ended = true;
    }

    async fn end(mut self) {
        if let Some(saving) = self.saving.take() {
            // A failure was logged.
            let _ = saving.await;
        }
        if let Some(closing) = self.closing.take()
            && tokio::time::timeout(ENDING, closing).await.is_err()
        {
            tracing::warn!("the desk is left without a word: server or key do not answer");
        }
        // A login under way ends in a logout, since nobody takes it any more.
        if tokio::time::timeout(ENDING, self.login.lock()).await.is_err() {
            tracing::warn!("the program ends while the key is being logged in or out");
        }
        self.tell(OfficeEvent::Quit);
        let watch = self.presence.take_watch();
        // It waits for its thread.
        let _ = tokio::task::spawn_blocking(move || drop(watch)).await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells whoever listens.
    pub(super) fn tell(&self, event: OfficeEvent) {
        // Nobody may be listening; the snapshot has what lasts.
        let _ = self.ends.events.send(event);
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
