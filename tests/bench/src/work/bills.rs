//! A platform's data folder with many meters and a month of their readings.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use gridkey_domain::{Timestamp, account::Account};
use gridkey_platform::{
    config::Config,
    load::{self, customers::DemoMeter, profiles::PROFILE_YEAR},
    serve,
    store::readings::MeterDay,
};
use jiff::{ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Done, Work};

/// Meters whose month is stored in one transaction.
const AT_ONCE: usize = 8;
/// The month that is filled: January of the profiles' year.
const DAYS: usize = 31;

/// Have so many meters, with a month of readings, in a data folder that is not there yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FillMeters {
    /// How many; each is a customer's only one.
    pub(crate) meters: usize,
    /// The data folder.
    pub(crate) folder: PathBuf,
}

pub(super) struct Bills {
    data: PathBuf,
}

impl Bills {
    pub(super) fn open(data: &Path) -> Self {
        Self { data: data.to_owned() }
    }
}

impl Work for Bills {
    type Job = FillMeters;
    type Outcome = Done;

    async fn carry_out(&mut self, job: FillMeters) -> Result<Done> {
        let (customers, profiles) = load::read(&self.data, PROFILE_YEAR).await?;
        let models: Vec<&DemoMeter> = customers.iter().flat_map(|customer| &customer.meters).collect();
        let model = customers.first().context("no customers")?;
        let store = serve::open_store(&Config::for_data_dir(&job.folder)).await?;
        let first = Date::new(PROFILE_YEAR, 1, 1)?;
        let days: Vec<Date> = first.series(1.day()).take(DAYS).collect();
        let meters: Vec<DemoMeter> = (0..job.meters)
            .map(|n| {
                let id = format!("B{n:08}").parse().map_err(|error| anyhow::anyhow!("{error}"))?;
                Ok(DemoMeter { id, ..models[n % models.len()].clone() })
            })
            .collect::<Result<_>>()?;
        for (n, meter) in meters.iter().enumerate() {
            let account = Account {
                customer: crate::fleet::customer(n)?,
                name: model.name.clone(),
                name_zh: model.name_zh.clone(),
                kind: model.kind.clone(),
                grade: model.grade.clone(),
                contact: model.contact.clone(),
                address: model.address.clone(),
                balance: 0,
                meters: vec![meter.meter()],
            };
            store.put_customer(&account, Timestamp::from_seconds(0)).await?;
        }
        for some in meters.chunks(AT_ONCE) {
            let mut batch = Vec::new();
            for meter in some {
                for date in &days {
                    let readings = profiles.readings(meter, *date)?;
                    batch.push(MeterDay { meter: meter.id.clone(), date: *date, readings });
                }
            }
            store.put_days(&batch).await?;
        }
        store.close().await?;
        Ok(Done { count: job.meters })
    }
}
