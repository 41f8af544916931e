//! Hooks: how a view reads the program's state and asks for something.

use std::{cell::RefCell, rc::Rc};

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Command, Deed, Doing, Me, OfficeHandle, Topic};
use gridkey_protocol::ops::AdminOp;

use crate::{platform::Platform, store::DeskState};

pub use crate::store::DeskStateStoreExt;

/// The program's state. Each field is read alone: `use_desk().sessions()` redraws when the sessions change and not else.
pub fn use_desk() -> Store<DeskState> {
    use_context()
}

/// Sends commands to the program.
#[derive(Debug, Clone)]
pub struct Send(OfficeHandle);

impl Send {
    /// Sends through `handle`.
    pub const fn new(handle: OfficeHandle) -> Self {
        Self(handle)
    }

    /// Asks for something; never waits.
    pub fn send(&self, command: Command) {
        self.0.send(command);
    }

    /// Does something.
    pub fn act(&self, act: Act) {
        self.0.send(Command::Do(act));
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
    use_hook(|| Send(consume_context::<OfficeHandle>()))
}

/// What this machine can do.
pub fn use_platform() -> Platform {
    use_hook(consume_context::<Platform>)
}

/// The administrator inside. The caller is drawn again when that changes.
pub fn use_me() -> Option<Me> {
    use_desk().me().cloned()
}

/// Whether the administrator's role allows `op`: what it does not allow is not offered. The server judges anew.
pub fn use_may(op: AdminOp) -> bool {
    use_desk().me().read().as_ref().is_some_and(|me| me.may(op))
}

/// What became of `deed`. The caller is drawn again when that changes.
pub fn use_doing(deed: &Deed) -> Doing {
    use_desk().deeds().read().get(deed).cloned().unwrap_or_default()
}

/// Wants `topic` as long as the view is there: it is loaded and kept fresh. The view's topic may change between drawings.
pub fn use_want(topic: Topic) {
    use_wants(vec![topic]);
}

/// Wants all of these as long as the view is there. Which they are may change between drawings.
#[expect(clippy::needless_pass_by_value, reason = "topics are made where they are wanted; the effect keeps a copy")]
pub fn use_wants(topics: Vec<Topic>) {
    let send = use_send();
    let wanted = use_hook(Rc::<RefCell<Vec<Topic>>>::default);
    let (leave, left) = (send.clone(), wanted.clone());
    use_effect(use_reactive!(|topics| {
        let before = wanted.replace(topics.clone());
        for topic in before.iter().filter(|topic| !topics.contains(topic)) {
            send.send(Command::Leave(topic.clone()));
        }
        for topic in topics.into_iter().filter(|topic| !before.contains(topic)) {
            send.send(Command::Want(topic));
        }
    }));
    use_drop(move || {
        for topic in left.take() {
            leave.send(Command::Leave(topic));
        }
    });
}
