//! What the running month costs by parts, reckoned on this machine by the tariff's published rules.

use gridkey_client::bill_check::{adjustment, published_price};
use gridkey_domain::{
    Price, Quantity,
    account::{Basic, Meter},
    bill::LineKind,
    usage::MeterUsage,
};

use super::tou::Period;

/// The power factor that the tariff expects.
pub const STANDARD_POWER_FACTOR: Quantity = Quantity::from_units(90);

/// What a power factor does to a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adjustment {
    /// The signed fraction.
    pub fraction: Price,
    /// Energy and basic charge, to which it applies, fen.
    pub base: i64,
    /// What it adds, fen; negative if it saves.
    pub amount: i64,
}

/// One part of the running charge, as a line of the bill to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What it charges.
    pub kind: LineKind,
    /// How much of it.
    pub quantity: Quantity,
    /// Yuan per unit.
    pub price: Price,
    /// Its amount so far, fen.
    pub amount: i64,
}

/// The running charge of a meter by parts: the four registers, the basic charge, the adjustment by power factor, funds and
/// surcharges. `None` if an amount is out of range.
pub fn parts(usage: &MeterUsage, meter: &Meter) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for period in [Period::Sharp, Period::Peak, Period::Flat, Period::Valley] {
        parts.push(part(energy_line(period), period.register(&usage.kwh))?);
    }
    parts.push(match meter.basic {
        Basic::Capacity => part(LineKind::Capacity, meter.capacity_kva)?,
        Basic::Demand => part(LineKind::Demand, usage.max_kw)?,
    });
    let base = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.amount))?;
    let fraction = adjustment(usage.pf);
    let amount = product(Quantity::from_units(base), fraction)?;
    parts.push(Part { kind: LineKind::PowerFactor, quantity: Quantity::from_units(base), price: fraction, amount });
    parts.push(part(LineKind::Surcharge, usage.kwh.total)?);
    Some(parts)
}

/// What the power factor costs or saves in the running month so far.
pub fn power_factor_adjustment(usage: &MeterUsage, meter: &Meter) -> Option<Adjustment> {
    let parts = parts(usage, meter)?;
    let part = parts.iter().find(|part| part.kind == LineKind::PowerFactor)?;
    Some(Adjustment { fraction: part.price, base: part.quantity.units(), amount: part.amount })
}

/// The bill's line for a period's energy.
pub const fn energy_line(period: Period) -> LineKind {
    match period {
        Period::Sharp => LineKind::Sharp,
        Period::Peak => LineKind::Peak,
        Period::Flat => LineKind::Flat,
        Period::Valley => LineKind::Valley,
    }
}

fn part(kind: LineKind, quantity: Quantity) -> Option<Part> {
    let price = published_price(kind)?;
    Some(Part { kind, quantity, price, amount: product(quantity, price)? })
}

/// Quantity (10^-2) times price (10^-4 yuan) in fen, half away from zero.
fn product(quantity: Quantity, price: Price) -> Option<i64> {
    let exact = i128::from(quantity.units()) * i128::from(price.units());
    let half = if exact < 0 { -5_000 } else { 5_000 };
    i64::try_from((exact + half) / 10_000).ok()
}

#[cfg(test)]
mod tests {
    use gridkey_domain::{Fen, usage::Registers};

    use super::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn usage(pf: &str) -> MeterUsage {
        MeterUsage {
            meter: "M1".parse().unwrap(),
            kvarh: quantity("1859.23"),
            max_kw: quantity("25.40"),
            pf: quantity(pf),
            kwh: Registers {
                sharp: quantity("0"),
                peak: quantity("1000"),
                flat: quantity("500.50"),
                valley: quantity("1499.50"),
                total: quantity("3000"),
            },
            running: Fen::ZERO,
        }
    }

    fn meter(basic: Basic) -> Meter {
        Meter { meter: "M1".parse().unwrap(), basic, capacity_kva: quantity("100"), voltage_kv: quantity("10") }
    }

    #[test]
    fn the_parts_add_up_to_the_bill_reckoned_by_hand() {
        let parts = parts(&usage("0.85"), &meter(Basic::Demand)).unwrap();
        assert_eq!(parts.iter().map(|part| part.amount).sum::<i64>(), 298_599);
    }

    #[test]
    fn a_poor_power_factor_costs_and_a_good_one_saves() {
        let poor = power_factor_adjustment(&usage("0.85"), &meter(Basic::Demand)).unwrap();
        assert_eq!((poor.base, poor.fraction.to_string().as_str(), poor.amount), (282_536, "0.0250", 7_063));
        let good = power_factor_adjustment(&usage("0.93"), &meter(Basic::Demand)).unwrap();
        assert_eq!((good.fraction.to_string().as_str(), good.amount), ("-0.0045", -1_271));
        let standard = power_factor_adjustment(&usage("0.90"), &meter(Basic::Demand)).unwrap();
        assert_eq!(standard.amount, 0);
    }

    #[test]
    fn the_basic_charge_follows_the_customers_choice() {
        let parts = parts(&usage("0.90"), &meter(Basic::Capacity)).unwrap();
        let basic = parts.iter().find(|part| part.kind == LineKind::Capacity).unwrap();
        assert_eq!(basic.amount, 250_000);
    }
}
