//! The power factor and what it adds to or takes off a bill.

use gridkey_domain::{Price, Quantity};

/// kWh / √(kWh² + kvarh²), rounded to 0.01 half away from zero; 1.00 when no active energy was used.
///
/// Decided by comparing squares of whole numbers, so that no root is ever drawn: it is at least n − ½ hundredths
/// exactly if (200 kWh)² ≥ (2n − 1)² (kWh² + kvarh²).
pub fn power_factor(kwh: Quantity, kvarh: Quantity) -> Quantity {
    if kwh <= Quantity::ZERO {
        return Quantity::from_units(100);
    }
    let (mut active, mut reactive) = (i128::from(kwh.units()), i128::from(kvarh.units()));
    // Keeps the squares below 2^127; no bill comes near, and the ratio stays true to 40 bits.
    while active.max(reactive.abs()) >= 1 << 54 {
        (active, reactive) = (active >> 1, reactive >> 1);
    }
    let left = 40_000 * active * active;
    let square = active * active + reactive * reactive;
    let hundredths = (1..=100_i64).rev().find(|n| left >= i128::from((2 * n - 1).pow(2)) * square).unwrap_or(0);
    Quantity::from_units(hundredths)
}

/// The fraction of energy and basic charge that a power factor adds (positive) or takes off (negative), against the
/// standard 0.90: +0.5 % per 0.01 down to 0.70, +1 % more per 0.01 down to 0.65, +2 % more per 0.01 below; −0.15 % per
/// 0.01 above, at most −0.75 %.
pub const fn adjustment(power_factor: Quantity) -> Price {
    let hundredths = power_factor.units();
    Price::from_units(match hundredths {
        95.. => -75,
        90.. => -15 * (hundredths - 90),
        70.. => 50 * (90 - hundredths),
        65.. => 1000 + 100 * (70 - hundredths),
        _ => 1500 + 200 * (65 - hundredths),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hundredths(kwh: i64, kvarh: i64) -> i64 {
        power_factor(Quantity::from_units(kwh), Quantity::from_units(kvarh)).units()
    }

    #[test]
    fn follows_the_triangle() {
        assert_eq!(hundredths(300, 400), 60);
        assert_eq!(hundredths(1_234_567, 0), 100);
        assert_eq!(hundredths(1, 1), 71);
        assert_eq!(hundredths(1, 1_000_000), 0);
    }

    #[test]
    fn is_one_without_energy() {
        assert_eq!(hundredths(0, 0), 100);
        assert_eq!(hundredths(0, 5), 100);
    }

    #[test]
    fn is_decided_exactly_at_the_edge_between_two_hundredths() {
        // √(20,000,000² − 11,700,000²) = 16,220,665.8…: one hundredth of a kvarh more and the factor is below 0.585.
        assert_eq!(hundredths(11_700_000, 16_220_665), 59);
        assert_eq!(hundredths(11_700_000, 16_220_666), 58);
    }

    #[test]
    fn the_table_has_the_values_of_the_tariff() {
        for (factor, fraction) in [
            ("0.85", "0.0250"),
            ("0.70", "0.1000"),
            ("0.69", "0.1100"),
            ("0.65", "0.1500"),
            ("0.64", "0.1700"),
            ("0.60", "0.2500"),
            ("0.90", "0.0000"),
            ("0.91", "-0.0015"),
            ("0.93", "-0.0045"),
            ("0.95", "-0.0075"),
            ("1.00", "-0.0075"),
        ] {
            assert_eq!(adjustment(factor.parse().unwrap()).to_string(), fraction, "{factor}");
        }
    }

    #[test]
    fn a_better_factor_never_costs_more() {
        let fractions: Vec<_> = (0..=100).map(|n| adjustment(Quantity::from_units(n))).collect();
        assert!(fractions.windows(2).all(|pair| pair[0] >= pair[1]), "{fractions:?}");
    }

    proptest! {
        #[test]
        fn lies_within_half_a_hundredth(kwh in 1_i64..1_000_000_000_000, kvarh in 0_i64..1_000_000_000_000) {
            let n = i128::from(hundredths(kwh, kvarh));
            let (kwh, kvarh) = (i128::from(kwh), i128::from(kvarh));
            let square = kwh * kwh + kvarh * kvarh;
            let scaled = 40_000 * kwh * kwh;
            prop_assert!(n == 0 || scaled >= (2 * n - 1).pow(2) * square);
            prop_assert!(scaled < (2 * n + 1).pow(2) * square);
        }

        #[test]
        fn more_reactive_energy_never_betters_it(kwh in 1_i64..1_000_000, kvarh in 0_i64..1_000_000, more in 0_i64..1_000_000) {
            prop_assert!(hundredths(kwh, kvarh) >= hundredths(kwh, kvarh + more));
        }

        #[test]
        fn is_a_number_between_nought_and_one_for_any_reading(kwh in any::<i64>(), kvarh in any::<i64>()) {
            prop_assert!((0..=100).contains(&hundredths(kwh, kvarh)));
        }
    }
}
