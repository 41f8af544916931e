//! What was used: the running month and the history of a meter.

use gridkey_domain::{
    CustomerNo, Fen, MeterId, Month, Timestamp,
    usage::{MeterUsage, Resolution, UsagePoint, UsageSeries, UsageSummary},
};
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};

use crate::{
    billing::{MonthTally, Power, Slot, Terms, TooLarge, charge, tally},
    load::feed::end_of,
    store::{PlatformStore, StoreError},
};

/// Days read from the store at a time.
const STRETCH: i64 = 31;

/// Usage could not be reckoned.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// The store failed, or there is no such customer or meter.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The readings make no sense.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

/// The running month of all meters of a customer: that of `now`, or of the newest reading if a fast feed is ahead.
pub async fn summary(store: &PlatformStore, customer: &CustomerNo, now: Timestamp) -> Result<UsageSummary, UsageError> {
    // Also says whether the customer exists.
    let meters = store.account(customer).await?.meters;
    let mut month = Month::of(now.date());
    let mut read = Vec::new();
    for meter in meters {
        let days = store.days(&meter.meter, month.first_day(), Date::MAX).await?;
        month = days.last().map_or(month, |(date, _)| month.max(Month::of(*date)));
        read.push((meter, days));
    }
    let mut at = month.first_day().at(0, 0, 0, 0);
    let mut usages = Vec::new();
    for (meter, days) in read {
        let mut tally = MonthTally::new(month);
        for (date, day) in days.iter().filter(|(date, _)| Month::of(*date) == month) {
            tally.add_day(day);
            at = day.last_slot().map_or(at, |slot| at.max(end_of(*date, slot)));
        }
        let metered = tally.finish()?;
        let terms = Terms { basic: meter.basic, capacity_kva: meter.capacity_kva };
        usages.push(MeterUsage {
            meter: meter.meter,
            kvarh: metered.kvarh,
            max_kw: metered.max_kw,
            pf: metered.pf,
            kwh: metered.kwh,
            running: charge(&metered, terms)?.total,
        });
    }
    let running = Fen::checked_sum(usages.iter().map(|usage| usage.running)).ok_or(TooLarge)?;
    Ok(UsageSummary { month, at: Timestamp::from_civil(at), running, meters: usages })
}

/// What to read of a meter's history.
#[derive(Debug, Clone)]
pub struct SeriesQuery {
    /// The meter.
    pub meter: MeterId,
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// The step.
    pub resolution: Resolution,
    /// Where an earlier answer ended: the start of the next step.
    pub next: Option<Timestamp>,
    /// Most steps in the answer.
    pub limit: usize,
}

/// A stretch of a meter's history. Each step is summed exactly and rounded once; steps without a reading are left out.
pub async fn series(
    store: &PlatformStore,
    customer: &CustomerNo,
    query: &SeriesQuery,
) -> Result<UsageSeries, UsageError> {
    store.meter(customer, &query.meter).await?;
    let resume = query.next.map(Timestamp::civil);
    let mut date = resume.map_or(query.from, |next| next.date().max(query.from));
    let mut steps: Vec<Step> = Vec::new();
    while date <= query.to && steps.len() <= query.limit {
        let last = date.saturating_add((STRETCH - 1).days()).min(query.to);
        for (date, day) in store.days(&query.meter, date, last).await? {
            for (slot, reading) in day.iter() {
                let start = step_start(query.resolution, date, slot);
                if resume.is_none_or(|next| start >= next) {
                    Step::of(&mut steps, start).add(reading);
                }
            }
        }
        let Ok(next) = last.tomorrow() else { break };
        date = next;
    }
    let next = steps.get(query.limit).map(|step| Timestamp::from_civil(step.start).to_string());
    let points = steps.iter().take(query.limit).map(Step::point).collect::<Result<_, _>>()?;
    Ok(UsageSeries { meter: query.meter.clone(), resolution: query.resolution, points, next })
}

/// A step being summed.
struct Step {
    start: DateTime,
    active: i128,
    reactive: i128,
    highest: Power,
}

impl Step {
    /// The step that starts at `start`: the last one so far, or a new one.
    fn of(steps: &mut Vec<Self>, start: DateTime) -> &mut Self {
        let known = steps.pop_if(|step| step.start == start);
        steps.push_mut(known.unwrap_or(Self { start, active: 0, reactive: 0, highest: Power::default() }))
    }

    fn add(&mut self, reading: Slot) {
        self.active += i128::from(reading.active.units());
        self.reactive += i128::from(reading.reactive.units());
        self.highest = self.highest.max(reading.active);
    }

    fn point(&self) -> Result<UsagePoint, TooLarge> {
        Ok(UsagePoint {
            start: Timestamp::from_civil(self.start),
            kwh: tally::energy(self.active)?,
            kvarh: tally::energy(self.reactive)?,
            max_kw: tally::kilowatts(self.highest)?,
        })
    }
}

/// When the step begins that a quarter-hour belongs to.
fn step_start(resolution: Resolution, date: Date, slot: usize) -> DateTime {
    let midnight = date.at(0, 0, 0, 0);
    let minutes = |n: usize| i64::try_from(n).unwrap_or(0).minutes();
    match resolution {
        Resolution::QuarterHour => midnight.saturating_add(minutes(slot * 15)),
        Resolution::Hour => midnight.saturating_add(minutes(slot / 4 * 60)),
        Resolution::Day => midnight,
        Resolution::Month => date.first_of_month().at(0, 0, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        billing::DayReadings,
        store::{customers::tests::dairy, readings::MeterDay},
    };

    /// `M1` with 1 kW in quarter-hour 0, 2 kW in 1 and so on, on each of the first days of November 2026.
    async fn store(days: i8) -> PlatformStore {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        let mut readings = DayReadings::default();
        for slot in 0..96 {
            let active = Power::from_units((slot + 1) * Power::UNITS_PER_KW);
            readings.set(usize::try_from(slot).unwrap(), Slot { active, reactive: Power::default() });
        }
        let days: Vec<_> = (1..=days)
            .map(|day| MeterDay { meter: "M1".parse().unwrap(), date: date(2026, 11, day), readings: readings.clone() })
            .collect();
        store.put_days(&days).await.unwrap();
        store
    }

    fn query(resolution: Resolution, from: i8, to: i8, limit: usize) -> SeriesQuery {
        SeriesQuery {
            meter: "M1".parse().unwrap(),
            from: date(2026, 11, from),
            to: date(2026, 11, to),
            resolution,
            next: None,
            limit,
        }
    }

    fn at(day: i8, hour: i8) -> Timestamp {
        Timestamp::from_civil(date(2026, 11, day).at(hour, 0, 0, 0))
    }

    #[tokio::test]
    async fn the_running_month_is_priced_as_if_it_ended_now() {
        let store = store(2).await;
        let summary = summary(&store, &dairy().customer, at(3, 9)).await.unwrap();
        assert_eq!(summary.month.to_string(), "2026-11");
        assert_eq!(summary.at, at(3, 0));
        // 2 × (1 + … + 96) / 4 kWh.
        assert_eq!(summary.meters[0].kwh.total.to_string(), "2328.00");
        assert_eq!(summary.meters[0].max_kw.to_string(), "96.00");
        let second = &summary.meters[1];
        assert_eq!((second.pf.to_string().as_str(), second.running.get()), ("1.00", 0), "demand without any reading");
        assert_eq!(summary.running, summary.meters[0].running);
    }

    #[tokio::test]
    async fn a_month_that_has_just_begun_has_its_basic_charge() {
        let store = store(2).await;
        let summary =
            summary(&store, &dairy().customer, Timestamp::from_civil(date(2026, 12, 1).at(0, 5, 0, 0))).await.unwrap();
        assert_eq!(
            (summary.month.to_string().as_str(), summary.at),
            ("2026-12", Timestamp::from_civil(date(2026, 12, 1).at(0, 0, 0, 0)))
        );
        // 250 kVA × 25.00 yuan, less 0.75 % for a power factor of 1.00.
        assert_eq!(summary.meters[0].running.get(), 625_000 - 4_688);
    }

    #[tokio::test]
    async fn a_feed_ahead_of_the_clock_shows_its_own_month() {
        let store = store(2).await;
        let summary = summary(&store, &dairy().customer, Timestamp::from_civil(date(2026, 10, 31).at(12, 0, 0, 0)))
            .await
            .unwrap();
        assert_eq!(summary.month.to_string(), "2026-11");
    }

    #[tokio::test]
    async fn steps_add_up_whatever_their_length() {
        let store = store(3).await;
        let customer = dairy().customer;
        for (resolution, count) in
            [(Resolution::QuarterHour, 288), (Resolution::Hour, 72), (Resolution::Day, 3), (Resolution::Month, 1)]
        {
            let series = series(&store, &customer, &query(resolution, 1, 30, 1000)).await.unwrap();
            assert_eq!((series.points.len(), series.next), (count, None));
            assert_eq!(series.points.iter().map(|point| point.kwh.units()).sum::<i64>(), 349_200);
            assert_eq!(series.points[0].start, at(1, 0));
        }
    }

    #[tokio::test]
    async fn pages_join_without_a_gap() {
        let store = store(3).await;
        let customer = dairy().customer;
        let whole = series(&store, &customer, &query(Resolution::Hour, 1, 3, 1000)).await.unwrap();
        let mut joined = Vec::new();
        let mut page = query(Resolution::Hour, 1, 3, 7);
        loop {
            let series = series(&store, &customer, &page).await.unwrap();
            joined.extend(series.points);
            match series.next {
                Some(next) => page.next = Some(next.parse().unwrap()),
                None => break,
            }
        }
        assert_eq!(joined, whole.points);
    }

    #[tokio::test]
    async fn another_customers_meter_is_not_found() {
        let store = store(1).await;
        let stranger = "1100000009".parse().unwrap();
        let found = series(&store, &stranger, &query(Resolution::Day, 1, 3, 7)).await;
        assert!(matches!(found, Err(UsageError::Store(StoreError::NotFound("meter")))));
    }
}
