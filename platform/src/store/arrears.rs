//! Arrears: where each customer stands, and how it came there.

use gridkey_domain::{
    CustomerNo, Fen, Timestamp,
    arrears::{ArrearsChange, ArrearsEvent, Level},
};
use gridkey_surreal::{Array, RecordId, RecordIdKey, SurrealValue, Value, vars};
use serde::{Serialize, de::DeserializeOwned};

use super::{PlatformStore, StoreError, between};

/// Where a customer's arrears stood when last looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrearsState {
    /// The level.
    pub level: Level,
    /// How many changes there were.
    pub number: u64,
}

#[derive(SurrealValue)]
struct StateRow {
    level: String,
    number: i64,
}

#[derive(SurrealValue)]
struct EventRow {
    number: i64,
    alarm: String,
    at: i64,
    change: String,
    level: String,
    open: i64,
    late: i64,
}

impl PlatformStore {
    /// Where a customer's arrears stood when last looked at; nothing overdue at first.
    pub async fn arrears_state(&self, customer: &CustomerNo) -> Result<ArrearsState, StoreError> {
        let record = RecordId::new("arrears", customer.as_str());
        let mut rows = self.database.run("SELECT level, number FROM $record", vars! { record: record }).await?;
        let Some(row) = rows.one::<StateRow>(0)? else { return Ok(ArrearsState { level: Level::None, number: 0 }) };
        let number = u64::try_from(row.number).map_err(|_| StoreError::Damaged("arrears"))?;
        Ok(ArrearsState { level: named(&row.level)?, number })
    }

    /// Notes a change of a customer's arrears as number `before.number + 1`, and tells the server. `false` if somebody else
    /// noted one since `before` was read; then nothing changes.
    pub async fn change_arrears(
        &self,
        customer: &CustomerNo,
        before: ArrearsState,
        event: &ArrearsEvent,
    ) -> Result<bool, StoreError> {
        let seen = i64::try_from(before.number).map_err(|_| StoreError::Damaged("arrears"))?;
        let mut rows = self
            .database
            .transact(
                "RETURN {
                    IF ($state.number ?? 0) != $seen { RETURN false };
                    UPSERT $state SET level = $level, number = $seen + 1;
                    CREATE $record SET alarm = $alarm, at = $at, change = $change, level = $level, open = $open,
                        late = $late;
                    fn::outbox($customer, 'arrears', string::concat('arrears/', $alarm), $body, $at);
                    RETURN true;
                 }",
                vars! {
                    state: RecordId::new("arrears", customer.as_str()),
                    seen: seen,
                    record: RecordId::new("arrears_event", key(customer, seen + 1)),
                    customer: customer.as_str().to_owned(),
                    alarm: event.alarm.clone(),
                    at: event.at.seconds(),
                    change: name(event.change)?,
                    level: name(event.level)?,
                    open: fen(event.open),
                    late: fen(event.late),
                    body: serde_json::to_string(event).map_err(|_| StoreError::Damaged("arrears"))?,
                },
            )
            .await?;
        self.wake_outbox();
        Ok(rows.last::<bool>()?.unwrap_or(false))
    }

    /// A customer's changes, newest first, those before number `before`, at most `limit`, each with its number.
    pub async fn arrears_history(
        &self,
        customer: &CustomerNo,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<(u64, ArrearsEvent)>, StoreError> {
        let last = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX).saturating_sub(1));
        let mut rows = self
            .database
            .run(
                "SELECT *, record::id(id)[1] AS number FROM $events ORDER BY number DESC LIMIT $limit",
                vars! {
                    events: between("arrears_event", key(customer, 1), key(customer, last)),
                    limit: i64::from(limit),
                },
            )
            .await?;
        rows.last_all::<EventRow>()?.into_iter().map(EventRow::read).collect()
    }
}

fn key(customer: &CustomerNo, number: i64) -> RecordIdKey {
    RecordIdKey::Array(Array::from(vec![Value::String(customer.as_str().to_owned()), Value::from_t(number)]))
}

fn fen(amount: Fen) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}

/// The serde name of a level or a change.
fn name(value: impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(StoreError::Damaged("arrears")),
    }
}

fn named<T: DeserializeOwned>(name: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(|_| StoreError::Damaged("arrears"))
}

impl EventRow {
    fn read(self) -> Result<(u64, ArrearsEvent), StoreError> {
        let amount = |stored: i64| u64::try_from(stored).ok().and_then(|fen| Fen::new(fen).ok());
        let damaged = StoreError::Damaged("arrears");
        let (Ok(number), Some(open), Some(late)) = (self.number.try_into(), amount(self.open), amount(self.late))
        else {
            return Err(damaged);
        };
        let change: ArrearsChange = named(&self.change)?;
        let (at, level) = (Timestamp::from_seconds(self.at), named(&self.level)?);
        Ok((number, ArrearsEvent { alarm: self.alarm, at, change, level, open, late }))
    }
}
