//! The push stream as a program shows it.

use gridkey_domain::Timestamp;

use super::{Client, ClientError};
use crate::store::{InboxEntry, Place};

/// What came and was not shown yet.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// Oldest first.
    pub entries: Vec<InboxEntry>,
    /// Something was missed for good: reload what is shown, then say so with [`Client::reloaded`].
    pub reload: Option<Place>,
}

impl Client {
    /// What came and was not shown yet, by this program or another one on this machine.
    pub async fn inbox(&self) -> Result<Inbox, ClientError> {
        self.with_store(|store| {
            let reload = store.place()?.filter(|place| place.reload);
            Ok(Inbox { entries: store.unseen()?, reload })
        })
        .await
    }

    /// A person has seen these.
    pub async fn mark_seen(&self, entries: Vec<InboxEntry>) -> Result<(), ClientError> {
        if entries.is_empty() {
            return Ok(());
        }
        let now: Timestamp = self.now();
        self.with_store(move |store| store.mark_seen(&entries, now)).await
    }

    /// Everything shown was reloaded after `place` was read.
    pub async fn reloaded(&self, place: Place) -> Result<(), ClientError> {
        self.with_store(move |store| store.reloaded(place)).await
    }
}
