//! The platform's own commands. They reach a running platform through its control socket; when none runs, the same code
//! works on the database directly.

use std::{path::PathBuf, sync::Arc};

use gridkey_domain::{
    BillId, CustomerNo, MeterId, Month, Quantity, Timestamp,
    arrears::ArrearsEvent,
    bill::{Bill, BillLine},
    usage::Registers,
};
use gridkey_service::{
    clock::Clock,
    control::{ControlError, ControlHandler},
};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    arrears,
    bill_run::{self, BillRunError, Purpose},
    load::{
        self,
        feed::{Posted, end_of},
    },
    store::{PlatformStore, readings::MeterDay},
};

/// Carries out commands on a store.
pub struct Commands {
    store: PlatformStore,
    clock: Arc<dyn Clock>,
}

/// `load`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// The folder with the data; absolute, since the daemon may stand elsewhere.
    pub folder: PathBuf,
    /// Load this year as it stands; otherwise the months before today.
    pub year: Option<i16>,
    /// The last month to make bills of.
    pub bills_until: Option<Month>,
    /// Take this date for today.
    pub today: Option<Date>,
}

/// `bill-run`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillRun {
    /// Every ended month of this year.
    pub year: Option<i16>,
    /// This month; without both, the month before today's.
    pub month: Option<Month>,
    /// Take this date for today.
    pub today: Option<Date>,
}

/// What a bill run answers.
#[derive(Debug, Serialize, Deserialize)]
pub struct BillRunReport {
    /// Bills made.
    pub made: Vec<BillId>,
    /// Bills that were there already.
    pub existing: usize,
    /// Meters without a reading in a month.
    pub without_readings: usize,
}

/// `bills`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bills {
    /// Of which year.
    pub year: i16,
}

/// `readings`: a meter's days as they were metered.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readings {
    /// The meter.
    pub meter: MeterId,
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
}

/// `arrears-run`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrearsRun {
    /// Take this date for today.
    pub today: Option<Date>,
}

/// A change of a customer's arrears.
#[derive(Debug, Serialize, Deserialize)]
pub struct ArrearsChanged {
    /// The customer.
    pub customer: CustomerNo,
    /// The change.
    #[serde(flatten)]
    pub event: ArrearsEvent,
}

/// `feed`: readings posted by meters.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// By meter and day.
    pub readings: Vec<Posted>,
}

/// What `feed-position` answers: where a feed goes on.
#[derive(Debug, Serialize, Deserialize)]
pub struct FeedPosition {
    /// The time, Asia/Shanghai.
    pub now: DateTime,
    /// The end of the newest reading of any meter, if there is one from this month on.
    pub newest: Option<DateTime>,
}

/// A bill as `bills --json` prints it: what is needed to reckon it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedBill {
    /// The bill's number.
    pub bill: BillId,
    /// Whose.
    pub customer: CustomerNo,
    /// The meter.
    pub meter: MeterId,
    /// The month.
    pub month: Month,
    /// Active energy.
    pub kwh: Registers,
    /// Reactive energy.
    pub kvarh: Quantity,
    /// The highest 15-minute average.
    pub max_kw: Quantity,
    /// The power factor.
    pub pf: Quantity,
    /// The lines.
    pub lines: Vec<BillLine>,
    /// Their sum, fen.
    pub total: gridkey_domain::Fen,
}

impl From<Bill> for PrintedBill {
    fn from(bill: Bill) -> Self {
        let Bill { bill, customer, meter, month, kwh, kvarh, max_kw, pf, lines, total, .. } = bill;
        Self { bill, customer, meter, month, kwh, kvarh, max_kw, pf, lines, total }
    }
}

impl Commands {
    /// Commands on `store`.
    pub fn new(store: PlatformStore, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The store worked on.
    pub fn into_store(self) -> PlatformStore {
        self.store
    }

    async fn load(&self, load: Load) -> Result<load::LoadReport, ControlError> {
        match load.year {
            Some(year) => load::year(&self.store, &load.folder, year).await,
            None => load::demo(&self.store, &load.folder, self.now(load.today), load.bills_until).await,
        }
        .map_err(|error| failed("load", &error))
    }

    async fn bill_run(&self, run: BillRun) -> Result<BillRunReport, ControlError> {
        let now = self.now(run.today);
        let today = now.date();
        let purpose = Purpose::Issue { at: now };
        let report = match (run.year, run.month) {
            (Some(year), None) => bill_run::run_year(&self.store, year, today, purpose).await,
            (None, month) => {
                let month = month.unwrap_or_else(|| Month::of(today).previous());
                bill_run::run(&self.store, month, today, purpose).await
            }
            (Some(_), Some(_)) => return Err(ControlError::new("bad-request", "either a year or a month")),
        }
        .map_err(|error| match error {
            BillRunError::NotEnded(_) => ControlError::new("not-ended", error.to_string()),
            error => failed("bill run", &error),
        })?;
        metrics::counter!("gridkey_platform_bills_made_total").increment(report.made.len() as u64);
        tracing::info!(made = report.made.len(), existing = report.existing, "bill run");
        let bill_run::Report { made, existing, without_readings } = report;
        Ok(BillRunReport { made, existing, without_readings })
    }

    async fn bills(&self, bills: Bills) -> Result<Vec<PrintedBill>, ControlError> {
        let found = self.store.bills_of_year(bills.year, self.clock.now().date()).await;
        Ok(found.map_err(|error| failed("bills", &error))?.into_iter().map(PrintedBill::from).collect())
    }

    async fn readings(&self, query: Readings) -> Result<Vec<Posted>, ControlError> {
        let days = self.store.days(&query.meter, query.from, query.to).await;
        let days = days.map_err(|error| failed("readings", &error))?;
        let posted = |(date, readings)| Posted::from(&MeterDay { meter: query.meter.clone(), date, readings });
        Ok(days.into_iter().map(posted).collect())
    }

    async fn arrears_run(&self, run: ArrearsRun) -> Result<Vec<ArrearsChanged>, ControlError> {
        let now = self.now(run.today);
        let changes = arrears::evaluate_all(&self.store, now.date(), now).await;
        let changes = changes.map_err(|error| failed("arrears run", &error))?;
        Ok(changes.into_iter().map(|(customer, event)| ArrearsChanged { customer, event }).collect())
    }

    async fn feed(&self, feed: Feed) -> Result<(), ControlError> {
        let days: Vec<MeterDay> = feed.readings.into_iter().map(MeterDay::from).collect();
        self.store.add_readings(&days).await.map_err(|error| failed("feed", &error))
    }

    async fn feed_position(&self) -> Result<FeedPosition, ControlError> {
        let now = self.clock.now().civil();
        let mut newest = None;
        let failed = |error| failed("feed", &error);
        for (_, meter) in self.store.meters(None).await.map_err(failed)? {
            let days = self.store.days(&meter.meter, now.date().first_of_month(), Date::MAX).await.map_err(failed)?;
            let last = days.last().and_then(|(date, day)| day.last_slot().map(|slot| end_of(*date, slot)));
            newest = newest.max(last);
        }
        Ok(FeedPosition { now, newest })
    }

    /// The time, or the same time of day on another date.
    fn now(&self, today: Option<Date>) -> Timestamp {
        let now = self.clock.now();
        today.map_or(now, |date| Timestamp::from_civil(date.to_datetime(now.civil().time())))
    }
}

#[async_trait::async_trait]
impl ControlHandler for Commands {
    async fn handle(&self, command: String, args: Value) -> Result<Value, ControlError> {
        match command.as_str() {
            "load" => answer(&self.load(read(args)?).await?),
            "bill-run" => answer(&self.bill_run(read(args)?).await?),
            "bills" => answer(&self.bills(read(args)?).await?),
            "readings" => answer(&self.readings(read(args)?).await?),
            "arrears-run" => answer(&self.arrears_run(read(args)?).await?),
            "feed" => answer(&self.feed(read(args)?).await?),
            "feed-position" => answer(&self.feed_position().await?),
            _ => Err(ControlError::unknown(&command)),
        }
    }
}

fn read<T: DeserializeOwned>(args: Value) -> Result<T, ControlError> {
    serde_json::from_value(args).map_err(|error| ControlError::new("bad-request", error.to_string()))
}

fn answer(value: &impl Serialize) -> Result<Value, ControlError> {
    serde_json::to_value(value).map_err(|error| ControlError::new("internal", error.to_string()))
}

/// The error with its causes, for the operator on the same machine.
fn failed(what: &str, error: &dyn std::error::Error) -> ControlError {
    let mut text = format!("{what}: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    ControlError::new("failed", text)
}
