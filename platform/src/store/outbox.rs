//! The outbox: what the security server must hear of, numbered without gaps, each event written in the transaction that
//! made it true (`fn::outbox`).

use std::time::Duration;

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_surreal::{SurrealValue, vars};
use serde::{Deserialize, Serialize};

use super::{PlatformStore, StoreError, between};

/// Most events in one answer.
pub const MOST_EVENTS: u32 = 500;

/// What an event tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A new bill: `BillSummary`.
    Bill,
    /// Arrears changed: `ArrearsEvent`.
    Arrears,
    /// A payment's state: `Payment`.
    Payment,
    /// The account was changed: the names of the changed fields.
    Account,
}

impl EventKind {
    /// The name in the database and on the intranet.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bill => "bill",
            Self::Arrears => "arrears",
            Self::Payment => "payment",
            Self::Account => "account",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Bill, Self::Arrears, Self::Payment, Self::Account].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// An event as the server reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxEvent {
    /// 1, 2, 3 … without gaps.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Whom it concerns.
    pub customer: CustomerNo,
    /// What it tells.
    pub kind: EventKind,
    /// What it comes from; unique.
    pub source: String,
    /// The record, in the form that the kind names.
    pub body: serde_json::Value,
}

#[derive(SurrealValue)]
struct Row {
    number: i64,
    at: i64,
    customer: String,
    kind: String,
    source: String,
    body: String,
}

impl PlatformStore {
    /// Tells those who wait in [`Self::outbox_after`] that events may have been added. To be called after each
    /// transaction that used `fn::outbox`.
    pub fn wake_outbox(&self) {
        self.outbox_grew.notify_waiters();
    }

    /// The number of the newest event; 0 when there is none.
    pub async fn outbox_head(&self) -> Result<u64, StoreError> {
        let head: Option<i64> = self.database.run("RETURN counter:outbox.reached", vars! {}).await?.last()?;
        u64::try_from(head.unwrap_or(0)).map_err(|_| StoreError::Damaged("outbox counter"))
    }

    /// The events after number `after`, oldest first, at most `limit`; if there are none, waits for one for at most `wait`.
    pub async fn outbox_after(&self, after: u64, limit: u32, wait: Duration) -> Result<Vec<OutboxEvent>, StoreError> {
        let deadline = tokio::time::Instant::now() + wait;
        loop {
            let grew = self.outbox_grew.notified();
            tokio::pin!(grew);
            // Enabled before the look, so that an event committed between look and wait is not slept through.
            grew.as_mut().enable();
            let events = self.outbox_now(after, limit).await?;
            if !events.is_empty() || tokio::time::timeout_at(deadline, grew).await.is_err() {
                return Ok(events);
            }
        }
    }

    async fn outbox_now(&self, after: u64, limit: u32) -> Result<Vec<OutboxEvent>, StoreError> {
        let first = i64::try_from(after).map_or(i64::MAX, |after| after.saturating_add(1));
        let last = first.saturating_add(i64::from(limit.clamp(1, MOST_EVENTS)) - 1);
        let mut rows = self
            .database
            .run("SELECT *, record::id(id) AS number FROM $events", vars! { events: between("outbox", first, last) })
            .await?;
        rows.last_all::<Row>()?.into_iter().map(OutboxEvent::try_from).collect()
    }
}

impl TryFrom<Row> for OutboxEvent {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let damaged = StoreError::Damaged("outbox event");
        let Row { number, at, customer, kind, source, body } = row;
        let (Ok(number), Ok(customer), Some(kind), Ok(body)) =
            (number.try_into(), customer.parse(), EventKind::from_name(&kind), serde_json::from_str(&body))
        else {
            return Err(damaged);
        };
        Ok(Self { number, at: Timestamp::from_seconds(at), customer, kind, source, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn append(store: &PlatformStore, source: &str) -> u64 {
        let number: Option<i64> = store
            .database()
            .transact(
                "RETURN fn::outbox('1100000001', 'account', $source, '{\"fields\":[]}', 7)",
                vars! { source: source.to_owned() },
            )
            .await
            .unwrap()
            .last()
            .unwrap();
        store.wake_outbox();
        number.unwrap().try_into().unwrap()
    }

    fn numbers(events: &[OutboxEvent]) -> Vec<u64> {
        events.iter().map(|event| event.number).collect()
    }

    #[tokio::test]
    async fn numbers_have_no_gaps_and_a_source_appears_once() {
        let store = PlatformStore::in_memory().await.unwrap();
        assert_eq!(store.outbox_head().await.unwrap(), 0);
        for (source, number) in [("a", 1), ("b", 2), ("a", 1), ("c", 3)] {
            assert_eq!(append(&store, source).await, number);
        }
        let events = store.outbox_after(1, 10, Duration::ZERO).await.unwrap();
        assert_eq!(numbers(&events), [2, 3]);
        assert_eq!(events[0].source, "b");
        assert_eq!(numbers(&store.outbox_after(0, 2, Duration::ZERO).await.unwrap()), [1, 2]);
        assert_eq!(store.outbox_head().await.unwrap(), 3);
    }

    #[tokio::test]
    async fn events_committed_at_once_get_numbers_in_a_row() {
        let store = PlatformStore::in_memory().await.unwrap();
        let tasks: Vec<_> = (0..12)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move { append(&store, &format!("s{n}")).await })
            })
            .collect();
        let mut found = Vec::new();
        for task in tasks {
            found.push(task.await.unwrap());
        }
        found.sort_unstable();
        assert_eq!(found, (1..=12).collect::<Vec<u64>>());
    }

    #[tokio::test]
    async fn a_waiting_reader_hears_of_an_event_at_once() {
        let store = PlatformStore::in_memory().await.unwrap();
        let reader = {
            let store = store.clone();
            tokio::spawn(async move { store.outbox_after(0, 10, Duration::from_secs(3600)).await.unwrap() })
        };
        append(&store, "a").await;
        assert_eq!(numbers(&reader.await.unwrap()), [1]);
    }
}
