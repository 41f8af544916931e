//! The bill run: a bill for each meter that has readings in a month.
//!
//! Bills are made once. Running a month again enters what is missing and leaves every existing bill as it is.

use gridkey_domain::{BillId, CustomerNo, Fen, Month, Timestamp, account::Meter, bill::Bill};
use jiff::{ToSpan, civil::Date};

use crate::{
    billing::{Charge, Metered, MonthTally, Terms, TooLarge, charge, tariff},
    store::{
        PlatformStore, StoreError,
        bills::{Entry, state_on},
    },
};

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
    for (customer, meter) in store.meters(None).await? {
        let bill = BillId::of(month, &meter.meter);
        if store.has_bill(&bill).await? {
            report.existing += 1;
        } else if enter(store, &customer, &meter, month, today, purpose).await? {
            report.made.push(bill);
        } else {
            report.without_readings += 1;
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

/// Makes and enters one bill; `false` if the meter has no reading in the month.
async fn enter(
    store: &PlatformStore,
    customer: &CustomerNo,
    meter: &Meter,
    month: Month,
    today: Date,
    purpose: Purpose,
) -> Result<bool, BillRunError> {
    let days = store.days(&meter.meter, month.first_day(), month.first_day().last_of_month()).await?;
    if days.is_empty() {
        return Ok(false);
    }
    let too_large = |source| BillRunError::TooLarge { meter: meter.meter.clone(), month, source };
    let mut tally = MonthTally::new(month);
    days.iter().for_each(|(_, day)| tally.add_day(day));
    let metered = tally.finish().map_err(too_large)?;
    let own = charge(&metered, Terms { basic: meter.basic, capacity_kva: meter.capacity_kva }).map_err(too_large)?;

    let issued = month.next().first_day();
    for _ in 0..ATTEMPTS {
        let settled = store.settled_before(customer, &meter.meter, issued).await?;
        let mut late = Vec::new();
        for bill in &settled {
            late.extend(bill.debt.late_line(bill.on).map_err(too_large)?);
        }
        let charge = own.clone().with_late(late).map_err(too_large)?;
        let mut entry = Entry { late_of: settled.into_iter().map(|bill| bill.bill).collect(), ..Entry::default() };
        match purpose {
            Purpose::Issue { at } => entry.announce = Some(at),
            Purpose::History { paid } => entry.paid = paid,
        }
        entry.balance = store.account(customer).await?.balance;
        let bill = drawn(customer, meter, month, &metered, charge, &entry, today);
        match store.enter_bill(&bill, &entry).await {
            Err(StoreError::Refused { code, .. }) if code == "changed" => {}
            entered => return entered.map(|_| true).map_err(Into::into),
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
