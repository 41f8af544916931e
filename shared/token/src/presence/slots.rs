//! Presence by looking at the slots of a PKCS#11 module.
//!
//! `C_WaitForSlotEvent` would be the event, but while it blocks nothing but `C_Finalize` ends it, and SoftHSM does not
//! have it; so the list of tokens is compared at intervals.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::{Known, Place, Presence, PresenceWatcher};
use crate::pkcs11::Pkcs11Provider;

/// Watches the tokens of one module in a thread.
pub struct SlotWatcher {
    /// Dropped to tell the thread to end.
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl SlotWatcher {
    /// Starts watching the initialised tokens of `provider`, looking every `interval`. `on_event` is called on the
    /// watcher's thread and should return quickly.
    ///
    /// # Errors
    /// The system's, when it gives no thread.
    pub fn start(
        provider: Pkcs11Provider,
        interval: Duration,
        on_event: impl FnMut(Presence) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (running, stopped) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("key-presence".to_owned())
            .spawn(move || watch(&provider, interval, &stopped, on_event))?;
        Ok(Self { running: Some(running), thread: Some(thread) })
    }

    fn end(&mut self) {
        drop(self.running.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the presence watcher's callback panicked");
        }
    }
}

impl PresenceWatcher for SlotWatcher {
    fn stop(mut self: Box<Self>) {
        self.end();
    }
}

impl Drop for SlotWatcher {
    fn drop(&mut self) {
        self.end();
    }
}

fn watch(provider: &Pkcs11Provider, interval: Duration, stopped: &Receiver<()>, mut on_event: impl FnMut(Presence)) {
    let mut before: Vec<Place> = Vec::new();
    loop {
        let now = match provider.tokens() {
            Ok(tokens) => tokens
                .into_iter()
                .filter(|token| token.initialised)
                .map(|token| Place {
                    reader: token.reader,
                    token: Known::Token { label: token.info.label, serial: token.info.serial },
                })
                .collect(),
            // A module that fails shows no tokens; the next look may find them again.
            Err(error) => {
                tracing::debug!(%error, "the tokens cannot be listed");
                Vec::new()
            }
        };
        let (gone, new) = difference(&before, &now);
        gone.into_iter().for_each(|place| on_event(Presence::Removed(place)));
        new.into_iter().for_each(|place| on_event(Presence::Inserted(place)));
        before = now;
        match stopped.recv_timeout(interval) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What went and what came between two looks.
fn difference(before: &[Place], now: &[Place]) -> (Vec<Place>, Vec<Place>) {
    let missing =
        |from: &[Place], other: &[Place]| from.iter().filter(|place| !other.contains(place)).cloned().collect();
    (missing(before, now), missing(now, before))
}

#[cfg(test)]
mod tests {
    use super::{Known, Place, difference};

    #[test]
    fn a_swapped_token_goes_and_comes() {
        let place = |serial: &str| Place {
            reader: "slot".to_owned(),
            token: Known::Token { label: "demo".to_owned(), serial: serial.to_owned() },
        };
        let (gone, new) = difference(&[place("1"), place("2")], &[place("2"), place("3")]);
        assert_eq!((gone, new), (vec![place("1")], vec![place("3")]));
    }
}
