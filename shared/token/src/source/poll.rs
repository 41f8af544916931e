//! A look at intervals, or at once when nudged.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Looks in a thread. Dropping it ends the thread and waits for it.
pub(super) struct Poll {
    /// Dropped to tell the thread to end.
    nudges: Option<Sender<Nudge>>,
    thread: Option<JoinHandle<()>>,
}

/// What wakes the thread before its time.
enum Nudge {
    /// Only a reader's event asks for that.
    #[cfg(all(feature = "pcsc", feature = "pkcs11"))]
    Look,
    End,
}

/// Asks for a look at once.
#[derive(Clone)]
#[cfg(all(feature = "pcsc", feature = "pkcs11"))]
pub(super) struct Nudger(Sender<Nudge>);

#[cfg(all(feature = "pcsc", feature = "pkcs11"))]
impl Nudger {
    pub(super) fn look(&self) {
        // A thread that has ended looks no more.
        let _ = self.0.send(Nudge::Look);
    }
}

impl Poll {
    /// Calls `look` every `interval` and `on_change` when its answer differs from the one before, the first time too.
    pub(super) fn start<T: PartialEq + 'static>(
        interval: Duration,
        mut look: impl FnMut() -> T + Send + 'static,
        mut on_change: Box<dyn FnMut() + Send>,
    ) -> std::io::Result<Self> {
        let (nudges, nudged) = mpsc::channel();
        let watch = move || {
            let mut before = None;
            loop {
                let now = Some(look());
                if now != before {
                    before = now;
                    on_change();
                }
                match nudged.recv_timeout(interval) {
                    #[cfg(all(feature = "pcsc", feature = "pkcs11"))]
                    Ok(Nudge::Look) => {}
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(Nudge::End) | Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        };
        let thread = thread::Builder::new().name("key-presence".to_owned()).spawn(watch)?;
        Ok(Self { nudges: Some(nudges), thread: Some(thread) })
    }

    #[cfg(all(feature = "pcsc", feature = "pkcs11"))]
    pub(super) fn nudger(&self) -> Option<Nudger> {
        self.nudges.clone().map(Nudger)
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        if let Some(nudges) = self.nudges.take() {
            // Nudgers may outlive this, so the channel alone would not end the thread.
            let _ = nudges.send(Nudge::End);
        }
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the presence watcher's callback panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, mpsc};
    use std::time::Duration;

    use super::Poll;

    #[test]
    fn a_change_is_told_once_and_nothing_is_told_after_the_end() {
        let seen = Arc::new(AtomicU32::new(7));
        let (sender, changes) = mpsc::channel();
        let (looks, looked) = mpsc::channel();
        let look = {
            let seen = Arc::clone(&seen);
            move || {
                let now = seen.load(Ordering::SeqCst);
                let _ = looks.send(now);
                now
            }
        };
        let poll = Poll::start(Duration::from_millis(1), look, Box::new(move || sender.send(()).unwrap_or_default()))
            .expect("a thread");
        let wait_for = |value: u32| while looked.recv().expect("the thread looks") != value {};
        let long = Duration::from_secs(30);
        changes.recv_timeout(long).expect("the first look is told");
        seen.store(8, Ordering::SeqCst);
        changes.recv_timeout(long).expect("a change is told");
        wait_for(8);
        wait_for(8);
        drop(poll);
        assert_eq!(changes.try_recv(), Err(mpsc::TryRecvError::Disconnected), "told once, and the callback is gone");
    }
}
