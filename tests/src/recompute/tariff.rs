//! The demo tariff's rules.

use serde_json::{Value, json};

use super::Meter;

/// A month's use, exact.
#[derive(Debug, Default)]
pub(super) struct Use {
    /// Energy by register, hundred-millionths of a kWh.
    sharp: i64,
    peak: i64,
    flat: i64,
    valley: i64,
    /// Reactive energy, hundred-millionths of a kvarh.
    reactive: i64,
    /// The highest quarter-hour's power, millionths of a kW.
    highest: i64,
}

impl Use {
    /// Adds a quarter-hour that begins in `hour` of a day in `month`, power in millionths of a kW and kvar.
    pub(super) fn add(&mut self, month: i8, hour: i8, active: i64, reactive: i64) {
        let energy = active * 25;
        let sharp_month = matches!(month, 1 | 7 | 8 | 12);
        let register = match hour {
            19 | 20 if sharp_month => &mut self.sharp,
            8..=10 | 18..=22 => &mut self.peak,
            7 | 11..=17 => &mut self.flat,
            _ => &mut self.valley,
        };
        *register += energy;
        self.reactive += reactive * 25;
        self.highest = self.highest.max(active);
    }
}

/// The bill over a month's use, with everything that follows from readings and meter.
pub(super) fn bill(used: &Use, meter: &Meter) -> Value {
    // From hundred-millionths, and from millionths for the power, to hundredths.
    let [sharp, peak, flat, valley] =
        [used.sharp, used.peak, used.flat, used.valley].map(|exact| round(exact, 1_000_000));
    let (total, reactive) = (sharp + peak + flat + valley, round(used.reactive, 1_000_000));
    let highest = round(used.highest, 10_000);
    let factor = power_factor(total, reactive);

    let basic = match meter.basic.as_str() {
        "capacity" => line("capacity", meter.capacity_kva * 100, 250_000),
        _ => line("demand", highest, 380_000),
    };
    let mut lines = vec![
        line("sharp", sharp, 12_700),
        line("peak", peak, 10_600),
        line("flat", flat, 6_400),
        line("valley", valley, 3_200),
        basic,
    ];
    // In fen, which are hundredths of the yuan that the adjustment's quantity is in.
    let adjusted = sum(&lines);
    lines.push(line("power-factor", adjusted, adjustment(factor)));
    lines.push(line("surcharge", total, 300));
    json!({
        "kwh": {
            "sharp": hundredths(sharp), "peak": hundredths(peak), "flat": hundredths(flat), "valley": hundredths(valley),
            "total": hundredths(total),
        },
        "kvarh": hundredths(reactive),
        "max_kw": hundredths(highest),
        "pf": hundredths(factor),
        "total": sum(&lines),
        "lines": lines,
    })
}

/// A line: quantity in hundredths, price in ten-thousandths of a yuan, amount in fen.
fn line(kind: &str, quantity: i64, price: i64) -> Value {
    json!({
        "kind": kind,
        "quantity": hundredths(quantity),
        "price": format!("{}{}.{:04}", sign(price), price.abs() / 10_000, price.abs() % 10_000),
        "amount": round(quantity * price, 10_000),
    })
}

fn sum(lines: &[Value]) -> i64 {
    lines.iter().filter_map(|line| line["amount"].as_i64()).sum()
}

/// cos φ in hundredths: of all, the one whose half-open neighbourhood the exact value lies in, found without a root.
fn power_factor(active: i64, reactive: i64) -> i64 {
    let (active, reactive) = (i128::from(active), i128::from(reactive));
    let apparent_squared = active * active + reactive * reactive;
    if apparent_squared == 0 {
        return 100;
    }
    // active / apparent ≥ (2 k − 1) / 200, squared.
    let reaches = |k: i64| {
        let bound = i128::from(2 * k - 1);
        40_000 * active * active >= bound * bound * apparent_squared
    };
    (1..=100).rev().find(|k| reaches(*k)).unwrap_or(0)
}

/// The power factor's surcharge or rebate in ten-thousandths.
fn adjustment(factor: i64) -> i64 {
    // What each hundredth on the way down to `factor` adds, or up to it takes off.
    if factor >= 90 {
        return -15 * (factor - 90).min(5);
    }
    (factor..90)
        .map(|step| match step {
            70.. => 50,
            65.. => 100,
            _ => 200,
        })
        .sum()
}

/// `number / by`, half away from zero.
fn round(number: i64, by: i64) -> i64 {
    let half = if number < 0 { -by / 2 } else { by / 2 };
    (number + half) / by
}

fn hundredths(number: i64) -> String {
    format!("{}{}.{:02}", sign(number), number.abs() / 100, number.abs() % 100)
}

const fn sign(number: i64) -> &'static str {
    if number < 0 { "-" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_adjustment_has_the_values_that_the_tariff_gives_as_examples() {
        let examples = [(85, 250), (70, 1000), (65, 1500), (60, 2500), (93, -45), (90, 0), (95, -75), (100, -75)];
        for (factor, expected) in examples {
            assert_eq!(adjustment(factor), expected, "{factor}");
        }
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!([round(15, 10), round(14, 10), round(-15, 10), round(-14, 10)], [2, 1, -2, -1]);
    }

    #[test]
    fn the_power_factor_is_rounded_to_hundredths() {
        assert_eq!(power_factor(0, 0), 100);
        assert_eq!(power_factor(0, 5), 0);
        assert_eq!(power_factor(300, 400), 60);
        assert_eq!(power_factor(24_000_000, 15_000_000), 85);
        assert_eq!(power_factor(100, 0), 100);
    }

    #[test]
    fn an_hour_belongs_to_one_register() {
        let mut day = Use::default();
        (0..96).for_each(|slot| day.add(7, slot / 4, 1, 0));
        // Hours: 2 sharp, 6 peak, 8 flat, 8 valley; 4 quarters of 25 each.
        assert_eq!([day.sharp, day.peak, day.flat, day.valley], [200, 600, 800, 800]);
        let mut spring = Use::default();
        (0..96).for_each(|slot| spring.add(4, slot / 4, 1, 0));
        assert_eq!([spring.sharp, spring.peak], [0, 800]);
    }
}
