//! Presence through PC/SC.

use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use pcsc::{Context, Error, PNP_NOTIFICATION, Scope, State};

use super::{Known, Place, Presence, PresenceWatcher};

/// How often a missing service is looked for again. PC/SC has no event for its own start.
const SERVICE_RETRY: Duration = Duration::from_secs(2);
/// How long one wait in the service lasts at most; it only bounds a hang of the service.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Watches all readers in a thread.
pub struct ReaderWatcher {
    /// Dropped to tell the thread to end.
    running: Option<Sender<()>>,
    /// The context that the thread waits in, for cancelling.
    waiting: Arc<Mutex<Option<Context>>>,
    thread: Option<JoinHandle<()>>,
}

impl ReaderWatcher {
    /// Starts watching. `on_event` is called on the watcher's thread and should return quickly.
    ///
    /// # Errors
    /// The system's, when it gives no thread. A missing PC/SC service is an event, not an error.
    pub fn start(on_event: impl FnMut(Presence) + Send + 'static) -> std::io::Result<Self> {
        let (running, stopped) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(None));
        let shared = Arc::clone(&waiting);
        let thread =
            thread::Builder::new().name("key-presence".to_owned()).spawn(move || watch(&stopped, &shared, on_event))?;
        Ok(Self { running: Some(running), waiting, thread: Some(thread) })
    }

    fn end(&mut self) {
        drop(self.running.take());
        let Some(thread) = self.thread.take() else { return };
        // A cancel sent just before the thread begins to wait would be lost, so it is repeated until the thread ends.
        while !thread.is_finished() {
            if let Some(context) = &*self.waiting.lock().unwrap_or_else(PoisonError::into_inner) {
                let _ = context.cancel();
            }
            thread::park_timeout(Duration::from_millis(10));
        }
        if thread.join().is_err() {
            tracing::error!("the presence watcher's callback panicked");
        }
    }
}

impl PresenceWatcher for ReaderWatcher {
    fn stop(mut self: Box<Self>) {
        self.end();
    }
}

impl Drop for ReaderWatcher {
    fn drop(&mut self) {
        self.end();
    }
}

fn watch(stopped: &Receiver<()>, waiting: &Mutex<Option<Context>>, mut on_event: impl FnMut(Presence)) {
    let share = |context: Option<Context>| *waiting.lock().unwrap_or_else(PoisonError::into_inner) = context;
    let mut known = HashMap::new();
    let mut told_unavailable = false;
    loop {
        let failure = match Context::establish(Scope::User) {
            Ok(context) => {
                share(Some(context.clone()));
                told_unavailable = false;
                on_event(Presence::ServiceAvailable);
                let failure = watch_context(&context, stopped, &mut known, &mut on_event);
                share(None);
                failure
            }
            Err(error) => Some(error),
        };
        let Some(error) = failure else { return };
        // Without the service nothing is known to be there any more.
        for (_, place) in known.drain() {
            on_event(Presence::Removed(place));
        }
        if !told_unavailable {
            told_unavailable = true;
            on_event(Presence::ServiceUnavailable { reason: error.to_string() });
        }
        match stopped.recv_timeout(SERVICE_RETRY) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Waits for changes until stopped (`None`) or until the service fails.
fn watch_context(
    context: &Context,
    stopped: &Receiver<()>,
    known: &mut HashMap<CString, Place>,
    on_event: &mut impl FnMut(Presence),
) -> Option<Error> {
    let mut states = vec![pcsc::ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
    loop {
        if matches!(stopped.try_recv(), Err(mpsc::TryRecvError::Disconnected)) {
            return None;
        }
        states.retain(|state| !state.event_state().intersects(State::UNKNOWN | State::IGNORE));
        let names = match context.list_readers_owned() {
            Ok(names) => names,
            Err(Error::NoReadersAvailable) => Vec::new(),
            Err(error) => return Some(error),
        };
        states.retain(|state| state.name() == PNP_NOTIFICATION() || names.iter().any(|name| **name == *state.name()));
        for name in &names {
            if !states.iter().any(|state| *state.name() == **name) {
                states.push(pcsc::ReaderState::new(name.as_c_str(), State::UNAWARE));
            }
        }
        // Readers that were unplugged with their card.
        let gone: Vec<CString> = known.keys().filter(|name| !names.contains(name)).cloned().collect();
        for name in gone {
            known.remove(&name).into_iter().for_each(|place| on_event(Presence::Removed(place)));
        }
        for state in &mut states {
            state.sync_current_state();
        }
        match context.get_status_change(LONGEST_WAIT, &mut states) {
            Ok(()) => {}
            // A reader named above was unplugged in between: list them again.
            Err(Error::Timeout | Error::UnknownReader | Error::ReaderUnavailable | Error::Cancelled) => continue,
            Err(error) => return Some(error),
        }
        for state in states.iter().filter(|state| state.name() != PNP_NOTIFICATION()) {
            report(state, known, on_event);
        }
    }
}

fn report(state: &pcsc::ReaderState, known: &mut HashMap<CString, Place>, on_event: &mut impl FnMut(Presence)) {
    let now = state.event_state();
    // A card that does not answer is of no use: as if it were not there.
    let present = now.contains(State::PRESENT) && !now.contains(State::MUTE);
    let before = known.get(state.name());
    let place = Place { reader: text(state.name()), token: Known::Atr(state.atr().to_vec()) };
    let changed = before.is_some_and(|before| *before != place);
    if before.is_some() && (!present || changed) {
        known.remove(state.name()).into_iter().for_each(|place| on_event(Presence::Removed(place)));
    }
    if present && !known.contains_key(state.name()) {
        known.insert(state.name().to_owned(), place.clone());
        on_event(Presence::Inserted(place));
    }
}

/// A reader as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderState {
    /// Its name.
    pub name: String,
    /// Whether a card is in it.
    pub present: bool,
    /// Whether another program holds the card for itself alone.
    pub held_exclusively: bool,
}

/// The readers now, without waiting.
///
/// # Errors
/// [`pcsc::Error`]; a missing service shows as `NoService` or `ServiceStopped`.
pub fn readers() -> Result<Vec<ReaderState>, Error> {
    let context = Context::establish(Scope::User)?;
    let names = match context.list_readers_owned() {
        Err(Error::NoReadersAvailable) => return Ok(Vec::new()),
        names => names?,
    };
    let mut states: Vec<_> = names.into_iter().map(|name| pcsc::ReaderState::new(name, State::UNAWARE)).collect();
    context.get_status_change(Duration::ZERO, &mut states)?;
    let read = |state: &pcsc::ReaderState| ReaderState {
        name: text(state.name()),
        present: state.event_state().contains(State::PRESENT),
        held_exclusively: state.event_state().contains(State::EXCLUSIVE),
    };
    Ok(states.iter().map(read).collect())
}

/// Whether one of the readers, named as PKCS#11 modules name them (cut at 64 bytes), is held by another program alone.
#[cfg(feature = "pkcs11")]
pub(crate) fn any_held_exclusively(named: &[String]) -> bool {
    readers().unwrap_or_default().iter().any(|reader| {
        let is_named = |name: &String| !name.is_empty() && reader.name.starts_with(name.as_str());
        reader.held_exclusively && named.iter().any(is_named)
    })
}

fn text(name: &CStr) -> String {
    name.to_string_lossy().into_owned()
}
