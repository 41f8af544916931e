//! Hooks: how a view reads the program's state and asks for something.

use dioxus::prelude::*;
use gridkey_client::app::{AppHandle, Command, Topic};

use crate::{platform::Platform, store::AppState};

pub use crate::store::AppStateStoreExt;

/// The program's state. Each field is read alone: `use_app().bills()` redraws when the bills change and not else.
pub fn use_app() -> Store<AppState> {
    use_context()
}

/// Sends commands to the program.
#[derive(Debug, Clone)]
pub struct Send(AppHandle);

impl Send {
    /// Sends through `handle`.
    pub const fn new(handle: AppHandle) -> Self {
        Self(handle)
    }

    /// Asks for something; never waits.
    pub fn send(&self, command: Command) {
        self.0.send(command);
    }
}

impl PartialEq for Send {
    /// There is one program behind all of them.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The way to the program.
pub fn use_send() -> Send {
    use_hook(|| Send(consume_context::<AppHandle>()))
}

/// What this machine can do.
pub fn use_platform() -> Platform {
    use_hook(consume_context::<Platform>)
}

/// Wants `topic` as long as the view is there: it is loaded and kept fresh. The view's topic may change between drawings.
#[expect(clippy::needless_pass_by_value, reason = "topics are made where they are wanted; the effect keeps a copy")]
pub fn use_want(topic: Topic) {
    let send = use_send();
    use_effect(use_reactive!(|topic| send.send(Command::Want(topic))));
}

/// Wants all of these as long as the view is there. Which they are may change between drawings.
#[expect(clippy::needless_pass_by_value, reason = "topics are made where they are wanted; the effect keeps a copy")]
pub fn use_wants(topics: Vec<Topic>) {
    let send = use_send();
    use_effect(use_reactive!(|topics| {
        for topic in topics {
            send.send(Command::Want(topic));
        }
    }));
}
