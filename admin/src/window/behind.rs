//! The dashboard's program, as its window deals with it.

use futures_util::{FutureExt as _, future::BoxFuture};
use gridkey_desk::office::{Command, OfficeEvent, OfficeHandle, Preference, WindowSize};
use gridkey_host::Behind;
use tokio::sync::broadcast::error::RecvError;

/// The program behind a handle.
#[derive(Debug, Clone)]
pub(super) struct Desk(pub(super) OfficeHandle);

impl Behind for Desk {
    fn quit(&self) {
        self.0.send(Command::Quit);
    }

    fn ended(&self) -> BoxFuture<'static, ()> {
        let mut events = self.0.events();
        async move {
            loop {
                match events.recv().await {
                    Ok(OfficeEvent::Quit) | Err(RecvError::Closed) => break,
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
