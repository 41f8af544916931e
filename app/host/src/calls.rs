//! What is asked for from outside the window.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

/// Something asked for from outside the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Bring the window to the front, and go to this path if there is one.
    Show(Option<String>),
    /// Hide the screens.
    Lock,
    /// End the program in order.
    Quit,
}

/// The queue of [`Call`]s; every clone is the same queue. They wait until the window is there to take them.
#[derive(Debug, Clone)]
pub struct Calls {
    sender: mpsc::UnboundedSender<Call>,
    receiver: Arc<Mutex<mpsc::UnboundedReceiver<Call>>>,
}

impl Calls {
    /// An empty queue.
    pub fn new() -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self { sender, receiver: Arc::new(Mutex::new(receiver)) }
    }

    /// Adds a call; never waits.
    pub fn call(&self, call: Call) {
        // The receiver lives in the same value, so somebody can always take it.
        let _ = self.sender.send(call);
    }

    /// Waits for the next call. Each is given once.
    pub async fn next(&self) -> Option<Call> {
        self.receiver.lock().await.recv().await
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_waits_until_somebody_takes_it_and_is_given_once() {
        let calls = Calls::new();
        calls.clone().call(Call::Show(Some("/alarms".to_owned())));
        calls.call(Call::Quit);
        assert_eq!(calls.next().await, Some(Call::Show(Some("/alarms".to_owned()))));
        assert_eq!(calls.next().await, Some(Call::Quit));
    }
}
