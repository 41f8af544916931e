//! The tariff's times of use: which period an hour belongs to. Periods begin and end on full hours of Asia/Shanghai.

use gridkey_domain::{Quantity, Timestamp, usage::Registers};

/// A period of the tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// 23:00 to 07:00.
    Valley,
    /// 07:00 to 08:00 and 11:00 to 18:00.
    Flat,
    /// 08:00 to 11:00 and 18:00 to 23:00, without the sharp hours.
    Peak,
    /// 19:00 to 21:00 in January, July, August and December.
    Sharp,
}

impl Period {
    /// In the order in which charts stack them and tables list them.
    pub const ALL: [Self; 4] = [Self::Valley, Self::Flat, Self::Peak, Self::Sharp];

    /// The period of an hour (0 to 23) in a month (1 to 12).
    pub const fn of(month: i8, hour: i8) -> Self {
        match hour {
            19 | 20 if matches!(month, 1 | 7 | 8 | 12) => Self::Sharp,
            8..11 | 18..23 => Self::Peak,
            7 | 11..18 => Self::Flat,
            _ => Self::Valley,
        }
    }

    /// The period that an instant lies in.
    pub fn at(instant: Timestamp) -> Self {
        let local = instant.civil();
        Self::of(local.month(), local.hour())
    }

    /// This period's part of the registers.
    pub const fn register(self, registers: &Registers) -> Quantity {
        match self {
            Self::Valley => registers.valley,
            Self::Flat => registers.flat,
            Self::Peak => registers.peak,
            Self::Sharp => registers.sharp,
        }
    }

    /// The stable word, part of messages' names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Valley => "valley",
            Self::Flat => "flat",
            Self::Peak => "peak",
            Self::Sharp => "sharp",
        }
    }
}

/// A stretch of a day within one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The period.
    pub period: Period,
    /// The first quarter-hour, 0 to 95.
    pub from: usize,
    /// The quarter-hour after the last one, up to 96.
    pub to: usize,
}

/// A day of `month` (1 to 12) as stretches, from midnight to midnight without gaps.
pub fn day(month: i8) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut quarter = 0;
    for hour in 0..24 {
        let period = Period::of(month, hour);
        match stretches.last_mut() {
            Some(last) if last.period == period => last.to = quarter + 4,
            _ => stretches.push(Stretch { period, from: quarter, to: quarter + 4 }),
        }
        quarter += 4;
    }
    stretches
}

/// Adds energy to the register of `period` and to the total. `None` out of range.
pub fn add(registers: &Registers, period: Period, kwh: Quantity) -> Option<Registers> {
    let mut sum = *registers;
    let register = match period {
        Period::Valley => &mut sum.valley,
        Period::Flat => &mut sum.flat,
        Period::Peak => &mut sum.peak,
        Period::Sharp => &mut sum.sharp,
    };
    *register = register.checked_add(kwh)?;
    sum.total = sum.total.checked_add(kwh)?;
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(month: i8) -> Vec<(&'static str, usize, usize)> {
        day(month).into_iter().map(|s| (s.period.word(), s.from / 4, s.to / 4)).collect()
    }

    #[test]
    fn a_day_without_sharp_hours_has_six_stretches() {
        assert_eq!(
            words(11),
            [("valley", 0, 7), ("flat", 7, 8), ("peak", 8, 11), ("flat", 11, 18), ("peak", 18, 23), ("valley", 23, 24)]
        );
    }

    #[test]
    fn sharp_hours_lie_inside_the_evening_peak_of_four_months() {
        let evening = [("peak", 18, 19), ("sharp", 19, 21), ("peak", 21, 23)];
        for month in 1..=12 {
            let sharp = words(month).windows(3).any(|three| three == evening);
            assert_eq!(sharp, [1, 7, 8, 12].contains(&month), "month {month}");
        }
    }

    #[test]
    fn a_day_has_no_gap() {
        for month in 1..=12 {
            let day = day(month);
            assert_eq!((day[0].from, day[day.len() - 1].to), (0, 96));
            assert!(day.windows(2).all(|two| two[0].to == two[1].from && two[0].period != two[1].period));
        }
    }

    #[test]
    fn the_period_is_that_of_shanghai_not_of_utc() {
        let evening: Timestamp = "2026-12-01T11:00:00Z".parse().unwrap();
        assert_eq!(Period::at(evening), Period::Sharp);
    }
}
