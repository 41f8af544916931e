//! A meter that never stops: the readings that follow the load profiles, quarter-hour by quarter-hour.

use gridkey_domain::MeterId;
use jiff::{
    ToSpan,
    civil::{Date, DateTime, time},
};
use serde::{Deserialize, Serialize};

use super::{
    LoadError,
    customers::DemoCustomer,
    mapping::profile_day,
    meters,
    profiles::{PROFILE_YEAR, Profiles, slot_of},
};
use crate::{
    billing::{DayReadings, Power, Slot, reading::SLOTS},
    store::readings::MeterDay,
};

/// Minutes in an interval.
const INTERVAL: i64 = 15;

/// Makes readings for any stretch of time.
#[derive(Debug)]
pub struct Feed {
    customers: Vec<DemoCustomer>,
    profiles: Profiles,
}

/// A posted reading: meter, day, quarter-hour (0 to 95), then active and reactive power in 10⁻⁸ kW.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    /// The meter.
    pub meter: MeterId,
    /// The day, Asia/Shanghai.
    pub date: Date,
    /// Quarter-hour, active, reactive.
    pub slots: Vec<(usize, u64, u64)>,
}

impl Feed {
    /// A feed of these customers' meters.
    pub const fn new(customers: Vec<DemoCustomer>, profiles: Profiles) -> Self {
        Self { customers, profiles }
    }

    /// The customers fed.
    pub fn customers(&self) -> &[DemoCustomer] {
        &self.customers
    }

    /// The readings of the quarter-hours that start at `from` or later and have ended by `until`; `from` is the start of
    /// one.
    pub fn between(&self, from: DateTime, until: DateTime) -> Result<Vec<MeterDay>, LoadError> {
        let mut days = Vec::new();
        for date in from.date().series(1.day()).take_while(|date| *date <= until.date()) {
            let first = if date == from.date() { slot_of(from) } else { 0 };
            let end = if date == until.date() { slot_of(until) } else { SLOTS };
            if first >= end {
                continue;
            }
            for meter in meters(&self.customers) {
                let whole = self.profiles.readings(meter, profile_day(date, PROFILE_YEAR))?;
                let mut readings = DayReadings::default();
                whole
                    .iter()
                    .filter(|(slot, _)| (first..end).contains(slot))
                    .for_each(|(slot, reading)| readings.push(slot, reading));
                days.push(MeterDay { meter: meter.id.clone(), date, readings });
            }
        }
        Ok(days)
    }
}

/// When quarter-hour `slot` of `date` ends.
pub fn end_of(date: Date, slot: usize) -> DateTime {
    let minutes = i64::try_from(slot + 1).unwrap_or(0) * INTERVAL;
    date.to_datetime(time(0, 0, 0, 0)).saturating_add(minutes.minutes())
}

/// The first start of a quarter-hour at or after `at`.
pub fn next_start(at: DateTime) -> DateTime {
    let slot = slot_of(at);
    let start =
        at.date().to_datetime(time(0, 0, 0, 0)).saturating_add((i64::try_from(slot).unwrap_or(0) * INTERVAL).minutes());
    if start == at { at } else { end_of(at.date(), slot) }
}

impl From<&MeterDay> for Posted {
    fn from(day: &MeterDay) -> Self {
        let slots = day.readings.iter().map(|(slot, reading)| (slot, reading.active.units(), reading.reactive.units()));
        Self { meter: day.meter.clone(), date: day.date, slots: slots.collect() }
    }
}

impl From<Posted> for MeterDay {
    fn from(posted: Posted) -> Self {
        let mut readings = DayReadings::default();
        for (slot, active, reactive) in posted.slots {
            readings.push(slot, Slot { active: Power::from_units(active), reactive: Power::from_units(reactive) });
        }
        Self { meter: posted.meter, date: posted.date, readings }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn quarter_hours_have_starts_and_ends() {
        let day = date(2026, 11, 23);
        assert_eq!(slot_of(day.at(0, 14, 59, 0)), 0);
        assert_eq!(slot_of(day.at(23, 45, 0, 0)), 95);
        assert_eq!(end_of(day, 95), date(2026, 11, 24).at(0, 0, 0, 0));
        assert_eq!(next_start(day.at(8, 0, 0, 0)), day.at(8, 0, 0, 0));
        assert_eq!(next_start(day.at(23, 46, 0, 0)), date(2026, 11, 24).at(0, 0, 0, 0));
    }
}
