//! The demo's meters and load profiles.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::GzDecoder;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;

/// A meter of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// Its number.
    pub id: String,
    /// Whose it is.
    pub customer: String,
    /// `capacity` or `demand`.
    pub basic: String,
    /// Transformer capacity, kVA.
    pub capacity_kva: i64,
    profile: String,
    peak_kw: i64,
    peak_kvar: i64,
}

/// Meters, and for each profile active and reactive load by row, millionths of its peak.
#[derive(Debug)]
pub struct Data {
    meters: Vec<Meter>,
    /// The rows of each day, with the hour that each begins in. The clock of the profiles was set forward and back, so that
    /// a day may lack an hour or have one twice: what a row says of its time counts, not its place.
    days: BTreeMap<Date, Vec<(usize, i8)>>,
    columns: BTreeMap<String, Vec<i64>>,
}

#[derive(Deserialize)]
struct Customers {
    customer: Vec<CustomerRow>,
}

#[derive(Deserialize)]
struct CustomerRow {
    number: String,
    meter: Vec<MeterRow>,
}

#[derive(Deserialize)]
struct MeterRow {
    id: String,
    profile: String,
    peak_kw: i64,
    peak_kvar: i64,
    capacity_kva: i64,
    basic: String,
}

impl Data {
    /// Reads `customers.toml` and `load-profiles-2016.csv.gz`.
    ///
    /// # Errors
    /// If a file can't be read or is not in its form.
    pub fn read(folder: &Path) -> Result<Self> {
        let customers = std::fs::read_to_string(folder.join("customers.toml")).context("customers.toml")?;
        let customers: Customers = toml::from_str(&customers).context("customers.toml")?;
        let rows =
            customers.customer.into_iter().flat_map(|row| row.meter.into_iter().map(move |m| (row.number.clone(), m)));
        let meters = rows.map(|(customer, row)| {
            let MeterRow { id, profile, peak_kw, peak_kvar, capacity_kva, basic } = row;
            Meter { id, customer, basic, capacity_kva, profile, peak_kw, peak_kvar }
        });
        let meters = meters.collect();

        let file = File::open(folder.join("load-profiles-2016.csv.gz")).context("the load profiles")?;
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text).context("the load profiles")?;
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().context("no head line")?.split(',').collect();
        let mut columns: BTreeMap<String, Vec<i64>> =
            names.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
        let mut days: BTreeMap<Date, Vec<(usize, i8)>> = BTreeMap::new();
        for (row, line) in lines.enumerate() {
            let mut cells = names.iter().zip(line.split(','));
            let (_, time) = cells.next().context("an empty line")?;
            let time: DateTime = time.parse().with_context(|| format!("{time} is no time"))?;
            days.entry(time.date()).or_default().push((row, time.hour()));
            for (name, cell) in cells {
                columns.get_mut(*name).context("a column too many")?.push(millionths(cell)?);
            }
        }
        Ok(Self { meters, days, columns })
    }

    /// The meter of that number.
    ///
    /// # Errors
    /// If there is none.
    pub fn meter(&self, id: &str) -> Result<&Meter> {
        self.meters.iter().find(|meter| meter.id == id).with_context(|| format!("there is no meter {id}"))
    }

    /// A day's quarter-hours: the hour that each begins in, active and reactive power in millionths of a kW and kvar.
    pub(super) fn day(&self, meter: &Meter, day: Date) -> Result<Vec<(i8, i64, i64)>> {
        let column = |kind: &str| {
            let name = format!("{}_{kind}", meter.profile);
            self.columns.get(&name).with_context(|| format!("there is no profile {name}"))
        };
        let (active, reactive) = (column("p")?, column("q")?);
        let rows = self.days.get(&day).with_context(|| format!("there are no profiles for {day}"))?;
        rows.iter()
            .map(|(row, hour)| {
                let (p, q) = active.get(*row).zip(reactive.get(*row)).context("a column too short")?;
                Ok((*hour, p * meter.peak_kw, q * meter.peak_kvar))
            })
            .collect()
    }
}

/// A decimal number of at most six places in millionths.
fn millionths(text: &str) -> Result<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    ensure!(fraction.len() <= 6, "{text} has more than six places");
    if whole.starts_with('-') {
        bail!("{text} is below zero");
    }
    let digits = format!("{whole}{fraction:0<6}");
    digits.parse().with_context(|| format!("{text} is no number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        assert_eq!(millionths("0.433333").unwrap(), 433_333);
        assert_eq!(millionths("1").unwrap(), 1_000_000);
        assert_eq!(millionths("0.5").unwrap(), 500_000);
        assert!(millionths("0.1234567").is_err() && millionths("-1").is_err() && millionths("1e3").is_err());
    }
}
