//! The tariff as pure functions: readings in, bills out. No clock, no database, no floats.
//!
//! [`MonthTally`] sums a month's quarter-hours exactly and [`MonthTally::finish`] rounds each register once;
//! [`charge`] prices the result line by line; [`late`] reckons late-payment charges. Each module states its rules;
//! common to all: every rounding is half away from zero, money is whole fen.

pub mod charge;
pub mod late;
pub mod power_factor;
pub mod reading;
pub mod tally;
pub mod tariff;

pub use charge::{Charge, Terms, charge};
pub use reading::{DayReadings, Power, Slot};
pub use tally::{Metered, MonthTally};

/// A month could not be billed: its figures are beyond what a bill can carry. The readings are wrong, trying again
/// does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the readings add up to more than a bill can carry")]
pub struct TooLarge;

/// `numerator / denominator`, rounded half away from zero. The denominator must be positive.
pub(crate) const fn divide_rounded(numerator: i128, denominator: i128) -> i128 {
    let half = denominator / 2 + denominator % 2;
    let quotient = numerator / denominator;
    let rest = (numerator % denominator).abs();
    if rest < half {
        quotient
    } else if numerator < 0 {
        quotient - 1
    } else {
        quotient + 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_half_is_rounded_away_from_zero() {
        let rounded: Vec<i128> = [-25, -24, -15, -5, -4, 4, 5, 14, 15, 25].map(|n| divide_rounded(n, 10)).to_vec();
        assert_eq!(rounded, [-3, -2, -2, -1, 0, 0, 1, 1, 2, 3]);
        assert_eq!([1, 2, 4, 5].map(|n| divide_rounded(n, 3)), [0, 1, 1, 2], "an odd denominator has no half");
    }

    proptest! {
        #[test]
        fn rounding_moves_by_at_most_a_half_and_is_odd(n in -1_000_000_i128..1_000_000, d in 1_i128..1000) {
            let rounded = divide_rounded(n, d);
            prop_assert!((2 * (rounded * d - n)).abs() <= d);
            prop_assert_eq!(divide_rounded(-n, d), -rounded);
        }
    }
}
