//! Load profiles: a year of quarter-hours, each as a share of a meter's own peak.

use std::{collections::HashMap, io::Read, ops::Range, path::Path};

use flate2::read::GzDecoder;
use gridkey_domain::Quantity;
use jiff::{ToSpan, civil::Date, civil::DateTime};

use super::{LoadError, customers::DemoMeter};
use crate::billing::{DayReadings, Power, Slot, reading::SLOTS};

/// The year that the shipped profiles describe.
pub const PROFILE_YEAR: i16 = 2016;

/// The quarter-hour of the day that `at` lies in.
pub fn slot_of(at: DateTime) -> usize {
    usize::try_from(i64::from(at.hour()) * 4 + i64::from(at.minute()) / 15).unwrap_or(0)
}

/// Millionths of a peak: active, reactive.
type Share = (u64, u64);

/// A year of profiles, by name.
#[derive(Debug)]
pub struct Profiles {
    first_day: Date,
    /// By row, the quarter-hour that its time column shows.
    slots: Vec<usize>,
    /// By day, its rows.
    rows: Vec<Range<usize>>,
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

    /// Reads CSV: `time`, then `NAME_p` and `NAME_q` of each profile; as many rows as the year has quarter-hours.
    ///
    /// The time column is taken at its word. It follows a clock that was set forward by an hour in spring (four
    /// quarter-hours have no row) and back in autumn (four have two).
    fn parse(csv: impl Read, year: i16) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(csv);
        let names = profile_names(reader.headers().map_err(|error| error.to_string())?)?;
        let mut columns: Vec<Vec<Share>> = names.iter().map(|_| Vec::with_capacity(366 * SLOTS)).collect();
        let first_day = Date::new(year, 1, 1).map_err(|error| error.to_string())?;
        let end = first_day.last_of_year().tomorrow().map_err(|error| error.to_string())?.at(0, 0, 0, 0);
        let days = usize::try_from(first_day.days_in_year()).unwrap_or(0);
        let mut profiles = Self { first_day, slots: Vec::new(), rows: vec![0..0; days], by_name: HashMap::new() };
        let mut expected = first_day.at(0, 0, 0, 0);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| error.to_string())? {
            let place = || format!("row after {expected}");
            let time: DateTime =
                record.get(0).and_then(|text| text.parse().ok()).ok_or_else(|| format!("{}: no time", place()))?;
            if ![expected, expected.saturating_add(1.hour()), expected.saturating_sub(1.hour())].contains(&time) {
                return Err(format!("{}: found {time}", place()));
            }
            profiles.add_row(time).ok_or_else(|| format!("{}: {time} is not in {year}", place()))?;
            for (index, column) in columns.iter_mut().enumerate() {
                let share = |place: usize| record.get(place).and_then(millionths);
                let pair = share(2 * index + 1).zip(share(2 * index + 2));
                column.push(pair.ok_or_else(|| format!("{}: not a share with at most six decimals", place()))?);
            }
            expected = time.saturating_add(15.minutes());
        }
        if expected != end || profiles.slots.len() != days * SLOTS {
            return Err(format!("{} rows up to {expected}, not a whole year", profiles.slots.len()));
        }
        profiles.by_name = names.into_iter().zip(columns).collect();
        Ok(profiles)
    }

    /// Notes the next row's time; `None` if it lies outside the year.
    fn add_row(&mut self, time: DateTime) -> Option<()> {
        let day = usize::try_from((time.date() - self.first_day).get_days()).ok()?;
        let row = self.slots.len();
        let rows = self.rows.get_mut(day)?;
        *rows = if rows.start == rows.end { row..row + 1 } else { rows.start..row + 1 };
        self.slots.push(slot_of(time));
        Some(())
    }

    /// The first day described.
    pub const fn first_day(&self) -> Date {
        self.first_day
    }

    /// The days described, in order.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        self.first_day.series(1.day()).take(self.rows.len())
    }

    /// What `meter` reads on a day that follows the profile's day `profile_day`: kW = peak_kw × p, kvar = peak_kvar × q.
    pub fn readings(&self, meter: &DemoMeter, profile_day: Date) -> Result<DayReadings, LoadError> {
        let unknown = || LoadError::UnknownProfile { meter: meter.id.clone(), profile: meter.profile.clone() };
        let shares = self.by_name.get(&meter.profile).ok_or_else(unknown)?;
        let day = usize::try_from((profile_day - self.first_day).get_days()).map_err(|_| unknown())?;
        let rows = self.rows.get(day).cloned().ok_or_else(unknown)?;
        let (slots, shares) = self.slots.get(rows.clone()).zip(shares.get(rows)).ok_or_else(unknown)?;
        let (peak_kw, peak_kvar) = (hundredths(meter.peak_kw), hundredths(meter.peak_kvar));
        let mut readings = DayReadings::default();
        for (slot, (p, q)) in slots.iter().zip(shares) {
            let power = |peak: u64, share: u64| peak.checked_mul(share).map(Power::from_units);
            let (active, reactive) = power(peak_kw, *p).zip(power(peak_kvar, *q)).ok_or_else(unknown)?;
            readings.push(*slot, Slot { active, reactive });
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
    fn a_clock_that_was_set_forward_and_back_is_followed() {
        let csv = year_of_ramps(2015);
        let skipped: String =
            csv.lines().filter(|line| !line.starts_with("2015-03-29T02")).map(|line| format!("{line}\n")).collect();
        let hour: String =
            csv.lines().filter(|line| line.starts_with("2015-10-25T02")).map(|line| format!("{line}\n")).collect();
        let twice = skipped.replace(&hour, &format!("{hour}{hour}"));
        let profiles = Profiles::parse(twice.as_bytes(), 2015).unwrap();
        let read = |month, day| profiles.readings(&meter("A-1"), Date::new(2015, month, day).unwrap()).unwrap();
        assert_eq!(
            (read(3, 28).iter().count(), read(3, 29).iter().count(), read(10, 25).iter().count()),
            (96, 92, 100)
        );
        assert_eq!(read(3, 29).get(8), None);
        assert_eq!(read(10, 25).iter().filter(|(slot, _)| *slot == 8).count(), 2);
        assert!(Profiles::parse(skipped.as_bytes(), 2015).is_err(), "a year without its last rows");
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
