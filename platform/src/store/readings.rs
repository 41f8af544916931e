//! Interval readings: one record per meter and day, `reading:[METER, DATE]`.

use gridkey_domain::MeterId;
use gridkey_surreal::{Array, Bytes, RecordId, RecordIdKey, SurrealValue, Value, vars};
use jiff::civil::Date;

use super::{PlatformStore, StoreError, between};
use crate::billing::DayReadings;

/// A day of a meter's readings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterDay {
    /// The meter.
    pub meter: MeterId,
    /// The day, Asia/Shanghai.
    pub date: Date,
    /// What was read.
    pub readings: DayReadings,
}

#[derive(SurrealValue)]
struct Row {
    day: String,
    slots: Bytes,
}

/// A record to insert.
#[derive(SurrealValue)]
struct NewRow {
    id: RecordId,
    slots: Bytes,
}

impl PlatformStore {
    /// Stores whole days, each in place of what was there. All of them or none; a few hundred at a time are well.
    pub async fn put_days(&self, days: &[MeterDay]) -> Result<(), StoreError> {
        let rows: Vec<NewRow> = days.iter().map(new_row).collect();
        self.database
            .transact(
                "INSERT INTO reading $rows ON DUPLICATE KEY UPDATE slots = $input.slots RETURN NONE",
                vars! { rows: rows },
            )
            .await?;
        Ok(())
    }

    /// Adds quarter-hours to a meter's days, keeping what was read before and replacing what is read again.
    pub async fn add_readings(&self, days: &[MeterDay]) -> Result<(), StoreError> {
        for day in days {
            let known = self.days(&day.meter, day.date, day.date).await?;
            let mut merged = known.into_iter().next().map_or_else(DayReadings::default, |(_, readings)| readings);
            merged.merge(&day.readings);
            self.put_days(&[MeterDay { readings: merged, ..day.clone() }]).await?;
        }
        Ok(())
    }

    /// A meter's days from `first` to `last`, both included, oldest first; days without a reading are left out.
    pub async fn days(&self, meter: &MeterId, first: Date, last: Date) -> Result<Vec<(Date, DayReadings)>, StoreError> {
        let mut rows = self
            .database
            .run(
                "SELECT record::id(id)[1] AS day, slots FROM $days",
                vars! { days: between("reading", key(meter, first), key(meter, last)) },
            )
            .await?;
        let rows: Vec<Row> = rows.last_all()?;
        rows.into_iter()
            .map(|row| {
                let date = row.day.parse().map_err(|_| StoreError::Damaged("reading"))?;
                let readings = DayReadings::decode(&row.slots).map_err(|_| StoreError::Damaged("reading"))?;
                Ok((date, readings))
            })
            .collect()
    }
}

fn key(meter: &MeterId, date: Date) -> RecordIdKey {
    // ISO dates sort as days do.
    RecordIdKey::Array(Array::from(vec![Value::String(meter.as_str().to_owned()), Value::String(date.to_string())]))
}

fn new_row(day: &MeterDay) -> NewRow {
    NewRow { id: RecordId::new("reading", key(&day.meter, day.date)), slots: Bytes::from(day.readings.encode()) }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};

    use super::*;
    use crate::billing::{Power, Slot};

    fn day(meter: &str, date: Date, readings: &[(usize, u64)]) -> MeterDay {
        let mut day = DayReadings::default();
        for (slot, units) in readings {
            day.set(*slot, Slot { active: Power::from_units(*units), reactive: Power::from_units(1) });
        }
        MeterDay { meter: meter.parse().unwrap(), date, readings: day }
    }

    #[tokio::test]
    async fn a_stretch_of_days_comes_back_in_order_and_of_one_meter() {
        let store = PlatformStore::in_memory().await.unwrap();
        let start = date(2016, 1, 25);
        let days: Vec<_> = (0..20_u64)
            .flat_map(|n| {
                let date = start + i64::try_from(n).unwrap().days();
                ["M1", "M2", "M11"].map(|meter| day(meter, date, &[(0, 100 + n)]))
            })
            .collect();
        store.put_days(&days).await.unwrap();
        let found = store.days(&"M1".parse().unwrap(), date(2016, 1, 30), date(2016, 2, 2)).await.unwrap();
        assert_eq!(found.iter().map(|(date, _)| date.day()).collect::<Vec<_>>(), [30, 31, 1, 2]);
        assert_eq!(found[0].1, day("M1", start, &[(0, 105)]).readings);
    }

    #[tokio::test]
    async fn a_day_loaded_again_is_replaced_and_a_reading_posted_is_added() {
        let store = PlatformStore::in_memory().await.unwrap();
        let today = date(2026, 11, 23);
        let meter: MeterId = "M1".parse().unwrap();
        store.put_days(&[day("M1", today, &[(0, 1), (1, 2)])]).await.unwrap();
        store.put_days(&[day("M1", today, &[(0, 3)])]).await.unwrap();
        store.add_readings(&[day("M1", today, &[(1, 4)])]).await.unwrap();
        let found = store.days(&meter, today, today).await.unwrap();
        assert_eq!(found, [(today, day("M1", today, &[(0, 3), (1, 4)]).readings)]);
    }
}
