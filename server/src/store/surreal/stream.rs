//! The push streams.

use std::collections::{BTreeMap, BTreeSet};

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_surreal::{Bytes, RecordId, SurrealValue, vars};

use super::{
    SurrealStore,
    rows::damage,
    script::{Script, pair, record},
    write::{Plan, damaged, number, to_i64},
};
use crate::store::{Fingerprint, NewPush, StoreError, StoredPush, StreamHead};

/// `stream:[customer]`
#[derive(Debug, Clone, SurrealValue)]
struct StreamRow {
    rev: i64,
    epoch: Bytes,
    newest: i64,
}

/// `push:[customer, offset]`
#[derive(Debug, Clone, SurrealValue)]
struct PushRow {
    place: i64,
    kind: String,
    at: i64,
    sealed: Bytes,
}

impl StreamRow {
    fn record(customer: &CustomerNo) -> RecordId {
        record("stream", customer.as_str())
    }

    /// A stream without pushes; `rev` 0 says that it is not stored yet.
    fn fresh() -> Result<Self, StoreError> {
        let mut epoch = [0; 16];
        getrandom::fill(&mut epoch).map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        Ok(Self { rev: 0, epoch: epoch.to_vec().into(), newest: 0 })
    }

    fn head(&self) -> Result<StreamHead, StoreError> {
        let epoch = self.epoch.as_ref().try_into().map_err(|_| damage("an epoch"))?;
        Ok(StreamHead { epoch, offset: number(self.newest)? })
    }
}

/// Pushes that one transaction appends, perhaps for several customers.
pub(super) struct Appending<'a> {
    store: &'a SurrealStore,
    streams: BTreeMap<&'a CustomerNo, StreamRow>,
    sources: BTreeSet<(&'a CustomerNo, &'a str)>,
    rows: Script,
    appended: Vec<(CustomerNo, StoredPush)>,
}

impl<'a> Appending<'a> {
    pub(super) fn new(store: &'a SurrealStore, script: Script) -> Self {
        Self { store, streams: BTreeMap::new(), sources: BTreeSet::new(), rows: script, appended: Vec::new() }
    }

    /// Adds a push at the end of the customer's stream, unless one of its source is there.
    pub(super) async fn add(&mut self, customer: &'a CustomerNo, push: &'a NewPush) -> Result<(), StoreError> {
        let source = pair("push_source", customer.as_str(), push.source.clone());
        let mut rows = self.store.read("SELECT VALUE id FROM $source", vars! { source: source.clone() }).await?;
        if !rows.all::<RecordId>(0)?.is_empty() || !self.sources.insert((customer, &push.source)) {
            return Ok(());
        }
        let mut stream = match self.streams.remove(customer) {
            Some(stream) => stream,
            None => match self.store.find(&StreamRow::record(customer)).await? {
                Some(stream) => stream,
                None => StreamRow::fresh()?,
            },
        };
        stream.newest += 1;
        let place = stream.newest;
        self.streams.insert(customer, stream);
        let offset = number(place)?;
        let sealed = self.store.vault.seal(&push_name(customer, offset), &push.body)?;
        self.rows.create(
            &pair("push", customer.as_str(), place),
            PushRow { place, kind: push.kind.clone(), at: push.at.seconds(), sealed: sealed.into() },
        );
        self.rows.create(&source, vars! { place: place });
        let stored = StoredPush { offset, kind: push.kind.clone(), body: push.body.clone(), at: push.at };
        self.appended.push((customer.clone(), stored));
        Ok(())
    }

    /// The statements, and what they append.
    pub(super) fn finish(self) -> (Script, Vec<(CustomerNo, StoredPush)>) {
        let mut script = self.rows;
        for (customer, stream) in self.streams {
            script.expect_rev(&StreamRow::record(customer), stream.rev);
            script.put(&StreamRow::record(customer), StreamRow { rev: stream.rev + 1, ..stream });
        }
        (script, self.appended)
    }
}

pub(super) async fn head(store: &SurrealStore, customer: &CustomerNo) -> Result<StreamHead, StoreError> {
    store
        .write_alone(|| async move {
            let place = StreamRow::record(customer);
            if let Some(stream) = store.find::<StreamRow>(&place).await? {
                return Ok(Plan::Nothing(stream.head()?));
            }
            let stream = StreamRow { rev: 1, ..StreamRow::fresh()? };
            let head = stream.head()?;
            let mut script = Script::default();
            script.create(&place, stream);
            Ok(Plan::Write(script, head))
        })
        .await
}

pub(super) async fn append(
    store: &SurrealStore,
    customer: &CustomerNo,
    push: &NewPush,
) -> Result<Option<StoredPush>, StoreError> {
    store
        .write(&[], move |_| {
            Box::pin(async move {
                let mut appending = Appending::new(store, Script::default());
                appending.add(customer, push).await?;
                let (script, mut appended) = appending.finish();
                Ok(match appended.pop() {
                    Some((_, stored)) => Plan::Write(script, Some(stored)),
                    None => Plan::Nothing(None),
                })
            })
        })
        .await
}

pub(super) async fn after(
    store: &SurrealStore,
    customer: &CustomerNo,
    offset: u64,
    limit: u32,
) -> Result<Vec<StoredPush>, StoreError> {
    let from = to_i64(offset)?.saturating_add(1);
    let to = from.saturating_add(i64::from(limit));
    // A customer number is letters, digits and dashes only, and offsets have no gaps.
    let mut rows =
        store.read(&format!("SELECT * FROM push:['{customer}', {from}]..['{customer}', {to}]"), vars! {}).await?;
    rows.all::<PushRow>(0)
        .map_err(damaged)?
        .into_iter()
        .map(|row| {
            let offset = number(row.place)?;
            let body = store.vault.open(&push_name(customer, offset), &row.sealed)?;
            Ok(StoredPush { offset, kind: row.kind, body, at: Timestamp::from_seconds(row.at) })
        })
        .collect()
}

pub(super) async fn acknowledge(
    store: &SurrealStore,
    key: Fingerprint,
    customer: &CustomerNo,
    offset: u64,
) -> Result<u64, StoreError> {
    const MOVE: &str = "
        LET $now = $cursor.place ?? 0;
        LET $next = math::max([$now, math::min([$wanted, $stream.newest ?? 0])]);
        UPSERT $cursor SET place = $next RETURN NONE;
        RETURN $next;";
    let mut rows = store
        .database
        .transact(
            MOVE,
            vars! {
                cursor: pair("cursor", &hex::encode(key), customer.to_string()),
                stream: StreamRow::record(customer),
                wanted: to_i64(offset)?,
            },
        )
        .await?;
    number(rows.last::<i64>().map_err(damaged)?.ok_or_else(|| damage("a cursor"))?)
}

fn push_name(customer: &CustomerNo, offset: u64) -> String {
    format!("push/{customer}/{offset}")
}
