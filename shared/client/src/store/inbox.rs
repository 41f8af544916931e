//! The push stream as received: the place in it, and what came, until a person has seen it.

use gridkey_domain::Timestamp;
use gridkey_protocol::{ByteArray, frame::Push, handshake::Resume};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, Table};
use crate::session::StreamKeeper;

pub(super) const PLACE: &str = "place";
/// Pushes that were seen and are older than the newest so many are dropped.
const KEEP: usize = 500;

/// The place in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The stream's epoch.
    pub epoch: ByteArray<16>,
    /// The last offset applied.
    pub offset: u64,
    /// Something was missed for good, and what is shown has not been reloaded since.
    pub reload: bool,
}

/// A push received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxEntry {
    /// The epoch it belongs to.
    pub epoch: ByteArray<16>,
    /// The push.
    pub push: Push,
    /// When a person saw it; null while none has.
    pub seen: Option<Timestamp>,
}

impl InboxEntry {
    pub(super) fn name(epoch: [u8; 16], offset: u64) -> String {
        format!("{}/{offset}", ByteArray(epoch))
    }
}

impl Store {
    /// The place in the stream; `None` before the first session that followed it. Blocks.
    pub fn place(&self) -> Result<Option<Place>, StoreError> {
        self.get(Table::State, PLACE)
    }

    /// What came, oldest first. Blocks.
    pub fn inbox(&self) -> Result<Vec<InboxEntry>, StoreError> {
        let mut entries: Vec<InboxEntry> = self.list(Table::Inbox)?;
        entries.sort_by_key(|entry| (entry.push.at, entry.push.offset));
        Ok(entries)
    }

    /// What came and nobody has seen, oldest first. Blocks.
    pub fn unseen(&self) -> Result<Vec<InboxEntry>, StoreError> {
        Ok(self.inbox()?.into_iter().filter(|entry| entry.seen.is_none()).collect())
    }

    /// A person has seen these. Blocks.
    pub fn mark_seen(&self, entries: &[InboxEntry], now: Timestamp) -> Result<(), StoreError> {
        self.change(|change| {
            for entry in entries {
                let name = InboxEntry::name(entry.epoch.0, entry.push.offset);
                if let Some(mut stored) = change.get::<InboxEntry>(Table::Inbox, &name)? {
                    stored.seen.get_or_insert(now);
                    change.put(Table::Inbox, &name, &stored)?;
                }
            }
            let mut all: Vec<InboxEntry> = change.list(Table::Inbox)?;
            all.sort_by_key(|entry| std::cmp::Reverse((entry.push.at, entry.push.offset)));
            for old in all.iter().skip(KEEP).filter(|entry| entry.seen.is_some()) {
                change.remove(Table::Inbox, &InboxEntry::name(old.epoch.0, old.push.offset))?;
            }
            Ok(())
        })
    }

    /// Everything shown was reloaded after `place` was read. Blocks.
    pub fn reloaded(&self, place: Place) -> Result<(), StoreError> {
        self.change(|change| {
            match change.get::<Place>(Table::State, PLACE)? {
                // Another gap may have opened meanwhile: then this reload was not of it.
                Some(now) if now.epoch == place.epoch && now.reload => {
                    change.put(Table::State, PLACE, &Place { reload: false, ..now })
                }
                _ => Ok(()),
            }
        })
    }
}

impl StreamKeeper for Store {
    fn position(&self) -> Result<Option<Resume>, StoreError> {
        Ok(self.place()?.map(|place| Resume { epoch: place.epoch, offset: place.offset }))
    }

    fn apply(&self, epoch: [u8; 16], push: &Push) -> Result<bool, StoreError> {
        self.change(|change| {
            let place = change.get::<Place>(Table::State, PLACE)?;
            let name = InboxEntry::name(epoch, push.offset);
            if let Some(stored) = change.get::<InboxEntry>(Table::Inbox, &name)? {
                // Another program of this key applied it; whether a person saw it is another matter.
                return Ok(stored.seen.is_none());
            }
            let (place, reload) = match place {
                Some(place) if place.epoch.0 == epoch => (place.offset, place.reload),
                _ => (push.offset.saturating_sub(1), true),
            };
            if push.offset <= place {
                return Ok(false);
            }
            let reload = reload || push.offset > place.saturating_add(1);
            let entry = InboxEntry { epoch: ByteArray(epoch), push: push.clone(), seen: None };
            change.put(Table::Inbox, &name, &entry)?;
            change.put(Table::State, PLACE, &Place { epoch: ByteArray(epoch), offset: push.offset, reload })?;
            Ok(true)
        })
    }

    fn restart(&self, at: Resume) -> Result<(), StoreError> {
        self.change(|change| {
            // A session that began with the same place in another program may have come further.
            match change.get::<Place>(Table::State, PLACE)? {
                Some(place) if place.epoch == at.epoch && place.offset >= at.offset && place.reload => Ok(()),
                _ => change.put(Table::State, PLACE, &Place { epoch: at.epoch, offset: at.offset, reload: true }),
            }
        })
    }
}
