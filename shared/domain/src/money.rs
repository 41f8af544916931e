//! Money: whole fen (1 yuan = 100 fen), never a float.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// The largest amount that can be carried: 2^63 − 1 fen, as on the wire.
const MAX: u64 = i64::MAX as u64;

/// An amount of money in fen. Between 0 and 2^63 − 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Fen(u64);

/// Why an amount was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The amount is above 2^63 − 1 fen.
    #[error("the amount is too large")]
    TooLarge,
    /// The text is not an amount in yuan with at most two decimals.
    #[error("not an amount in yuan with at most two decimals")]
    Malformed,
}

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// The largest amount.
    pub const MAX: Self = Self(MAX);

    /// `fen` as an amount; refuses more than 2^63 − 1.
    pub const fn new(fen: u64) -> Result<Self, MoneyError> {
        if fen > MAX { Err(MoneyError::TooLarge) } else { Ok(Self(fen)) }
    }

    /// The amount in fen.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The sum, or `None` above the largest amount.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).filter(|sum| *sum <= MAX).map(Self)
    }

    /// The difference, or `None` below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The sum of all, or `None` above the largest amount.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Reads yuan as a person types them: `12`, `12.5`, `12.34`, `1,234.56`.
    pub fn from_yuan(text: &str) -> Result<Self, MoneyError> {
        let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let whole: String = whole.chars().filter(|c| *c != ',').collect();
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(&whole) || fraction.len() > 2 || !digits(fraction) {
            return Err(MoneyError::Malformed);
        }
        format!("{whole}{fraction:0<2}").parse().map_err(|_| MoneyError::TooLarge).and_then(Self::new)
    }
}

impl TryFrom<u64> for Fen {
    type Error = MoneyError;

    fn try_from(fen: u64) -> Result<Self, MoneyError> {
        Self::new(fen)
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals and grouped thousands: `1,234,567.89`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yuan = (self.0 / 100).to_string();
        let mut grouped = String::with_capacity(yuan.len() * 4 / 3 + 3);
        for (index, digit) in yuan.chars().enumerate() {
            if index > 0 && (yuan.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad(&format!("{grouped}.{:02}", self.0 % 100))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prints_yuan_with_grouped_thousands() {
        let shown = |fen| Fen::new(fen).map(|f| f.to_string());
        assert_eq!(shown(0), Ok("0.00".into()));
        assert_eq!(shown(7), Ok("0.07".into()));
        assert_eq!(shown(123_456_789), Ok("1,234,567.89".into()));
    }

    #[test]
    fn refuses_what_is_not_an_amount() {
        for text in ["", "-1", "1.234", "1e3", "一", ".5", "1.2.3", "+1"] {
            assert_eq!(Fen::from_yuan(text), Err(MoneyError::Malformed), "{text}");
        }
        assert_eq!(Fen::from_yuan("99999999999999999999"), Err(MoneyError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(fen in 0..=MAX) {
            let amount = Fen::new(fen).unwrap();
            prop_assert_eq!(Fen::from_yuan(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn sums_never_wrap(a in 0..=MAX, b in 0..=MAX) {
            let sum = Fen(a).checked_add(Fen(b));
            prop_assert_eq!(sum.is_some(), a.checked_add(b).is_some_and(|s| s <= MAX));
        }
    }
}
