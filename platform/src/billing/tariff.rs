//! The demo tariff: which register a quarter-hour counts in, and the prices.

use gridkey_domain::{Month, Price, bill::LineKind};

/// A time-of-use register. They are disjoint: what is sharp is not counted as peak again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// 19–21 in January, July, August and December.
    Sharp,
    /// 08–11 and 18–23, without what is sharp.
    Peak,
    /// 07–08 and 11–18.
    Flat,
    /// 23–07.
    Valley,
}

/// 25.00 yuan per kVA of transformer capacity and month.
pub const CAPACITY: Price = Price::from_units(250_000);
/// 38.00 yuan per kW of the month's highest 15-minute average.
pub const DEMAND: Price = Price::from_units(380_000);
/// 0.0300 yuan per kWh of all energy.
pub const SURCHARGE: Price = Price::from_units(300);
/// Days from the issue of a bill to its due date.
pub const DAYS_TO_PAY: i64 = 15;

impl Period {
    /// Every register, in the order of a bill's lines.
    pub const ALL: [Self; 4] = [Self::Sharp, Self::Peak, Self::Flat, Self::Valley];

    /// The register of an interval that starts in `hour` (0 to 23, Asia/Shanghai) of `month`.
    pub const fn of(month: Month, hour: i8) -> Self {
        match hour {
            19 | 20 if matches!(month.month(), 1 | 7 | 8 | 12) => Self::Sharp,
            8..=10 | 18..=22 => Self::Peak,
            7 | 11..=17 => Self::Flat,
            _ => Self::Valley,
        }
    }

    /// Yuan per kWh.
    pub const fn price(self) -> Price {
        Price::from_units(match self {
            Self::Sharp => 12_700,
            Self::Peak => 10_600,
            Self::Flat => 6_400,
            Self::Valley => 3_200,
        })
    }

    /// The line that charges it.
    pub const fn line(self) -> LineKind {
        match self {
            Self::Sharp => LineKind::Sharp,
            Self::Peak => LineKind::Peak,
            Self::Flat => LineKind::Flat,
            Self::Valley => LineKind::Valley,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: &str) -> String {
        let month = month.parse().unwrap();
        (0..24)
            .map(|hour| match Period::of(month, hour) {
                Period::Sharp => 's',
                Period::Peak => 'p',
                Period::Flat => 'f',
                Period::Valley => 'v',
            })
            .collect()
    }

    #[test]
    fn an_ordinary_month_has_no_sharp_hours() {
        for month in ["2016-02", "2016-03", "2016-06", "2016-09", "2016-11"] {
            assert_eq!(day(month), "vvvvvvvfpppfffffffpppppv", "{month}");
        }
    }

    #[test]
    fn two_peak_hours_are_sharp_in_four_months() {
        for month in ["2016-01", "2016-07", "2016-08", "2016-12"] {
            assert_eq!(day(month), "vvvvvvvfpppfffffffpssppv", "{month}");
        }
    }
}
