//! The program's task: one loop that takes commands, what tasks bring back, what the session and the keys tell, and the time.
//!
//! Every method of [`Actor`] is synchronous and quick. What takes time runs as a task of its own and ends in a [`Then`], which
//! the loop applies; so no command ever waits for the network or the key. Tasks of an account are in `work` and are dropped with
//! it, so nothing of a closed account can come back.

use std::{path::PathBuf, sync::Arc, time::Duration};

use gridkey_domain::Timestamp;
use tokio::{
    sync::{Mutex, mpsc},
    task::{JoinHandle, JoinSet},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    AppEnds, AppEvent, Command, Gate, Installation, Notice, NoticeKind, Problem, Snapshot,
    account::{Account, Happening},
    inbox,
    presence::Presence,
    unlock::FirstPin,
};
use crate::clock::Clock;

/// How often the time is looked at while an account is open.
const TICK: Duration = Duration::from_secs(1);
/// The longest that ending the program waits for the server and the key.
const ENDING: Duration = Duration::from_secs(5);

/// What a task brings back: a change of the actor.
pub(super) type Then = Box<dyn FnOnce(&mut Actor) + Send>;

/// Wraps a change of the actor.
pub(super) fn then(change: impl FnOnce(&mut Actor) + Send + 'static) -> Then {
    Box::new(change)
}

/// The program.
pub(super) struct Actor {
    pub(super) installation: Result<Installation, Problem>,
    pub(super) clock: Clock,
    pub(super) preferences: Option<PathBuf>,
    pub(super) ends: AppEnds,
    /// What is shown; told when it differs from what was told.
    pub(super) shown: Snapshot,
    pub(super) presence: Presence,
    pub(super) account: Option<Account>,
    pub(super) first_pin: Option<FirstPin>,
    /// Held by whoever logs a key in or out: a login that nobody waits for any more is over before the next begins.
    pub(super) login: Arc<Mutex<()>>,
    /// Tasks of the program.
    pub(super) tasks: JoinSet<Then>,
    /// Tasks of the account, or of the unlocking that leads to it.
    pub(super) work: JoinSet<Then>,
    /// The end of the last account: session closed, key logged out.
    pub(super) closing: Option<JoinHandle<()>>,
    /// The preferences are being written.
    pub(super) saving: Option<JoinHandle<()>>,
    pub(super) check_running: bool,
    key_changes: mpsc::UnboundedReceiver<()>,
    /// What tasks tell before they end.
    pub(super) telling: mpsc::UnboundedSender<Then>,
    told: mpsc::UnboundedReceiver<Then>,
    last_notice: u64,
    ended: bool,
}

impl Actor {
    pub(super) fn new(
        installation: Result<Installation, Problem>,
        clock: Clock,
        preferences: Option<PathBuf>,
        shown: Snapshot,
        ends: AppEnds,
    ) -> Self {
        let (changed, key_changes) = mpsc::unbounded_channel();
        let (telling, told) = mpsc::unbounded_channel();
        Self {
            installation,
            clock,
            preferences,
            ends,
            shown,
            presence: Presence::new(changed),
            account: None,
            first_pin: None,
            login: Arc::default(),
            tasks: JoinSet::new(),
            work: JoinSet::new(),
            closing: None,
            saving: None,
            check_running: false,
            key_changes,
            telling,
            told,
            last_notice: 0,
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
                Some(change) = self.told.recv() => change(&mut self),
                Some(done) = self.tasks.join_next(), if !self.tasks.is_empty() => self.take(done),
                Some(done) = self.work.join_next(), if !self.work.is_empty() => self.take(done),
                happening = Account::next(&mut self.account) => match happening {
                    Happening::Session => self.session_changed(),
                    Happening::Stream => self.look_at_inbox(),
                },
                _ = tick.tick(), if self.account.is_some() => self.tick(),
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
            Command::Renew { pin } => self.renew(pin),
            Command::Lock => self.lock(),
            Command::Reveal { pin } => self.reveal(pin),
            Command::Activity => self.person_is_there(),
            Command::LogOut => self.log_out(),
            Command::Connect => self.connect_now(),
            Command::Want(topic) => self.want(topic),
            Command::Refresh(topic) => self.refresh(topic),
            Command::Pay { request, intent, pin } => self.pay(request, intent, pin),
            Command::ForgetPaying => self.forget_paying(),
            Command::SendQueue => self.send_queue_by_hand(),
            Command::Confirm(payment) => self.confirm(payment, true),
            Command::Cancel(payment) => self.cancel(payment),
            Command::Acknowledge(alarm) => self.acknowledge(alarm),
            Command::UpdateAccount(update) => self.update_account(update),
            Command::UpdateSettings(update) => self.update_settings(update),
            Command::Document { bill, format } => self.fetch_document(bill, format),
            Command::ReceiptFile(payment) => self.fetch_receipt(payment),
            Command::ReadNotices => self.read_notices(),
            Command::Prefer(change) => self.prefer(change),
            Command::Quit => self.quit(),
        }
    }

    /// Behind the curtain only what needs no person's right is done; while the key is renewed nothing that uses it or changes
    /// orders.
    fn may(&self, command: &Command) -> bool {
        let needs_open = matches!(
            command,
            Command::ChangePin { .. }
                | Command::Renew { .. }
                | Command::Pay { .. }
                | Command::SendQueue
                | Command::Confirm(_)
                | Command::Cancel(_)
                | Command::Acknowledge(_)
                | Command::UpdateAccount(_)
                | Command::UpdateSettings(_)
                | Command::Document { .. }
                | Command::ReceiptFile(_)
                | Command::ReadNotices
        );
        let uses_key_or_orders = matches!(
            command,
            Command::ChangePin { .. }
                | Command::Renew { .. }
                | Command::Pay { .. }
                | Command::SendQueue
                | Command::Confirm(_)
                | Command::Cancel(_)
        );
        (!needs_open || matches!(self.shown.gate, Gate::Open { .. }))
            && !(uses_key_or_orders && self.shown.renewal.is_busy())
    }

    fn take(&mut self, done: Result<Then, tokio::task::JoinError>) {
        match done {
            Ok(change) => change(self),
            Err(error) if error.is_cancelled() => {}
            Err(error) => tracing::error!(%error, "a task failed"),
        }
    }

    /// What passing time does to an open account.
    fn tick(&mut self) {
        self.open_in_time();
        self.lock_when_idle();
        self.refresh_in_time();
        self.judge_renewal();
        self.renew_when_quiet();
        if !self.shown.renewal.is_busy() {
            self.follow_payments();
            self.send_queue_in_time();
        }
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

    /// Leaves the account; the loop ends after this.
    fn quit(&mut self) {
        self.work = JoinSet::new();
        self.first_pin = None;
        self.end_account();
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
            tracing::warn!("the account is left without a word: server or key do not answer");
        }
        // A login under way ends in a logout, since nobody takes it any more.
        if tokio::time::timeout(ENDING, self.login.lock()).await.is_err() {
            tracing::warn!("the program ends while the key is being logged in or out");
        }
        self.tell(AppEvent::Quit);
        let watch = self.presence.take_watch();
        // It waits for its thread.
        let _ = tokio::task::spawn_blocking(move || drop(watch)).await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells whoever listens.
    pub(super) fn tell(&self, event: AppEvent) {
        // Nobody may be listening; the snapshot has what lasts.
        let _ = self.ends.events.send(event);
    }

    /// Something asked for was not done. A key that is gone ends the account, too.
    pub(super) fn fail(&mut self, problem: Problem) {
        let key_is_gone = self.mind_key(&problem);
        if !key_is_gone {
            self.tell(AppEvent::Failed(problem));
        }
    }

    /// Tells a notice and keeps it until it is read; its number.
    pub(super) fn notice(&mut self, at: Timestamp, kind: NoticeKind, notify: bool) -> u64 {
        self.last_notice += 1;
        let notice = Notice { id: self.last_notice, at, kind, notify };
        inbox::keep(&mut self.shown.notices, notice.clone());
        self.tell(AppEvent::Notice(notice));
        self.last_notice
    }

    /// Keeps a notice that was told in an earlier session and not read since.
    pub(super) fn notice_again(&mut self, at: Timestamp, kind: NoticeKind) -> u64 {
        self.last_notice += 1;
        inbox::keep(&mut self.shown.notices, Notice { id: self.last_notice, at, kind, notify: false });
        self.last_notice
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
