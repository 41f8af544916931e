//! Load profiles: a year of quarter-hours, each as a share of a meter's own peak.

use std::{collections::HashMap, io::Read, path::Path};

use flate2::read::GzDecoder;
use gridkey_domain::Quantity;
use jiff::{ToSpan, civil::Date, civil::DateTime};

use super::{LoadError, customers::DemoMeter};
use crate::billing::{DayReadings, Power, Slot, reading::SLOTS};

/// The year that the shipped profiles describe.
pub const PROFILE_YEAR: i16 = 2016;

/// Millionths of a peak: active, reactive.
type Share = (u64, u64);

/// A year of profiles, by name.
#[derive(Debug)]
pub struct Profiles {
    first_day: Date,
    days: usize,
    by_name: HashMap<String, Vec<Share>>,
}

impl Profiles {
    /// Reads `load-profiles-YEAR.csv.gz` in `folder`.
    pub fn read(folder: &Path, year: i16) -> Result<Self, LoadError> {
        let path = folder.join(format!("load-profiles-{year}.csv.gz"));
        let malformed = |detail: String| LoadError::Malformed { path: path.clone(), detail };
        let file = std::fs::File::open(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
        Self::parse(GzDecoder::new(file), year).map_err(malformed)
    }

    /// Reads CSV: `time`, then `NAME_p` and `NAME_q` of each profile; a row per quarter-hour of the year, none missing.
    fn parse(csv: impl Read, year: i16) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(csv);
        let names = profile_names(reader.headers().map_err(|error| error.to_string())?)?;
        let mut columns: Vec<Vec<Share>> = names.iter().map(|_| Vec::with_capacity(366 * SLOTS)).collect();
        let first_day = Date::new(year, 1, 1).map_err(|error| error.to_string())?;
        let mut expected = first_day.at(0, 0, 0, 0);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| error.to_string())? {
            let at_line = || format!("row of {expected}");
            let time: DateTime =
                record.get(0).and_then(|text| text.parse().ok()).ok_or_else(|| format!("{}: no time", at_line()))?;
            if time != expected {
                return Err(format!("{}: found {time} instead", at_line()));
            }
            for (index, column) in columns.iter_mut().enumerate() {
                let share = |place: usize| record.get(place).and_then(millionths);
                let pair = share(2 * index + 1).zip(share(2 * index + 2));
                column.push(pair.ok_or_else(|| format!("{}: not a share with at most six decimals", at_line()))?);
            }
            expected = expected.checked_add(15.minutes()).map_err(|error| error.to_string())?;
        }
        if expected != first_day.last_of_year().tomorrow().map_err(|error| error.to_string())?.at(0, 0, 0, 0) {
            return Err(format!("ends before {expected}"));
        }
        let days = usize::try_from(first_day.days_in_year()).unwrap_or(0);
        Ok(Self { first_day, days, by_name: names.into_iter().zip(columns).collect() })
    }

    /// The first day described.
    pub const fn first_day(&self) -> Date {
        self.first_day
    }

    /// The days described, in order.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        self.first_day.series(1.day()).take(self.days)
    }

    /// What `meter` reads on a day that follows the profile's day `profile_day`: kW = peak_kw × p, kvar = peak_kvar × q.
    pub fn readings(&self, meter: &DemoMeter, profile_day: Date) -> Result<DayReadings, LoadError> {
        let unknown = || LoadError::UnknownProfile { meter: meter.id.clone(), profile: meter.profile.clone() };
        let shares = self.by_name.get(&meter.profile).ok_or_else(unknown)?;
        let index = usize::try_from((profile_day - self.first_day).get_days()).map_err(|_| unknown())?;
        let day = shares.get(index * SLOTS..(index + 1) * SLOTS).ok_or_else(unknown)?;
        let (peak_kw, peak_kvar) = (hundredths(meter.peak_kw), hundredths(meter.peak_kvar));
        let mut readings = DayReadings::default();
        for (slot, (p, q)) in day.iter().enumerate() {
            let power = |peak: u64, share: u64| peak.checked_mul(share).map(Power::from_units);
            let (active, reactive) = power(peak_kw, *p).zip(power(peak_kvar, *q)).ok_or_else(unknown)?;
            readings.set(slot, Slot { active, reactive });
        }
        Ok(readings)
    }
}

fn hundredths(quantity: Quantity) -> u64 {
    quantity.units().try_into().unwrap_or(0)
}

fn profile_names(headers: &csv::StringRecord) -> Result<Vec<String>, String> {
    let columns: Vec<&str> = headers.iter().collect();
    let (first, pairs) = columns.split_first().ok_or("no columns")?;
    if *first != "time" || pairs.len() % 2 != 0 {
        return Err("columns are not time, NAME_p, NAME_q, …".to_owned());
    }
    pairs
        .chunks_exact(2)
        .map(|pair| match pair {
            [p, q] => p.strip_suffix("_p").filter(|name| q.strip_suffix("_q") == Some(name)).map(str::to_owned),
            _ => None,
        })
        .collect::<Option<_>>()
        .ok_or_else(|| "columns are not time, NAME_p, NAME_q, …".to_owned())
}

/// A share such as `0.433333` in millionths; at most three digits before the point.
fn millionths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 3 || fraction.len() > 6 {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', 6 - fraction.len()));
    digits
        .into_iter()
        .try_fold(0_u64, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// A year in which quarter-hour n has p = n millionths and q = 0.5.
    fn year_of_ramps(year: i16) -> String {
        let mut csv = "time,A-1_p,A-1_q\n".to_owned();
        let start = Date::new(year, 1, 1).unwrap().at(0, 0, 0, 0);
        for (n, time) in start.series(15.minutes()).take_while(|time| time.year() == year).enumerate() {
            writeln!(csv, "{},{}.{:06},0.5", time.strftime("%Y-%m-%dT%H:%M"), n / 1_000_000, n % 1_000_000).unwrap();
        }
        csv
    }

    fn meter(profile: &str) -> DemoMeter {
        DemoMeter {
            id: "M1".parse().unwrap(),
            profile: profile.to_owned(),
            peak_kw: "2400".parse().unwrap(),
            peak_kvar: "1150.25".parse().unwrap(),
            capacity_kva: "3150".parse().unwrap(),
            basic: gridkey_domain::account::Basic::Demand,
            voltage_kv: "10".parse().unwrap(),
        }
    }

    #[test]
    fn scales_a_profile_by_the_peaks_exactly() {
        let profiles = Profiles::parse(year_of_ramps(2015).as_bytes(), 2015).unwrap();
        let day = profiles.readings(&meter("A-1"), Date::new(2015, 1, 2).unwrap()).unwrap();
        let slot = day.get(1).unwrap();
        assert_eq!(slot.active.to_string(), "0.23280000", "2400 kW × 0.000097");
        assert_eq!(slot.reactive.to_string(), "575.12500000");
        assert_eq!(profiles.dates().count(), 365);
    }

    #[test]
    fn an_unknown_profile_or_day_is_an_error() {
        let profiles = Profiles::parse(year_of_ramps(2015).as_bytes(), 2015).unwrap();
        assert!(profiles.readings(&meter("A-2"), Date::new(2015, 1, 2).unwrap()).is_err());
        assert!(profiles.readings(&meter("A-1"), Date::new(2016, 1, 1).unwrap()).is_err());
        assert!(profiles.readings(&meter("A-1"), Date::new(2014, 12, 31).unwrap()).is_err());
    }

    #[test]
    fn a_year_with_a_gap_or_a_strange_share_is_refused() {
        let csv = year_of_ramps(2015);
        let gap: String =
            csv.lines().filter(|line| !line.starts_with("2015-03-01T00:15")).map(|line| format!("{line}\n")).collect();
        assert!(Profiles::parse(gap.as_bytes(), 2015).is_err());
        assert!(Profiles::parse(csv.replacen(",0.5", ",-0.5", 1).as_bytes(), 2015).is_err());
        assert!(Profiles::parse(csv.replacen(",0.5", ",0.1234567", 1).as_bytes(), 2015).is_err());
        assert!(Profiles::parse(csv.replacen("A-1_q", "B-1_q", 1).as_bytes(), 2015).is_err());
        assert!(Profiles::parse(&csv.as_bytes()[..1000], 2015).is_err());
    }
}
