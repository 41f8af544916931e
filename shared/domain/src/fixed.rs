//! Fixed-point decimals, carried as text with exactly `D` decimals (`"12.30"`), never as floats.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A signed decimal with `D` decimals, stored as a whole number of units of 10^−D.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fixed<const D: u32>(i64);

/// kWh, kW, kVA, kvarh or a power factor, with two decimals.
pub type Quantity = Fixed<2>;

/// Yuan per unit, or a signed fraction, with four decimals.
pub type Price = Fixed<4>;

/// The text is not a decimal with at most the decimals this type holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number with at most {0} decimals")]
pub struct FixedError(u32);

impl<const D: u32> Fixed<D> {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// `units` × 10^−D.
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The value in units of 10^−D.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// The sum, or `None` out of range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl<const D: u32> fmt::Display for Fixed<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u64.pow(D);
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let width = D as usize;
        f.pad(&format!("{sign}{}.{:0width$}", magnitude / scale, magnitude % scale))
    }
}

impl<const D: u32> FromStr for Fixed<D> {
    type Err = FixedError;

    fn from_str(text: &str) -> Result<Self, FixedError> {
        let malformed = FixedError(D);
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > D as usize {
            return Err(malformed);
        }
        let width = D as usize;
        let units: i64 = format!("{whole}{fraction:0<width$}").parse().map_err(|_| malformed)?;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl<const D: u32> Serialize for Fixed<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const D: u32> Deserialize<'de> for Fixed<D> {
    fn deserialize<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_the_sign_below_one() {
        assert_eq!(Price::from_units(-15).to_string(), "-0.0015");
        assert_eq!("-0.0015".parse(), Ok(Price::from_units(-15)));
        assert_eq!(Quantity::from_units(1230).to_string(), "12.30");
    }

    #[test]
    fn refuses_more_decimals_than_it_holds() {
        assert_eq!("1.234".parse::<Quantity>(), Err(FixedError(2)));
        assert_eq!("1e2".parse::<Quantity>(), Err(FixedError(2)));
        assert_eq!("".parse::<Quantity>(), Err(FixedError(2)));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(units in -i64::MAX..=i64::MAX) {
            let value = Quantity::from_units(units);
            prop_assert_eq!(value.to_string().parse(), Ok(value));
        }
    }
}
