//! Pricing a metered month, line by line.

use gridkey_domain::{
    Fen, Price, Quantity,
    account::Basic,
    bill::{BillLine, LineKind},
};

use super::{
    Metered, TooLarge, divide_rounded, power_factor,
    tariff::{self, Period},
};

/// What the customer chose for a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How the basic charge is reckoned.
    pub basic: Basic,
    /// The transformer's capacity, kVA.
    pub capacity_kva: Quantity,
}

/// A priced month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// `sharp`, `peak`, `flat`, `valley`, `capacity` or `demand`, `power-factor`, `surcharge`, in this order and always
    /// all seven, then `late` lines if any.
    pub lines: Vec<BillLine>,
    /// Their sum.
    pub total: Fen,
}

/// Prices a month. For the running month this is what the bill would be if the month ended now.
pub fn charge(metered: &Metered, terms: Terms) -> Result<Charge, TooLarge> {
    let kwh = &metered.kwh;
    let basic = match terms.basic {
        Basic::Capacity => (LineKind::Capacity, terms.capacity_kva, tariff::CAPACITY),
        Basic::Demand => (LineKind::Demand, metered.max_kw, tariff::DEMAND),
    };
    let mut lines: Vec<BillLine> = Period::ALL
        .into_iter()
        .zip([kwh.sharp, kwh.peak, kwh.flat, kwh.valley])
        .map(|(period, quantity)| (period.line(), quantity, period.price()))
        .chain([basic])
        .map(priced)
        .collect::<Result<_, _>>()?;
    // Energy and basic charge are in whole fen, which are hundredths of a yuan: the quantity of the next line.
    let adjusted = Quantity::from_units(sum(&lines)?);
    lines.push(priced((LineKind::PowerFactor, adjusted, power_factor::adjustment(metered.pf)))?);
    lines.push(priced((LineKind::Surcharge, kwh.total, tariff::SURCHARGE))?);
    Charge::of(lines)
}

impl Charge {
    /// A charge of these lines.
    pub fn of(lines: Vec<BillLine>) -> Result<Self, TooLarge> {
        let total = u64::try_from(sum(&lines)?).map_err(|_| TooLarge)?;
        Ok(Self { lines, total: Fen::new(total).map_err(|_| TooLarge)? })
    }

    /// This charge with late-payment lines of bills settled since the last one.
    pub fn with_late(self, late: impl IntoIterator<Item = BillLine>) -> Result<Self, TooLarge> {
        Self::of(self.lines.into_iter().chain(late).collect())
    }
}

/// `quantity` (hundredths) × `price` (ten-thousandths of a yuan), rounded to fen half away from zero.
fn priced((kind, quantity, price): (LineKind, Quantity, Price)) -> Result<BillLine, TooLarge> {
    let exact = i128::from(quantity.units()) * i128::from(price.units());
    let amount = i64::try_from(divide_rounded(exact, 10_000)).map_err(|_| TooLarge)?;
    Ok(BillLine { kind, quantity, price, amount })
}

fn sum(lines: &[BillLine]) -> Result<i64, TooLarge> {
    lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.amount)).ok_or(TooLarge)
}

#[cfg(test)]
mod tests {
    use gridkey_domain::usage::Registers;
    use proptest::prelude::*;

    use super::*;

    fn metered(sharp: &str, peak: &str, flat: &str, valley: &str, kvarh: &str, max_kw: &str) -> Metered {
        let q = |text: &str| text.parse::<Quantity>().unwrap();
        let parts = [sharp, peak, flat, valley].map(q);
        let total = Quantity::from_units(parts.iter().map(|part| part.units()).sum());
        let [sharp, peak, flat, valley] = parts;
        Metered {
            kwh: Registers { sharp, peak, flat, valley, total },
            kvarh: q(kvarh),
            max_kw: q(max_kw),
            pf: power_factor::power_factor(total, q(kvarh)),
        }
    }

    fn shown(charge: &Charge) -> Vec<String> {
        charge.lines.iter().map(|line| format!("{} {} {}", line.quantity, line.price, line.amount)).collect()
    }

    #[test]
    fn a_demand_bill_reckoned_by_hand() {
        let month = metered("20000.00", "60000.00", "80000.00", "80000.00", "150000.00", "1000.50");
        // pf = 240000 / √(240000² + 150000²) = 0.8479… → 0.85 → +2.5 %
        // energy 25,400.00 + 63,600.00 + 51,200.00 + 25,600.00 = 165,800.00; demand 1000.50 × 38 = 38,019.00
        // adjusted 203,819.00 × 0.025 = 5,095.475 → 5,095.48; surcharge 240,000 × 0.03 = 7,200.00
        let terms = Terms { basic: Basic::Demand, capacity_kva: "3150".parse().unwrap() };
        let bill = charge(&month, terms).unwrap();
        assert_eq!(
            shown(&bill),
            [
                "20000.00 1.2700 2540000",
                "60000.00 1.0600 6360000",
                "80000.00 0.6400 5120000",
                "80000.00 0.3200 2560000",
                "1000.50 38.0000 3801900",
                "203819.00 0.0250 509548",
                "240000.00 0.0300 720000",
            ]
        );
        assert_eq!(bill.total.to_string(), "216,114.48");
    }

    #[test]
    fn a_good_power_factor_takes_off_and_a_half_fen_goes_away_from_zero() {
        let month = metered("0.00", "0.00", "0.00", "1000.00", "0.00", "10.00");
        // valley 320.00, capacity 160 kVA × 25 = 4,000.00; 4,320.00 × −0.0075 = −32.40; surcharge 30.00
        let terms = Terms { basic: Basic::Capacity, capacity_kva: "160".parse().unwrap() };
        let bill = charge(&month, terms).unwrap();
        assert_eq!(shown(&bill)[5], "4320.00 -0.0075 -3240");
        assert_eq!(bill.total.get(), 32_000 + 400_000 - 3_240 + 3_000);
        assert_eq!(
            priced((LineKind::PowerFactor, Quantity::from_units(200), Price::from_units(-75))).unwrap().amount,
            -2
        );
    }

    #[test]
    fn a_month_without_energy_keeps_all_lines_and_pays_for_its_capacity() {
        let terms = Terms { basic: Basic::Capacity, capacity_kva: "160".parse().unwrap() };
        let bill = charge(&metered("0", "0", "0", "0", "0", "0"), terms).unwrap();
        assert_eq!(bill.lines.len(), 7);
        assert_eq!(bill.total.get(), 400_000 - 3_000);
    }

    proptest! {
        #[test]
        fn the_lines_add_up_to_the_total(
            parts in proptest::array::uniform4(0_i64..100_000_000_000),
            kvarh in 0_i64..100_000_000_000,
            max_kw in 0_i64..100_000_000,
            demand in any::<bool>(),
        ) {
            let text = |units: i64| Quantity::from_units(units).to_string();
            let [a, b, c, d] = parts.map(text);
            let month = metered(&a, &b, &c, &d, &text(kvarh), &text(max_kw));
            let basic = if demand { Basic::Demand } else { Basic::Capacity };
            let bill = charge(&month, Terms { basic, capacity_kva: Quantity::from_units(80_000) }).unwrap();
            let sum: i64 = bill.lines.iter().map(|line| line.amount).sum();
            prop_assert_eq!(u64::try_from(sum).unwrap(), bill.total.get());
            prop_assert_eq!(bill.lines[5].quantity.units(), bill.lines[..5].iter().map(|line| line.amount).sum::<i64>());
            prop_assert!(bill.lines.iter().all(|line| line.amount >= 0 || line.kind == LineKind::PowerFactor));
        }
    }
}
