//! The events of the platform's outbox, each applied once.

use std::collections::BTreeMap;

use gridkey_domain::{CustomerNo, PaymentId};
use gridkey_surreal::{RecordId, SurrealValue};

use super::{
    SurrealStore, orders,
    script::{MOVED, Script, record},
    stream::Appending,
    write::{Plan, number, to_i64},
};
use crate::store::{OutboxStep, StoreError, StoredPush};

#[derive(Debug, SurrealValue)]
struct CursorRow {
    number: i64,
    epoch: Option<String>,
}

pub(super) async fn cursor(store: &SurrealStore) -> Result<u64, StoreError> {
    number(store.find::<CursorRow>(&cursor_record()).await?.map_or(0, |row| row.number))
}

pub(super) async fn epoch(store: &SurrealStore) -> Result<Option<String>, StoreError> {
    Ok(store.find::<CursorRow>(&cursor_record()).await?.and_then(|row| row.epoch))
}

pub(super) async fn rewind(store: &SurrealStore, epoch: &str, back: u64) -> Result<(), StoreError> {
    let back = to_i64(back)?;
    store
        .write_alone(|| async move {
            let place = cursor_record();
            let applied = to_i64(cursor(store).await?)?;
            let mut script = Script::default();
            let bound = script.bind(place.clone());
            script.add(&format!("IF ({bound}.number ?? 0) != {applied} {{ THROW '{MOVED}' }}"));
            script.put(&place, CursorRow { number: applied.min(back), epoch: Some(epoch.to_owned()) });
            Ok(Plan::Write(script, ()))
        })
        .await
}

pub(super) async fn apply(
    store: &SurrealStore,
    step: &OutboxStep,
) -> Result<Vec<(CustomerNo, StoredPush)>, StoreError> {
    store
        .write(&step.audit, move |_| {
            Box::pin(async move {
                let applied = cursor(store).await?;
                if step.number <= applied {
                    return Ok(Plan::Nothing(Vec::new()));
                }
                let mut script = Script::default();
                let (place, applied) = (script.bind(cursor_record()), to_i64(applied)?);
                script.add(&format!("IF ({place}.number ?? 0) != {applied} {{ THROW '{MOVED}' }}"));
                let epoch = epoch(store).await?;
                script.put(&cursor_record(), CursorRow { number: to_i64(step.number)?, epoch });
                change_orders(store, &mut script, step).await?;
                let mut appending = Appending::new(store, script);
                for (customer, push) in &step.pushes {
                    appending.add(customer, push).await?;
                }
                let (script, appended) = appending.finish();
                Ok(Plan::Write(script, appended))
            })
        })
        .await
}

/// Takes each order through its changes, in the order they come, and writes it once.
async fn change_orders(store: &SurrealStore, script: &mut Script, step: &OutboxStep) -> Result<(), StoreError> {
    let mut changed: BTreeMap<(&CustomerNo, PaymentId), _> = BTreeMap::new();
    for change in &step.orders {
        let place = (&change.customer, change.id);
        let row = match changed.remove(&place) {
            Some((row, _)) => row,
            None => orders::find(store, &change.customer, change.id).await?,
        };
        if row.state()? == change.to {
            let record = row.read(&store.vault)?;
            changed.insert(place, (row, record));
        } else {
            changed.insert(place, orders::enter(store, script, row, change)?);
        }
    }
    for (row, record) in changed.into_values() {
        orders::write(script, row, &record);
    }
    Ok(())
}

fn cursor_record() -> RecordId {
    record("outbox", "cursor")
}
