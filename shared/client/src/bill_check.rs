//! Reckons a bill again from what it states, by the tariff's published rules, so that nobody has to believe its total.
//!
//! Written apart from the platform's billing on purpose: two programs that agree prove more than one asked twice.

use std::fmt;

use gridkey_domain::{
    BillId, Price, Quantity,
    bill::{Bill, BillLine, LineKind},
};
use jiff::ToSpan as _;

/// Days from issue to due date.
const DAYS_TO_PAY: i64 = 15;

/// Something on the bill that the rules do not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub what: String,
    /// What the bill says.
    pub stated: String,
    /// What the rules give.
    pub reckoned: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the bill says {}, the rules give {}", self.what, self.stated, self.reckoned)
    }
}

/// Every disagreement; empty if the bill is right.
pub fn check(bill: &Bill) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    findings.compare("number", &bill.bill, &BillId::of(bill.month, &bill.meter));
    let issued = bill.month.next().first_day();
    findings.compare("date of issue", &bill.issued, &issued);
    findings.compare("due date", &bill.due, &issued.checked_add(DAYS_TO_PAY.days()).unwrap_or(issued));
    let registers = [bill.kwh.sharp, bill.kwh.peak, bill.kwh.flat, bill.kwh.valley];
    let total_kwh = registers.iter().map(|kwh| i128::from(kwh.units())).sum::<i128>();
    findings.compare_numbers("total kWh", i128::from(bill.kwh.total.units()), total_kwh, 2);
    findings.compare("power factor", &bill.pf, &power_factor(bill.kwh.total, bill.kvarh));
    findings.lines(bill);
    let sum = bill.lines.iter().map(|line| i128::from(line.amount)).sum::<i128>();
    findings.compare_numbers("total", i128::from(bill.total.get()), sum, 2);
    if bill.open > bill.total {
        findings.compare("open amount", &bill.open, &bill.total);
    }
    findings.0
}

/// The price that the published tariff sets for a line, where it does not depend on the bill.
pub const fn published_price(kind: LineKind) -> Option<Price> {
    let units = match kind {
        LineKind::Sharp => 12_700,
        LineKind::Peak => 10_600,
        LineKind::Flat => 6_400,
        LineKind::Valley => 3_200,
        LineKind::Capacity => 250_000,
        LineKind::Demand => 380_000,
        LineKind::Surcharge => 300,
        LineKind::PowerFactor | LineKind::Late => return None,
    };
    Some(Price::from_units(units))
}

/// kWh / √(kWh² + kvarh²) to 0.01, half away from zero: the whole number n of hundredths with
/// (2n − 1)² (kWh² + kvarh²) ≤ (200 kWh)² < (2n + 1)² (kWh² + kvarh²).
pub fn power_factor(kwh: Quantity, kvarh: Quantity) -> Quantity {
    let (active, reactive) = (i128::from(kwh.units()), i128::from(kvarh.units()));
    if active <= 0 {
        return Quantity::from_units(100);
    }
    let reached = |hundredths: i64| {
        let odd = i128::from(2 * hundredths - 1);
        // Out of 127 bits means out of any bill's range; such a bill fails the other checks as well.
        let (Some(left), Some(square)) = (
            active.checked_mul(active).and_then(|a| a.checked_mul(40_000)),
            active.checked_mul(active).and_then(|a| reactive.checked_mul(reactive).and_then(|r| a.checked_add(r))),
        ) else {
            return false;
        };
        square.checked_mul(odd * odd).is_some_and(|right| left >= right)
    };
    Quantity::from_units((1..=100).take_while(|hundredths| reached(*hundredths)).count().try_into().unwrap_or(100))
}

/// What a power factor adds to energy and basic charge: 0.5 % for each 0.01 below 0.90, 1 % below 0.70, 2 % below 0.65; minus
/// 0.15 % for each 0.01 above, at most five of them.
pub fn adjustment(power_factor: Quantity) -> Price {
    let hundredths = power_factor.units();
    let units = if hundredths >= 90 {
        -15 * (hundredths - 90).min(5)
    } else {
        (hundredths..90)
            .map(|step| {
                if step < 65 {
                    200
                } else if step < 70 {
                    100
                } else {
                    50
                }
            })
            .sum()
    };
    Price::from_units(units)
}

/// `numerator` / `denominator`, half away from zero.
fn round(numerator: i128, denominator: i128) -> i128 {
    let half = denominator / 2;
    if numerator >= 0 { (numerator + half) / denominator } else { (numerator - half) / denominator }
}

struct Findings(Vec<Finding>);

impl Findings {
    fn compare<T: PartialEq + fmt::Display>(&mut self, what: &str, stated: &T, reckoned: &T) {
        if stated != reckoned {
            self.0.push(Finding { what: what.to_owned(), stated: stated.to_string(), reckoned: reckoned.to_string() });
        }
    }

    /// Compares whole numbers of 10^−`decimals`.
    fn compare_numbers(&mut self, what: &str, stated: i128, reckoned: i128, decimals: u32) {
        if stated != reckoned {
            let scale = 10_i128.pow(decimals);
            let width = decimals as usize;
            let show = |number: i128| {
                let sign = if number < 0 { "-" } else { "" };
                let number = number.unsigned_abs();
                let scale = scale.unsigned_abs();
                format!("{sign}{}.{:0width$}", number / scale, number % scale)
            };
            self.0.push(Finding { what: what.to_owned(), stated: show(stated), reckoned: show(reckoned) });
        }
    }

    fn lines(&mut self, bill: &Bill) {
        let of = |kind: LineKind| bill.lines.iter().filter(move |line| line.kind == kind);
        let energy = [
            (LineKind::Sharp, bill.kwh.sharp, "sharp"),
            (LineKind::Peak, bill.kwh.peak, "peak"),
            (LineKind::Flat, bill.kwh.flat, "flat"),
            (LineKind::Valley, bill.kwh.valley, "valley"),
        ];
        for (kind, kwh, name) in energy {
            // A register without energy may have no line.
            let lines: Vec<_> = of(kind).collect();
            let quantity = lines.iter().map(|line| i128::from(line.quantity.units())).sum::<i128>();
            self.compare_numbers(&format!("kWh of line {name}"), quantity, i128::from(kwh.units()), 2);
            for line in lines {
                self.product(name, line);
            }
        }
        let basic: Vec<_> = of(LineKind::Capacity).chain(of(LineKind::Demand)).collect();
        self.compare("basic charge lines", &basic.len(), &1);
        for line in &basic {
            if line.kind == LineKind::Demand {
                self.compare("kW of line demand", &line.quantity, &bill.max_kw);
            }
            self.product("basic charge", line);
        }
        let adjusted = bill
            .lines
            .iter()
            .filter(|line| !matches!(line.kind, LineKind::PowerFactor | LineKind::Surcharge | LineKind::Late))
            .map(|line| i128::from(line.amount))
            .sum::<i128>();
        let factor: Vec<_> = of(LineKind::PowerFactor).collect();
        self.compare("power factor lines", &factor.len(), &1);
        for line in factor {
            self.compare_numbers("yuan of line power-factor", i128::from(line.quantity.units()), adjusted, 2);
            self.compare("fraction of line power-factor", &line.price, &adjustment(bill.pf));
            self.product("power-factor", line);
        }
        let surcharge: Vec<_> = of(LineKind::Surcharge).collect();
        self.compare("surcharge lines", &surcharge.len(), &1);
        for line in surcharge {
            self.compare("kWh of line surcharge", &line.quantity, &bill.kwh.total);
            self.product("surcharge", line);
        }
    }

    /// Quantity (10^-2) times price (10^-4 yuan) in fen, and the price against the tariff. The late charge is rounded once over
    /// two rates and has a minimum, so its product says nothing.
    fn product(&mut self, name: &str, line: &BillLine) {
        let product = i128::from(line.quantity.units()) * i128::from(line.price.units());
        self.compare_numbers(&format!("amount of line {name}"), i128::from(line.amount), round(product, 10_000), 2);
        if let Some(price) = published_price(line.kind) {
            self.compare(&format!("price of line {name}"), &line.price, &price);
        }
    }
}

#[cfg(test)]
mod tests {
    use gridkey_domain::{Fen, bill::BillState, usage::Registers};

    use super::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn line(kind: LineKind, of: &str, price: &str, amount: i64) -> BillLine {
        BillLine { kind, quantity: quantity(of), price: price.parse().unwrap(), amount }
    }

    /// Reckoned by hand.
    fn bill() -> Bill {
        let lines = vec![
            line(LineKind::Sharp, "0.00", "1.2700", 0),
            line(LineKind::Peak, "1000.00", "1.0600", 106_000),
            line(LineKind::Flat, "500.50", "0.6400", 32_032),
            line(LineKind::Valley, "1499.50", "0.3200", 47_984),
            line(LineKind::Demand, "25.40", "38.0000", 96_520),
            line(LineKind::PowerFactor, "2825.36", "0.0250", 7_063),
            line(LineKind::Surcharge, "3000.00", "0.0300", 9_000),
        ];
        Bill {
            bill: "B-2016-02-M1".parse().unwrap(),
            customer: "1".parse().unwrap(),
            meter: "M1".parse().unwrap(),
            month: "2016-02".parse().unwrap(),
            issued: jiff::civil::date(2016, 3, 1),
            due: jiff::civil::date(2016, 3, 16),
            kwh: Registers {
                sharp: quantity("0.00"),
                peak: quantity("1000.00"),
                flat: quantity("500.50"),
                valley: quantity("1499.50"),
                total: quantity("3000.00"),
            },
            kvarh: quantity("1859.23"),
            max_kw: quantity("25.40"),
            pf: quantity("0.85"),
            total: Fen::new(298_599).unwrap(),
            open: Fen::new(298_599).unwrap(),
            state: BillState::Open,
            documents: Vec::new(),
            lines,
        }
    }

    #[test]
    fn a_right_bill_has_no_findings() {
        assert_eq!(check(&bill()), []);
    }

    #[test]
    fn each_change_is_found() {
        let changes: [fn(&mut Bill); 9] = [
            |bill| bill.total = Fen::new(298_600).unwrap(),
            |bill| bill.lines[1].amount += 1,
            |bill| bill.lines[1].price = "1.0700".parse().unwrap(),
            |bill| bill.kwh.total = quantity("3000.01"),
            |bill| bill.pf = quantity("0.86"),
            |bill| bill.max_kw = quantity("25.41"),
            |bill| bill.due = jiff::civil::date(2016, 3, 15),
            |bill| bill.lines.truncate(5),
            |bill| bill.lines[6].quantity = quantity("2999.99"),
        ];
        for change in changes {
            let mut bill = bill();
            change(&mut bill);
            assert_ne!(check(&bill), [], "{bill:?}");
        }
    }

    #[test]
    fn the_adjustment_follows_the_published_points() {
        for (pf, fraction) in [
            ("0.85", "0.0250"),
            ("0.70", "0.1000"),
            ("0.65", "0.1500"),
            ("0.60", "0.2500"),
            ("0.93", "-0.0045"),
            ("1.00", "-0.0075"),
        ] {
            assert_eq!(adjustment(quantity(pf)).to_string(), fraction, "{pf}");
        }
    }

    #[test]
    fn rounding_goes_away_from_zero_at_the_half() {
        assert_eq!([round(5, 10), round(-5, 10), round(4, 10), round(-4, 10)], [1, -1, 0, 0]);
    }
}
