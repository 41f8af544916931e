//! The end of the program: in order, and bounded in time.
//!
//! However it begins (the window closed, the tray's menu, a signal), the program behind the face is asked to quit, so that the
//! server is told and the key is logged out; then the window goes. The window's library ends the process itself, so the last
//! place to wait is its last event.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use tokio::sync::watch;

use crate::{Behind, Call, Calls};

/// How long the program may take to quit before the window goes anyway.
const PATIENCE: Duration = Duration::from_secs(5);

/// The end of the program. Every clone is the same.
#[derive(Clone)]
pub struct End {
    behind: Arc<dyn Behind>,
    asked: Arc<AtomicBool>,
    reached: watch::Receiver<bool>,
}

impl fmt::Debug for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("End").field("asked", &self.asked).field("reached", &self.reached).finish_non_exhaustive()
    }
}

impl End {
    /// Follows the program `behind` the face. A tokio runtime must be entered.
    pub fn of(behind: Arc<dyn Behind>) -> Self {
        let (reach, reached) = watch::channel(false);
        let ended = behind.ended();
        tokio::spawn(async move {
            ended.await;
            // An error means that nobody waits any more.
            let _ = reach.send(true);
        });
        Self { behind, asked: Arc::default(), reached }
    }

    /// The program behind the face.
    pub(crate) fn behind(&self) -> &dyn Behind {
        self.behind.as_ref()
    }

    /// Asks the program to quit, once.
    pub fn ask(&self) {
        if !self.asked.swap(true, Ordering::Relaxed) {
            self.behind.quit();
        }
    }

    /// Asks, and waits until the program has quit or takes too long.
    pub async fn reach(&self) {
        self.ask();
        if tokio::time::timeout(PATIENCE, self.quit()).await.is_err() {
            tracing::warn!("the program did not quit in time");
        }
    }

    /// Waits until the program has quit, whoever asked it.
    pub async fn quit(&self) {
        let mut reached = self.reached.clone();
        // An error means that the task that follows is gone, with the runtime: the end as well.
        let _ = reached.wait_for(|reached| *reached).await;
    }

    /// As [`Self::reach`], for the thread of the window when nothing but it goes on. A tokio runtime with other threads must
    /// be entered.
    pub fn reach_blocking(&self) {
        if *self.reached.borrow() {
            return;
        }
        let (done, wait) = mpsc::channel();
        let end = self.clone();
        tokio::spawn(async move {
            end.reach().await;
            let _ = done.send(());
        });
        let _ = wait.recv_timeout(PATIENCE.saturating_mul(2));
    }
}

/// Turns the system's wish that the program end into a call. A tokio runtime must be entered.
pub fn on_signals(calls: Calls) {
    tokio::spawn(async move {
        if wait_for_signal().await.is_ok() {
            tracing::info!("asked to end by a signal");
            calls.call(Call::Quit);
        }
    });
}

#[cfg(unix)]
async fn wait_for_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn wait_for_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behind::testing::Recorded;

    #[tokio::test]
    async fn the_program_is_asked_once_and_waited_for() {
        let behind = Recorded::new(false);
        let end = End::of(behind.clone());
        end.ask();
        let waiting = tokio::spawn({
            let end = end.clone();
            async move { end.reach().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        behind.end();
        waiting.await.unwrap();
        assert_eq!(behind.asked.lock().unwrap().0, 1, "asked a second time");
    }

    #[tokio::test(start_paused = true)]
    async fn a_program_that_hangs_does_not_keep_the_window() {
        End::of(Recorded::new(false)).reach().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_window_s_thread_waits_for_the_program() {
        let end = End::of(Recorded::new(true));
        tokio::task::spawn_blocking(move || end.reach_blocking()).await.unwrap();
    }
}
