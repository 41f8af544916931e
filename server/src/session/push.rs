//! A stored push on its way to sessions.

use std::sync::OnceLock;

use gridkey_protocol::{
    cbor,
    frame::{EncodedPush, Push, PushKind},
};

use crate::store::StoredPush;

/// A push and its frame, which is written once for all sessions that it goes to.
#[derive(Debug)]
pub struct Outgoing {
    stored: StoredPush,
    frame: OnceLock<Option<EncodedPush>>,
}

impl Outgoing {
    /// A push as it is stored.
    pub const fn new(stored: StoredPush) -> Self {
        Self { stored, frame: OnceLock::new() }
    }

    /// What is stored.
    pub const fn stored(&self) -> &StoredPush {
        &self.stored
    }

    /// Its frame; `None` if what is stored is damaged.
    pub(super) fn frame(&self) -> Option<&EncodedPush> {
        self.frame.get_or_init(|| encode(&self.stored)).as_ref()
    }
}

fn encode(stored: &StoredPush) -> Option<EncodedPush> {
    let kind = PushKind::from_name(&stored.kind);
    let body = cbor::parse(&stored.body);
    match (kind, body) {
        (Some(kind), Ok(body)) => Some(EncodedPush::new(Push { offset: stored.offset, at: stored.at, kind, body })),
        _ => {
            tracing::error!(offset = stored.offset, "a stored push is damaged");
            None
        }
    }
}
