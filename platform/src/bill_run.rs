//! The bill run: a bill for each meter that has readings in a month.
//!
//! Bills are made once. Running a month again enters what is missing and leaves every existing bill as it is.

use futures_util::{StreamExt as _, stream};
use gridkey_domain::{BillId, CustomerNo, Fen, Month, Timestamp, account::Meter, bill::Bill};
use jiff::{ToSpan, civil::Date};

use crate::{
    billing::{Charge, Metered, MonthTally, Terms, TooLarge, charge, tariff},
    store::{
        PlatformStore, StoreError,
        bills::{Entry, Settled, state_on},
    },
};

/// Bills that are reckoned while the one before them is entered.
const AHEAD: usize = 4;
/// How often a bill is made anew when the account or a settled bill changed meanwhile.
const ATTEMPTS: usize = 5;

/// A bill could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BillRunError {
    /// The store failed; a run may be repeated.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The month has not ended.
    #[error("{0} has not ended")]
    NotEnded(Month),
    /// It was interrupted; a run may be repeated.
    #[error("the run was interrupted")]
    BrokenOff,
    /// The readings make no sense.
    #[error("{meter}, {month}: {source}")]
    TooLarge {
        /// Whose readings.
        meter: gridkey_domain::MeterId,
        /// Of which month.
        month: Month,
        /// What is wrong.
        source: TooLarge,
    },
}

/// What a run does with the bills it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The regular run: the server is told of each new bill.
    Issue {
        /// The time of the run.
        at: Timestamp,
    },
    /// Bills of the past, of which nobody is told.
    History {
        /// Whether they are entered as paid on their due date.
        paid: bool,
    },
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Bills made.
    pub made: Vec<BillId>,
    /// Bills that were there already.
    pub existing: usize,
    /// Meters that had no reading in the month.
    pub without_readings: usize,
}

impl Report {
    /// Adds another month's report.
    pub fn add(&mut self, other: Self) {
        self.made.extend(other.made);
        self.existing += other.existing;
        self.without_readings += other.without_readings;
    }
}

/// Makes the bills of `month`.
pub async fn run(store: &PlatformStore, month: Month, today: Date, purpose: Purpose) -> Result<Report, BillRunError> {
    if month >= Month::of(today) {
        return Err(BillRunError::NotEnded(month));
    }
    let mut report = Report::default();
    let mut ahead = stream::iter(store.meters(None).await?)
        .map(|(customer, meter)| {
            let store = store.clone();
            let reckoning = tokio::spawn(async move { reckon(&store, customer, meter, month).await });
            async { reckoning.await.map_err(|_| BillRunError::BrokenOff)? }
        })
        .buffered(AHEAD);
    while let Some(reckoned) = ahead.next().await {
        match reckoned? {
            Reckoned::Existing => report.existing += 1,
            Reckoned::WithoutReadings => report.without_readings += 1,
            Reckoned::Due(due) => {
                enter(store, &due, month, today, purpose).await?;
                report.made.push(BillId::of(month, &due.meter.meter));
            }
        }
    }
    Ok(report)
}

/// Makes the bills of every month of `year` that has ended.
pub async fn run_year(store: &PlatformStore, year: i16, today: Date, purpose: Purpose) -> Result<Report, BillRunError> {
    let mut report = Report::default();
    for month in (1..=12).filter_map(|month| Month::new(year, month).ok()).filter(|month| *month < Month::of(today)) {
        report.add(run(store, month, today, purpose).await?);
    }
    Ok(report)
}

/// What a meter's month comes to.
enum Reckoned {
    /// Its bill is there already.
    Existing,
    /// There is no reading.
    WithoutReadings,
    /// A bill is due.
    Due(Box<Due>),
}

/// A bill to be entered, but for what hangs on the account.
struct Due {
    customer: CustomerNo,
    meter: Meter,
    metered: Metered,
    charge: Charge,
    account: Standing,
}

/// What of an account goes into its next bill.
struct Standing {
    settled: Vec<Settled>,
    balance: i64,
}

/// Reckons a meter's month. Nothing is entered, so that it can be done while other bills are entered.
async fn reckon(
    store: &PlatformStore,
    customer: CustomerNo,
    meter: Meter,
    month: Month,
) -> Result<Reckoned, BillRunError> {
    if store.has_bill(&BillId::of(month, &meter.meter)).await? {
        return Ok(Reckoned::Existing);
    }
    let days = store.days(&meter.meter, month.first_day(), month.first_day().last_of_month()).await?;
    if days.is_empty() {
        return Ok(Reckoned::WithoutReadings);
    }
    let too_large = |source| BillRunError::TooLarge { meter: meter.meter.clone(), month, source };
    let mut tally = MonthTally::new(month);
    days.iter().for_each(|(_, day)| tally.add_day(day));
    let metered = tally.finish().map_err(too_large)?;
    let charge = charge(&metered, Terms { basic: meter.basic, capacity_kva: meter.capacity_kva }).map_err(too_large)?;
    let account = standing(store, &customer, &meter, month).await?;
    Ok(Reckoned::Due(Box::new(Due { customer, meter, metered, charge, account })))
}

/// How the account stands now.
async fn standing(
    store: &PlatformStore,
    customer: &CustomerNo,
    meter: &Meter,
    month: Month,
) -> Result<Standing, StoreError> {
    let settled = store.settled_before(customer, &meter.meter, month.next().first_day()).await?;
    Ok(Standing { settled, balance: store.account(customer).await?.balance })
}

/// Enters a bill. If the account has changed since it was reckoned, it is looked at again.
async fn enter(
    store: &PlatformStore,
    due: &Due,
    month: Month,
    today: Date,
    purpose: Purpose,
) -> Result<(), BillRunError> {
    let Due { customer, meter, metered, charge: own, account } = due;
    let too_large = |source| BillRunError::TooLarge { meter: meter.meter.clone(), month, source };
    let mut fresh = None;
    for _ in 0..ATTEMPTS {
        let Standing { settled, balance } = fresh.as_ref().unwrap_or(account);
        let mut late = Vec::new();
        for bill in settled {
            late.extend(bill.debt.late_line(bill.on).map_err(too_large)?);
        }
        let charge = own.clone().with_late(late).map_err(too_large)?;
        let mut entry = Entry { late_of: settled.iter().map(|bill| bill.bill.clone()).collect(), ..Entry::default() };
        match purpose {
            Purpose::Issue { at } => entry.announce = Some(at),
            Purpose::History { paid } => entry.paid = paid,
        }
        entry.balance = *balance;
        let bill = drawn(customer, meter, month, metered, charge, &entry, today);
        match store.enter_bill(&bill, &entry).await {
            Err(StoreError::Refused { code, .. }) if code == "changed" => {
                fresh = Some(standing(store, customer, meter, month).await?);
            }
            entered => return entered.map(drop).map_err(Into::into),
        }
    }
    Err(StoreError::Unavailable(gridkey_surreal::DbError::Busy).into())
}

fn drawn(
    customer: &CustomerNo,
    meter: &Meter,
    month: Month,
    metered: &Metered,
    charge: Charge,
    entry: &Entry,
    today: Date,
) -> Bill {
    let issued = month.next().first_day();
    let due = issued.saturating_add(tariff::DAYS_TO_PAY.days());
    let credit = u64::try_from(entry.balance).ok().and_then(|fen| Fen::new(fen).ok()).unwrap_or_default();
    let open = if entry.paid { Fen::ZERO } else { charge.total.checked_sub(credit).unwrap_or_default() };
    Bill {
        bill: BillId::of(month, &meter.meter),
        customer: customer.clone(),
        meter: meter.meter.clone(),
        month,
        issued,
        due,
        kwh: metered.kwh,
        kvarh: metered.kvarh,
        max_kw: metered.max_kw,
        pf: metered.pf,
        lines: charge.lines,
        total: charge.total,
        open,
        state: state_on(due, open, today),
        documents: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
