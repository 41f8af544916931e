//! A renewed key takes over what its predecessor kept.

use std::path::Path;

use gridkey_protocol::cbor::Value;

use super::{InboxEntry, Store, StoreError, Table, agreement, file::Unopened, inbox::PLACE, on_thread, path};
use crate::{client::IDENTITY, key::UsbKey, queue::OrderRecord};

impl Store {
    /// Opens the store of `new`, a renewed key, with everything that the store of `old` holds, and empties that one. Both
    /// keys must be logged in, which is needed this once.
    ///
    /// The store's key is sealed anew to the new USBKEY; the records stay as they are. A new key that already has a store of
    /// its own keeps it and gets orders, pushes and the place in the stream from the old one; only answers of the server
    /// stay behind, which it gives again. Ended at any point, by a crash or an error, each record is still in one of the two
    /// stores, and a second call goes on.
    ///
    /// # Errors
    /// [`StoreError::OtherCustomer`], [`StoreError::NoAgreementKey`] and those of [`Store::open`].
    pub async fn rewrap(folder: &Path, old: &UsbKey, new: &UsbKey) -> Result<Self, StoreError> {
        let (from, to) = (agreement(old)?, agreement(new)?);
        let customer = |key: &UsbKey| key.certificates().leaf().common_name();
        if customer(old).is_none() || customer(old) != customer(new) {
            return Err(StoreError::OtherCustomer);
        }
        let source = path(folder, &from);
        if from == to || !source.exists() {
            return Self::open(folder, new).await;
        }
        let in_folder = folder.to_owned();
        let unopened = on_thread(move || Unopened::prepare(&in_folder, &source, &from, None)).await?;
        let shared = old.agree(unopened.ephemeral()?).await.map_err(StoreError::Key)?;
        let (before, seed) = on_thread(move || unopened.open_for_another(shared)).await?;
        // One transaction makes the new store with all records in it, unless there is one.
        let store = Self::open_or_begin(folder, new, Some(seed)).await?;
        let before = Self { file: before.into() };
        let after = store.clone();
        on_thread(move || before.hand_over(&after)).await?;
        Ok(store)
    }

    /// Opens the store of `key` and takes over what its earlier X25519 keys kept on this machine: the key may have been renewed on
    /// another machine, or here with the hand-over broken off.
    ///
    /// # Errors
    /// Those of [`Store::open`]. An earlier store that cannot be read stays where it is.
    pub async fn open_with_earlier(folder: &Path, key: &UsbKey) -> Result<Self, StoreError> {
        // The oldest first, so that what was learnt last stays.
        for earlier in key.certificates().earlier().iter().rev() {
            if !path(folder, &earlier.public).exists() {
                continue;
            }
            match Self::rewrap(folder, &key.with_agreement(earlier.clone()), key).await {
                Ok(_) => {}
                Err(error @ StoreError::Key(_)) => return Err(error),
                Err(error) => tracing::error!(%error, "an earlier key's store was not taken over"),
            }
        }
        Self::open(folder, key).await
    }

    /// Gives `after` what it lacks, then empties this one. Other programs that have this one open find it empty, not gone, so
    /// that nothing they still write is lost with it. Blocks.
    fn hand_over(&self, after: &Self) -> Result<(), StoreError> {
        // This one is locked until it is empty: nothing comes in between.
        self.change(|from| {
            let orders: Vec<OrderRecord> = from.list(Table::Orders)?;
            let pushes: Vec<InboxEntry> = from.list(Table::Inbox)?;
            let mut state = Vec::new();
            for name in [IDENTITY, PLACE] {
                state.extend(from.get::<Value>(Table::State, name)?.map(|value| (name, value)));
            }
            after.change(|to| {
                for order in &orders {
                    let name = order.id.to_string();
                    if to.get::<OrderRecord>(Table::Orders, &name)?.is_none_or(|known| knows_more(order, &known)) {
                        to.put(Table::Orders, &name, order)?;
                    }
                }
                for entry in &pushes {
                    let name = InboxEntry::name(entry.epoch.0, entry.push.offset);
                    if to.get::<Value>(Table::Inbox, &name)?.is_none() {
                        to.put(Table::Inbox, &name, entry)?;
                    }
                }
                for (name, value) in &state {
                    if to.get::<Value>(Table::State, name)?.is_none() {
                        to.put(Table::State, name, value)?;
                    }
                }
                Ok::<_, StoreError>(())
            })?;
            from.clear()
        })
    }
}

/// Whether `one` has learnt more of an order than `other`: after a hand-over that broke off, the old key may have been used
/// once more. An order withdrawn or sent then must not come back as one that waits.
fn knows_more(one: &OrderRecord, other: &OrderRecord) -> bool {
    let learnt = |record: &OrderRecord| (!record.is_unfinished(), record.history.len(), record.attempts);
    learnt(one) > learnt(other)
}

#[cfg(test)]
mod tests;
