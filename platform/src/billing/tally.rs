//! Summing a meter's month: exact sums per register, rounded once at the end.

use gridkey_domain::{Month, Quantity, usage::Registers};

use super::{DayReadings, Power, TooLarge, divide_rounded, power_factor::power_factor, reading::Slot, tariff::Period};

/// Power units times quarter-hours in 0.01 kWh: 10⁻⁸ kW × ¼ h.
const UNITS_PER_CENTI_KWH: i128 = Power::UNITS_PER_KW as i128 * 4 / 100;
/// Power units in 0.01 kW.
const UNITS_PER_CENTI_KW: i128 = Power::UNITS_PER_KW as i128 / 100;

/// What was metered in a month, as a bill shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metered {
    /// Active energy, kWh; the total is the sum of the four rounded registers.
    pub kwh: Registers,
    /// Reactive energy, kvarh.
    pub kvarh: Quantity,
    /// The highest 15-minute average, kW.
    pub max_kw: Quantity,
    /// The power factor.
    pub pf: Quantity,
}

/// The exact sums of one meter's month so far.
#[derive(Debug, Clone)]
pub struct MonthTally {
    month: Month,
    sharp: i128,
    peak: i128,
    flat: i128,
    valley: i128,
    reactive: i128,
    highest: Power,
}

impl MonthTally {
    /// Nothing metered yet in `month`.
    pub const fn new(month: Month) -> Self {
        Self { month, sharp: 0, peak: 0, flat: 0, valley: 0, reactive: 0, highest: Power::from_units(0) }
    }

    /// Adds one day of the month.
    pub fn add_day(&mut self, day: &DayReadings) {
        for (slot, reading) in day.iter() {
            // 96 quarter-hours: the hour is 0 to 23.
            let hour = i8::try_from(slot / 4).unwrap_or(i8::MAX);
            self.add(hour, reading);
        }
    }

    /// Adds a quarter-hour that starts in `hour`.
    pub fn add(&mut self, hour: i8, reading: Slot) {
        let register = match Period::of(self.month, hour) {
            Period::Sharp => &mut self.sharp,
            Period::Peak => &mut self.peak,
            Period::Flat => &mut self.flat,
            Period::Valley => &mut self.valley,
        };
        *register += i128::from(reading.active.units());
        self.reactive += i128::from(reading.reactive.units());
        self.highest = self.highest.max(reading.active);
    }

    /// Rounds each register once.
    pub fn finish(&self) -> Result<Metered, TooLarge> {
        let energy = |sum| quantity(sum, UNITS_PER_CENTI_KWH);
        let mut kwh = Registers {
            sharp: energy(self.sharp)?,
            peak: energy(self.peak)?,
            flat: energy(self.flat)?,
            valley: energy(self.valley)?,
            total: Quantity::ZERO,
        };
        kwh.total = [kwh.sharp, kwh.peak, kwh.flat, kwh.valley]
            .into_iter()
            .try_fold(Quantity::ZERO, Quantity::checked_add)
            .ok_or(TooLarge)?;
        let kvarh = energy(self.reactive)?;
        let max_kw = quantity(i128::from(self.highest.units()), UNITS_PER_CENTI_KW)?;
        Ok(Metered { kwh, kvarh, max_kw, pf: power_factor(kwh.total, kvarh) })
    }
}

/// Active or reactive energy of `sum` power units, each over a quarter-hour, rounded to 0.01 kWh.
pub(crate) fn energy(sum: i128) -> Result<Quantity, TooLarge> {
    quantity(sum, UNITS_PER_CENTI_KWH)
}

/// An average power, rounded to 0.01 kW.
pub(crate) fn kilowatts(power: Power) -> Result<Quantity, TooLarge> {
    quantity(i128::from(power.units()), UNITS_PER_CENTI_KW)
}

fn quantity(units: i128, per_centi: i128) -> Result<Quantity, TooLarge> {
    i64::try_from(divide_rounded(units, per_centi)).map(Quantity::from_units).map_err(|_| TooLarge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reading(active: u64, reactive: u64) -> Slot {
        Slot { active: Power::from_units(active), reactive: Power::from_units(reactive) }
    }

    /// A whole day at one load.
    fn steady(active: u64, reactive: u64) -> DayReadings {
        let mut day = DayReadings::default();
        (0..96).for_each(|slot| day.set(slot, reading(active, reactive)));
        day
    }

    #[test]
    fn a_steady_day_falls_into_the_registers_by_the_clock() {
        let mut tally = MonthTally::new("2016-01".parse().unwrap());
        tally.add_day(&steady(100 * Power::UNITS_PER_KW, 50 * Power::UNITS_PER_KW));
        let metered = tally.finish().unwrap();
        let kwh = metered.kwh;
        assert_eq!([kwh.sharp, kwh.peak, kwh.flat, kwh.valley].map(Quantity::units), [20_000, 60_000, 80_000, 80_000]);
        assert_eq!(kwh.total.to_string(), "2400.00");
        assert_eq!(metered.kvarh.to_string(), "1200.00");
        assert_eq!(metered.max_kw.to_string(), "100.00");
        assert_eq!(metered.pf.to_string(), "0.89", "1 / √1.25 = 0.894…");
    }

    #[test]
    fn each_register_is_rounded_once_and_the_total_is_their_sum() {
        // 0.02 kW over a quarter-hour is 0.005 kWh: half a hundredth, away from zero, in each of three registers.
        let mut tally = MonthTally::new("2016-02".parse().unwrap());
        [3, 9, 12].iter().for_each(|hour| tally.add(*hour, reading(2_000_000, 0)));
        let metered = tally.finish().unwrap();
        assert_eq!([metered.kwh.peak, metered.kwh.flat, metered.kwh.valley].map(Quantity::units), [1, 1, 1]);
        assert_eq!(metered.kwh.total.to_string(), "0.03");
        assert_eq!(metered.kwh.sharp, Quantity::ZERO);
    }

    #[test]
    fn a_month_without_readings_is_empty_with_a_power_factor_of_one() {
        let metered = MonthTally::new("2016-02".parse().unwrap()).finish().unwrap();
        assert_eq!((metered.kwh.total, metered.max_kw), (Quantity::ZERO, Quantity::ZERO));
        assert_eq!(metered.pf.to_string(), "1.00");
    }

    #[test]
    fn the_largest_readings_are_refused_rather_than_wrapped() {
        let mut tally = MonthTally::new("2016-02".parse().unwrap());
        (0..31).for_each(|_| tally.add_day(&steady(u64::MAX, u64::MAX)));
        // 2976 × 2^64 / 4·10⁶ still fits; the type can't overflow for any month.
        assert!(tally.finish().is_ok());
    }

    proptest! {
        #[test]
        fn the_order_of_the_readings_does_not_matter(loads in proptest::collection::vec((0_i8..24, 0_u64..1_000_000_000_000, 0_u64..1_000_000_000_000), 0..200)) {
            let month = "2016-07".parse().unwrap();
            let (mut forth, mut back) = (MonthTally::new(month), MonthTally::new(month));
            loads.iter().for_each(|(hour, p, q)| forth.add(*hour, reading(*p, *q)));
            loads.iter().rev().for_each(|(hour, p, q)| back.add(*hour, reading(*p, *q)));
            prop_assert_eq!(forth.finish(), back.finish());
        }
    }
}
