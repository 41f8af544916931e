//! [`Pkcs11Hsm`]: a few threads that own PKCS#11 sessions, fed by a bounded queue.
//!
//! PKCS#11 calls block, so they never run on an async thread. A call that finds the queue full, or isn't answered in time,
//! gets [`HsmError::Unavailable`]. When the token is lost, the thread that notices reopens its session at once and repeats
//! the call; if that fails the module is marked stale, every thread drops its session, the last one initialises the module
//! anew, and sessions are reopened with back-off while callers get `Unavailable` without waiting. A thread without a session takes
//! no calls while another has one, and tries again as soon as another succeeded.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use cryptoki::types::AuthPin;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::{
    EnvelopeKey, Hsm, HsmError, HsmKey, HsmState,
    module::{Failure, Module},
    queue::{Next, Queue},
    session::{KeyNames, TokenSession},
};

const FIRST_BACK_OFF: Duration = Duration::from_millis(100);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(5);

/// What [`Pkcs11Hsm::start`] needs to know.
#[derive(Debug, Clone)]
pub struct HsmSettings {
    /// The token and its keys.
    pub names: KeyNames,
    /// Threads, each with a session of its own.
    pub threads: usize,
    /// Calls that may wait; one more is refused.
    pub queue: usize,
    /// How long a call may take, waiting included.
    pub call_limit: Duration,
}

/// A call to a token: told the session, or why there is none.
type Call = Box<dyn FnMut(Result<&mut TokenSession, HsmError>) -> Done + Send>;

struct Job {
    due: Instant,
    call: Call,
}

/// Whether the call was answered or has to be repeated on a fresh session.
enum Done {
    Answered,
    Lost(String),
}

struct Shared {
    module: Arc<Module>,
    settings: HsmSettings,
    pin: AuthPin,
    queue: Queue<Job>,
    open: AtomicUsize,
    /// How many sessions were opened ever.
    opened: AtomicU64,
    running: AtomicUsize,
    trouble: Mutex<Option<HsmState>>,
    /// Held while a session is opened: threads that start together must not spend a try of a wrong PIN each.
    opening: Mutex<()>,
}

/// The HSM behind a PKCS#11 module.
pub struct Pkcs11Hsm {
    shared: Arc<Shared>,
}

impl Pkcs11Hsm {
    /// Starts the threads. They open their sessions by themselves: a token that is missing now is used when it appears.
    pub fn start(module: Arc<Module>, settings: HsmSettings, pin: AuthPin) -> std::io::Result<Self> {
        let threads = settings.threads.max(1);
        let shared = Arc::new(Shared {
            module,
            queue: Queue::new(settings.queue.max(1)),
            settings,
            pin,
            open: AtomicUsize::new(0),
            opened: AtomicU64::new(0),
            running: AtomicUsize::new(0),
            trouble: Mutex::new(None),
            opening: Mutex::new(()),
        });
        let hsm = Self { shared };
        for number in 0..threads {
            let shared = Arc::clone(&hsm.shared);
            shared.running.fetch_add(1, Ordering::AcqRel);
            let spawned = thread::Builder::new().name(format!("hsm-{number}")).spawn(move || {
                Worker::new(&shared).run();
                shared.running.fetch_sub(1, Ordering::AcqRel);
            });
            if let Err(error) = spawned {
                hsm.shared.running.fetch_sub(1, Ordering::AcqRel);
                return Err(error);
            }
        }
        Ok(hsm)
    }

    /// Ends the threads and waits up to `limit` for the sessions to be closed. Calls made later are refused.
    pub async fn shutdown(&self, limit: Duration) {
        self.shared.queue.close();
        let end = tokio::time::Instant::now() + limit;
        while self.shared.running.load(Ordering::Acquire) > 0 && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn call<T: Send + 'static>(
        &self,
        mut ask: impl FnMut(&mut TokenSession) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, HsmError> {
        let (answer, answered) = oneshot::channel();
        let mut answer = Some(answer);
        let mut reply = move |result: Result<T, HsmError>| {
            if let Some(answer) = answer.take() {
                // Whoever asked may have given up; then nobody needs the result.
                let _ = answer.send(result);
            }
            Done::Answered
        };
        let call: Call = Box::new(move |session| {
            let session = match session {
                Ok(session) => session,
                Err(error) => return reply(Err(error)),
            };
            match ask(session) {
                Ok(value) => reply(Ok(value)),
                Err(Failure::Lost(why)) => Done::Lost(why),
                Err(Failure::NoSuchKey(_)) => reply(Err(HsmError::NoSuchKey)),
                Err(Failure::NotOpened) => reply(Err(HsmError::NotOpened)),
                Err(Failure::Pin(why) | Failure::Refused(why)) => reply(Err(HsmError::Refused(why))),
            }
        });
        let limit = self.shared.settings.call_limit;
        let job = Job { due: Instant::now() + limit, call };
        if self.shared.queue.push(job).is_err() {
            metrics::counter!("gridkey_hsm_refused_total").increment(1);
            return Err(HsmError::Unavailable("too many calls wait".to_owned()));
        }
        let asked = Instant::now();
        match tokio::time::timeout(limit, answered).await {
            Ok(Ok(result)) => {
                metrics::histogram!("gridkey_hsm_call_seconds").record(asked.elapsed());
                result
            }
            Ok(Err(_)) => Err(HsmError::Unavailable("shutting down".to_owned())),
            Err(_) => {
                metrics::counter!("gridkey_hsm_late_total").increment(1);
                Err(HsmError::Unavailable("no answer in time".to_owned()))
            }
        }
    }
}

impl Drop for Pkcs11Hsm {
    fn drop(&mut self) {
        self.shared.queue.close();
    }
}

/// One thread's side.
struct Worker<'a> {
    shared: &'a Shared,
    session: Option<TokenSession>,
    retry_at: Instant,
    /// [`Shared::opened`] when no session could be had: more means that the token is back.
    opened: u64,
    back_off: Duration,
}

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared) -> Self {
        Self { shared, session: None, retry_at: Instant::now(), opened: 0, back_off: FIRST_BACK_OFF }
    }

    fn run(mut self) {
        loop {
            let wakes = self.shared.queue.wakes();
            if self.session.is_some() && self.shared.module.is_stale() {
                // The module must be initialised anew, which takes that nobody holds a session.
                self.close();
                self.opened = self.shared.opened.load(Ordering::Acquire);
                self.retry_at = Instant::now() + FIRST_BACK_OFF;
            }
            if self.session.is_none() && (Instant::now() >= self.retry_at || self.is_token_back()) {
                self.open();
            }
            let left = self.retry_at.saturating_duration_since(Instant::now());
            let next = match (&self.session, self.shared.open.load(Ordering::Acquire)) {
                (Some(_), _) => self.shared.queue.next(None, wakes),
                (None, 0) => self.shared.queue.next(Some(left), wakes),
                (None, _) => self.shared.queue.rest(left, wakes),
            };
            match next {
                Next::Job(job) => self.serve(job),
                Next::Woken => {}
                Next::Closed => break,
            }
        }
        self.close();
    }

    /// Whether another thread has opened a session since this one could not.
    fn is_token_back(&self) -> bool {
        self.shared.opened.load(Ordering::Acquire) != self.opened && !self.shared.module.is_stale()
    }

    fn serve(&mut self, mut job: Job) {
        if Instant::now() >= job.due {
            // The caller was told so already.
            return;
        }
        for attempt in 0..2 {
            let done = match &mut self.session {
                Some(session) => (job.call)(Ok(session)),
                None => (job.call)(Err(self.shared.unavailable())),
            };
            let Done::Lost(why) = done else { return };
            tracing::warn!(why, "the HSM session was lost");
            metrics::counter!("gridkey_hsm_sessions_lost_total").increment(1);
            self.shared.note(HsmState::Lost(why));
            self.close();
            if attempt == 0 {
                self.open();
            }
        }
        self.shared.give_up(self);
        let _ = (job.call)(Err(self.shared.unavailable()));
    }

    fn open(&mut self) {
        let _one_at_a_time = self.shared.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(self.shared.trouble(), Some(HsmState::PinRefused(_))) {
            self.retry_at = Instant::now() + LONGEST_BACK_OFF;
            return;
        }
        match TokenSession::open(&self.shared.module, &self.shared.settings.names, &self.shared.pin) {
            Ok(session) => {
                self.session = Some(session);
                self.back_off = FIRST_BACK_OFF;
                self.shared.open.fetch_add(1, Ordering::AcqRel);
                self.shared.opened.fetch_add(1, Ordering::AcqRel);
                let was_lost = self.shared.trouble.lock().unwrap_or_else(PoisonError::into_inner).take().is_some();
                if was_lost {
                    self.shared.queue.wake_all();
                }
                tracing::info!("an HSM session is open");
            }
            Err(Failure::Pin(why)) => {
                tracing::error!(why, "the HSM refused the PIN; it is not tried again before a restart");
                self.shared.note(HsmState::PinRefused(why));
                self.retry_at = Instant::now() + LONGEST_BACK_OFF;
            }
            Err(failure) => {
                let why = failure.to_string();
                tracing::warn!(why, "no HSM session");
                self.shared.note(HsmState::Lost(why));
                self.shared.give_up(self);
            }
        }
    }

    fn close(&mut self) {
        if self.session.take().is_some() {
            self.shared.open.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Shared {
    /// Asks for a fresh initialisation and lets `worker` wait before it tries again.
    fn give_up(&self, worker: &mut Worker<'_>) {
        worker.retry_at = Instant::now() + worker.back_off;
        worker.opened = self.opened.load(Ordering::Acquire);
        worker.back_off = (worker.back_off * 2).min(LONGEST_BACK_OFF);
        if !self.module.is_stale() {
            self.module.mark_stale();
            self.queue.wake_all();
        }
    }

    fn note(&self, state: HsmState) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }

    fn trouble(&self) -> Option<HsmState> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn unavailable(&self) -> HsmError {
        HsmError::Unavailable(self.trouble().unwrap_or(HsmState::Starting).to_string())
    }
}

#[async_trait::async_trait]
impl Hsm for Pkcs11Hsm {
    async fn sign(&self, key: HsmKey, message: &[u8]) -> Result<[u8; 64], HsmError> {
        let message = message.to_vec();
        self.call(move |session| session.sign(key, &message)).await
    }

    async fn agree(&self, key_id: &[u8], peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, HsmError> {
        let (key_id, peer) = (key_id.to_vec(), *peer);
        self.call(move |session| session.agree(&key_id, &peer)).await
    }

    async fn wrap_data_key(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, HsmError> {
        let data_key = Zeroizing::new(*data_key);
        self.call(move |session| session.wrap(&data_key)).await
    }

    async fn unwrap_data_key(&self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, HsmError> {
        let wrapped = wrapped.to_vec();
        self.call(move |session| session.unwrap(&wrapped)).await
    }

    async fn generate_envelope_key(&self) -> Result<EnvelopeKey, HsmError> {
        self.call(TokenSession::generate_envelope).await
    }

    async fn destroy_envelope_key(&self, key_id: &[u8]) -> Result<bool, HsmError> {
        let key_id = key_id.to_vec();
        self.call(move |session| session.destroy_envelope(&key_id)).await
    }

    async fn public_key(&self, key: HsmKey) -> Result<[u8; 32], HsmError> {
        self.call(move |session| session.public_key(key)).await
    }

    async fn check(&self) -> Result<(), HsmError> {
        self.call(|session| session.check()).await
    }

    fn state(&self) -> HsmState {
        match self.shared.trouble() {
            Some(state @ HsmState::PinRefused(_)) => state,
            _ if self.shared.open.load(Ordering::Acquire) > 0 => HsmState::Ready,
            Some(state) => state,
            None => HsmState::Starting,
        }
    }
}
