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
use gridkey_surreal::backup::Summary;
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
    payments::{
        Payments,
        reconcile::{Reconcile, Reconciled},
    },
    store::{PlatformStore, readings::MeterDay},
};

/// Carries out commands on a store.
pub struct Commands {
    store: PlatformStore,
    payments: Option<Arc<Payments>>,
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

/// `backup`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// The new file; absolute, since the daemon may stand elsewhere.
    pub out: PathBuf,
}

/// `audit-restart`: the security server was restored, and its chain goes on from there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRestart {
    /// Entries that it has left.
    pub length: u64,
}

/// `settle`: what is open about an order was dealt with by a person.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// The order's id at the gateway.
    pub order: String,
    /// What was done.
    pub note: String,
}

/// `go-on`: payments go on although days since a restore are not compared with the gateway.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoOn {}

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
    /// Commands on `store`, and on `payments` where there is a gateway.
    pub fn new(store: PlatformStore, payments: Option<Arc<Payments>>, clock: Arc<dyn Clock>) -> Self {
        Self { store, payments, clock }
    }

    /// The store worked on.
    pub fn into_store(self) -> PlatformStore {
        self.store
    }

    async fn load(&self, load: Load) -> Result<load::LoadReport, ControlError> {
        match load.year {
            Some(year) => load::year(&self.store, &load.folder, year, self.now(load.today)).await,
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

    async fn backup(&self, backup: Backup) -> Result<Summary, ControlError> {
        let written = self.store.backup(&backup.out, self.clock.now()).await;
        let summary = written.map_err(|error| failed("backup", &error))?;
        metrics::gauge!("gridkey_backup_seconds").set(u32::try_from(summary.header.at).unwrap_or(u32::MAX));
        tracing::info!(file = %backup.out.display(), sha256 = summary.sha256, "backup");
        Ok(summary)
    }

    fn payments(&self) -> Result<&Payments, ControlError> {
        let missing = || ControlError::new("no-gateway", "no gateway is configured: there is nothing to compare with");
        self.payments.as_deref().ok_or_else(missing)
    }

    async fn reconcile(&self, asked: Reconcile) -> Result<Reconciled, ControlError> {
        let Some(payments) = &self.payments else {
            // After a restore without a gateway there is nothing to compare, and nothing that could be paid.
            return Ok(Reconciled::nothing());
        };
        payments.reconcile(&asked).await.map_err(|error| failed("reconcile", &error))
    }

    async fn settle(&self, settle: Settle) -> Result<Reconciled, ControlError> {
        let failed = |error| failed("settle", &error);
        if self.store.settle_findings(&settle.order, &settle.note, self.clock.now()).await.map_err(failed)? == 0 {
            return Err(ControlError::new("not-found", "nothing is open about this order"));
        }
        tracing::warn!(order = settle.order, note = settle.note, "a finding is settled");
        self.standing().await
    }

    async fn go_on(&self) -> Result<Reconciled, ControlError> {
        let left = self.standing().await?.days_left;
        tracing::warn!(?left, "an operator goes on without comparing these days");
        self.store.go_on().await.map_err(|error| failed("go-on", &error))?;
        self.standing().await
    }

    async fn standing(&self) -> Result<Reconciled, ControlError> {
        self.payments()?.findings().await.map_err(|error| failed("reconcile", &error))
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
            "audit-restart" => {
                let AuditRestart { length } = read(args)?;
                let set_aside = self.store.restart_heads(length, self.clock.now()).await;
                let set_aside = set_aside.map_err(|error| failed("audit-restart", &error))?;
                tracing::warn!(length, set_aside, "the security server's chain goes on from a restore");
                answer(&set_aside)
            }
            "backup" => answer(&self.backup(read(args)?).await?),
            "reconcile" => answer(&self.reconcile(read(args)?).await?),
            "settle" => answer(&self.settle(read(args)?).await?),
            "go-on" => {
                let GoOn {} = read(args)?;
                answer(&self.go_on().await?)
            }
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
