//! Bills of the demo tariff reckoned from the load profiles, straight from the tariff's published rules.
//!
//! Nothing here is shared with the platform's billing, so that a mistake there does not repeat itself here. All arithmetic
//! is in whole numbers: power in millionths of a kW, energy in hundred-millionths of a kWh, both exact.

mod calendar;
mod data;
mod tariff;

use std::path::Path;

use anyhow::{Context, Result};
use jiff::civil::Date;
use serde_json::{Value, json};

pub use self::data::{Data, Meter};

/// Which profile day a date follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapping {
    /// The date itself: the profile year is billed as it stands.
    ProfileYear,
    /// The day of 2016 with the same weekday nearest to the date's month and day, as the demo loads the past months.
    Calendar,
}

/// What comparing bills came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Bills of which every value is equal.
    pub equal: usize,
    /// Bills that differ, and in what.
    pub different: Vec<String>,
}

/// Reckons each of `bills` (JSON objects, one a line) again from the demo data in `folder` and compares every value.
///
/// # Errors
/// If the data or a line can't be read.
pub fn compare(folder: &Path, bills: &str, mapping: Mapping) -> Result<Verdict> {
    let data = Data::read(folder)?;
    let mut verdict = Verdict::default();
    for line in bills.lines().filter(|line| !line.trim().is_empty()) {
        let bill: Value = serde_json::from_str(line).context("a bill is not JSON")?;
        match difference(&data, &bill, mapping)? {
            None => verdict.equal += 1,
            Some(what) => verdict.different.push(what),
        }
    }
    Ok(verdict)
}

/// The first field in which `bill` is not what it should be.
fn difference(data: &Data, bill: &Value, mapping: Mapping) -> Result<Option<String>> {
    let text = |name: &str| bill[name].as_str().with_context(|| format!("a bill without {name}: {bill}"));
    let (name, month) = (text("bill")?, text("month")?);
    let meter = data.meter(text("meter")?)?;
    let first: Date = format!("{month}-01").parse().with_context(|| format!("{month} is no month"))?;
    let mut expected = reckon(data, meter, first, mapping)?;
    expected["bill"] = json!(format!("B-{month}-{}", meter.id));

    // Late-payment charges rest on what was paid when, not on readings: the rest must be right without them.
    let lines = bill["lines"].as_array().cloned().unwrap_or_default();
    let (late, lines): (Vec<Value>, Vec<Value>) = lines.into_iter().partition(|line| line["kind"] == "late");
    let late: i64 = late.iter().filter_map(|line| line["amount"].as_i64()).sum();
    let mut found = bill.clone();
    found["lines"] = Value::Array(lines);
    found["total"] = json!(bill["total"].as_i64().unwrap_or_default() - late);

    let fields = expected.as_object().into_iter().flatten();
    let wrong = fields.into_iter().find(|(field, value)| found[field.as_str()] != **value);
    Ok(wrong.map(|(field, value)| format!("{name}: {field} is {}, reckoned {value}", found[field.as_str()])))
}

/// The bill of `meter` for the month that begins with `first`, without its number.
fn reckon(data: &Data, meter: &Meter, first: Date, mapping: Mapping) -> Result<Value> {
    let mut use_of_month = tariff::Use::default();
    let mut day = first;
    while day.month() == first.month() {
        let profile_day = match mapping {
            Mapping::ProfileYear => day,
            Mapping::Calendar => calendar::nearest(day),
        };
        for (hour, active, reactive) in data.day(meter, profile_day)? {
            use_of_month.add(first.month(), hour, active, reactive);
        }
        day = day.tomorrow()?;
    }
    let mut bill = tariff::bill(&use_of_month, meter);
    bill["customer"] = json!(meter.customer);
    bill["meter"] = json!(meter.id);
    bill["month"] = json!(first.strftime("%Y-%m").to_string());
    Ok(bill)
}
