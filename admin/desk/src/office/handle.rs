//! The two ends between a face and the task behind it.

use std::sync::Arc;

use tokio::sync::{broadcast, mpsc, watch};

use super::{Command, OfficeEvent, Snapshot};

/// Events that a slow listener may be behind.
const EVENTS: usize = 256;

/// A face's end; cheap to clone.
#[derive(Debug, Clone)]
pub struct OfficeHandle {
    commands: mpsc::UnboundedSender<Command>,
    state: watch::Receiver<Arc<Snapshot>>,
    events: broadcast::Sender<OfficeEvent>,
}

/// The end of whoever answers: the program's task, or a test.
#[derive(Debug)]
pub struct OfficeEnds {
    /// What is asked for, in order.
    pub commands: mpsc::UnboundedReceiver<Command>,
    /// What is shown.
    pub state: watch::Sender<Arc<Snapshot>>,
    /// What happens once.
    pub events: broadcast::Sender<OfficeEvent>,
}

impl OfficeHandle {
    /// Both ends, showing `first`.
    pub fn pair(first: Snapshot) -> (Self, OfficeEnds) {
        let (command_sender, commands) = mpsc::unbounded_channel();
        let (state_sender, state) = watch::channel(Arc::new(first));
        let (events, _) = broadcast::channel(EVENTS);
        let handle = Self { commands: command_sender, state, events: events.clone() };
        (handle, OfficeEnds { commands, state: state_sender, events })
    }

    /// Asks for something. Never waits; after the end of the program it does nothing.
    pub fn send(&self, command: Command) {
        if self.commands.send(command).is_err() {
            tracing::debug!("the program has ended: a command is passed over");
        }
    }

    /// What is shown, now and from now on.
    pub fn state(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.state.clone()
    }

    /// What happens once, from now on.
    pub fn events(&self) -> broadcast::Receiver<OfficeEvent> {
        self.events.subscribe()
    }
}
