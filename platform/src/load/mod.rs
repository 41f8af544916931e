//! Loading customers and readings from a folder with `customers.toml` and `load-profiles-2016.csv.gz`.
//!
//! [`year`] takes a year of profiles as it stands. [`demo`] lays the profiles over the 25 months before today
//! ([`mapping`]) and makes their bills; [`feed`] goes on from there.

pub mod customers;
pub mod feed;
pub mod mapping;
pub mod profiles;

use std::path::{Path, PathBuf};

use gridkey_domain::{MeterId, Month, Timestamp, account::Account};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use self::{
    customers::{DemoCustomer, DemoMeter},
    profiles::{PROFILE_YEAR, Profiles},
};
use crate::{
    bill_run::{self, BillRunError, Purpose},
    store::{PlatformStore, StoreError, readings::MeterDay},
};

/// Months of history of the demo, besides the running one.
pub const DEMO_MONTHS: usize = 25;
/// Newest bills of each meter that the demo leaves unpaid.
const UNPAID: usize = 2;
/// Days of readings in one transaction.
const BATCH: usize = 250;

/// The data can't be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file can't be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not in its form.
    #[error("{}: {detail}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Where and what.
        detail: String,
    },
    /// A meter names a profile that is not there, or does not fit it.
    #[error("meter {meter}: no profile {profile} for the day")]
    UnknownProfile {
        /// The meter.
        meter: MeterId,
        /// The profile's name.
        profile: String,
    },
    /// The store failed; loading may be repeated.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A bill of the past could not be made.
    #[error(transparent)]
    Bill(#[from] BillRunError),
}

/// What was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadReport {
    /// Customers in the file.
    pub customers: usize,
    /// Their meters.
    pub meters: usize,
    /// Days of readings stored, over all meters.
    pub days: usize,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// Bills made.
    pub bills: usize,
    /// How dates were mapped to the profile year; empty when they were not.
    pub mapping: String,
}

/// Loads the customers and a year of profiles as it stands, with no bills.
pub async fn year(store: &PlatformStore, folder: &Path, year: i16, now: Timestamp) -> Result<LoadReport, LoadError> {
    let (customers, profiles) = read(folder, year).await?;
    let dates: Vec<Date> = profiles.dates().collect();
    let first = profiles.first_day();
    let days = fill(store, (&customers, &profiles), now, &dates, |date| date).await?;
    Ok(report(&customers, days, first, dates.last().copied().unwrap_or(first)))
}

/// Loads the customers, readings from the first of the month 25 months before `now` up to `now`, and the bills of each
/// month up to `bills_until` (or the month before now). The bills of the last two months are unpaid, older ones were paid
/// when due; with those that `bills_until` leaves to a later bill run, two are unpaid of each meter.
pub async fn demo(
    store: &PlatformStore,
    folder: &Path,
    now: Timestamp,
    bills_until: Option<Month>,
) -> Result<LoadReport, LoadError> {
    let (customers, profiles) = read(folder, PROFILE_YEAR).await?;
    let today = now.date();
    let months = demo_months(today);
    let first = months.first().map_or(today, |month| month.first_day());
    let past: Vec<Date> = first.series(1.day()).take_while(|date| *date < today).collect();
    let mut days =
        fill(store, (&customers, &profiles), now, &past, |date| mapping::profile_day(date, PROFILE_YEAR)).await?;
    let feed = feed::Feed::new(customers, profiles);
    let so_far = feed.between(today.at(0, 0, 0, 0), now.civil())?;
    store.add_readings(&so_far).await?;
    days += so_far.len();

    let paid = months.len().saturating_sub(UNPAID);
    let billed = months.into_iter().filter(|month| bills_until.is_none_or(|until| *month <= until));
    let mut bills = 0;
    for (index, month) in billed.enumerate() {
        let purpose = Purpose::History { paid: index < paid };
        bills += bill_run::run(store, month, today, purpose).await?.made.len();
    }
    Ok(LoadReport { bills, mapping: mapping::STATEMENT.to_owned(), ..report(feed.customers(), days, first, today) })
}

/// The whole months before `today` that the demo covers, oldest first.
fn demo_months(today: Date) -> Vec<Month> {
    let mut months: Vec<Month> =
        std::iter::successors(Some(Month::of(today).previous()), |month| Some(month.previous()))
            .take(DEMO_MONTHS)
            .collect();
    months.reverse();
    months
}

/// Reads both files; the profiles are half a million numbers, so they are parsed away from the runtime's threads.
pub async fn read(folder: &Path, year: i16) -> Result<(Vec<DemoCustomer>, Profiles), LoadError> {
    let folder = folder.to_owned();
    let parsing = move || Ok((customers::read(&folder)?, Profiles::read(&folder, year)?));
    tokio::task::spawn_blocking(parsing)
        .await
        .map_err(|error| LoadError::Malformed { path: PathBuf::new(), detail: error.to_string() })?
}

async fn fill(
    store: &PlatformStore,
    (customers, profiles): (&[DemoCustomer], &Profiles),
    now: Timestamp,
    dates: &[Date],
    profile_day: impl Fn(Date) -> Date,
) -> Result<usize, LoadError> {
    for customer in customers {
        store.put_customer(&account(customer), now).await?;
    }
    let mut days = 0;
    for meter in meters(customers) {
        for batch in dates.chunks(BATCH) {
            let batch: Vec<MeterDay> = batch
                .iter()
                .map(|date| {
                    let readings = profiles.readings(meter, profile_day(*date))?;
                    Ok::<_, LoadError>(MeterDay { meter: meter.id.clone(), date: *date, readings })
                })
                .collect::<Result<_, _>>()?;
            store.put_days(&batch).await?;
            days += batch.len();
        }
    }
    Ok(days)
}

fn meters(customers: &[DemoCustomer]) -> impl Iterator<Item = &DemoMeter> {
    customers.iter().flat_map(|customer| &customer.meters)
}

fn account(customer: &DemoCustomer) -> Account {
    let DemoCustomer { number, name, name_zh, kind, grade, contact, address, meters } = customer.clone();
    let meters = meters.iter().map(DemoMeter::meter).collect();
    Account { customer: number, name, name_zh, kind, grade, contact, address, balance: 0, meters }
}

fn report(customers: &[DemoCustomer], days: usize, first: Date, last: Date) -> LoadReport {
    LoadReport {
        customers: customers.len(),
        meters: meters(customers).count(),
        days,
        first,
        last,
        bills: 0,
        mapping: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_demo_covers_twenty_five_whole_months() {
        let months = demo_months(date(2026, 11, 23));
        assert_eq!(
            (months.len(), months[0].to_string(), months[24].to_string()),
            (25, "2024-10".into(), "2026-10".into())
        );
    }
}
