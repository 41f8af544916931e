//! The program behind a face, as far as its window deals with it.

use futures_util::future::BoxFuture;
use gridkey_client::app::WindowSize;

/// The task that does the work behind a window.
pub trait Behind: Send + Sync {
    /// Asks it to end in order; never waits.
    fn quit(&self);

    /// Waits until it has ended, whoever asked it. Follows from the moment of the call. A tokio runtime must be entered.
    fn ended(&self) -> BoxFuture<'static, ()>;

    /// The size that the window was left at, as it is kept.
    fn window(&self) -> Option<WindowSize>;

    /// Keeps the size that the window was left at.
    fn keep_window(&self, size: WindowSize);
}

#[cfg(test)]
pub(crate) mod testing {
    //! A program that only records.

    use std::sync::{Arc, Mutex};

    use tokio::sync::watch;

    use super::{Behind, BoxFuture, WindowSize};

    /// Records what it is asked.
    #[derive(Debug)]
    pub(crate) struct Recorded {
        /// How often it was asked to end, and the sizes it kept.
        pub(crate) asked: Mutex<(u32, Vec<WindowSize>)>,
        end: watch::Sender<bool>,
        /// Ends as soon as it is asked.
        willing: bool,
    }

    impl Recorded {
        pub(crate) fn new(willing: bool) -> Arc<Self> {
            Arc::new(Self { asked: Mutex::default(), end: watch::Sender::new(false), willing })
        }

        pub(crate) fn end(&self) {
            self.end.send_replace(true);
        }
    }

    impl Behind for Recorded {
        fn quit(&self) {
            self.asked.lock().unwrap().0 += 1;
            if self.willing {
                self.end();
            }
        }

        fn ended(&self) -> BoxFuture<'static, ()> {
            let mut end = self.end.subscribe();
            Box::pin(async move {
                let _ = end.wait_for(|end| *end).await;
            })
        }

        fn window(&self) -> Option<WindowSize> {
            self.asked.lock().unwrap().1.last().copied()
        }

        fn keep_window(&self, size: WindowSize) {
            self.asked.lock().unwrap().1.push(size);
        }
    }
}
