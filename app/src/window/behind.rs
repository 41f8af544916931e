//! The customer's program, as its window deals with it.

use futures_util::{FutureExt as _, future::BoxFuture};
use gridkey_client::app::{AppEvent, AppHandle, Command, Preference, WindowSize};
use gridkey_host::Behind;
use tokio::sync::broadcast::error::RecvError;

/// The program behind a handle.
#[derive(Debug, Clone)]
pub(super) struct Customer(pub(super) AppHandle);

impl Behind for Customer {
    fn quit(&self) {
        self.0.send(Command::Quit);
    }

    fn ended(&self) -> BoxFuture<'static, ()> {
        let mut events = self.0.events();
        async move {
            loop {
                match events.recv().await {
                    Ok(AppEvent::Quit) | Err(RecvError::Closed) => break,
                    // Whether it was among those is not known; the wait is bounded.
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                }
            }
        }
        .boxed()
    }

    fn window(&self) -> Option<WindowSize> {
        self.0.state().borrow().preferences.window
    }

    fn keep_window(&self, size: WindowSize) {
        self.0.send(Command::Prefer(Preference::Window(size)));
    }
}

#[cfg(test)]
mod tests {
    use gridkey_client::app::Snapshot;

    use super::*;

    #[tokio::test]
    async fn the_end_is_seen_once_the_program_says_so() {
        let (handle, mut ends) = AppHandle::pair(Snapshot::default());
        let program = Customer(handle);
        let ended = tokio::spawn(program.ended());
        program.quit();
        assert!(matches!(ends.commands.recv().await, Some(Command::Quit)));
        tokio::task::yield_now().await;
        assert!(!ended.is_finished());
        ends.events.send(AppEvent::Quit).unwrap();
        ended.await.unwrap();
    }

    #[tokio::test]
    async fn the_size_is_kept_and_nothing_else_changed() {
        let (handle, mut ends) = AppHandle::pair(Snapshot::default());
        let size = WindowSize { width: 1009, height: 700 };
        Customer(handle).keep_window(size);
        let Some(Command::Prefer(change)) = ends.commands.recv().await else { panic!("no preference") };
        assert_eq!(change, Preference::Window(size));
    }
}
