//! How a line of a bill came about, in words.

use gridkey_domain::bill::{Bill, BillLine, LineKind};
use gridkey_kit::{chart::Register, prelude::*};

/// The line's name.
pub(crate) fn name(kind: LineKind) -> String {
    match kind {
        LineKind::Sharp => t!("bills-line-sharp"),
        LineKind::Peak => t!("bills-line-peak"),
        LineKind::Flat => t!("bills-line-flat"),
        LineKind::Valley => t!("bills-line-valley"),
        LineKind::Capacity => t!("bills-line-capacity"),
        LineKind::Demand => t!("bills-line-demand"),
        LineKind::PowerFactor => t!("bills-line-power-factor"),
        LineKind::Surcharge => t!("bills-line-surcharge"),
        LineKind::Late => t!("bills-line-late"),
    }
}

/// The register whose energy the line charges.
pub(crate) const fn register(kind: LineKind) -> Option<Register> {
    match kind {
        LineKind::Sharp => Some(Register::Sharp),
        LineKind::Peak => Some(Register::Peak),
        LineKind::Flat => Some(Register::Flat),
        LineKind::Valley => Some(Register::Valley),
        _ => None,
    }
}

/// The quantity with its unit.
pub(crate) fn quantity(line: &BillLine) -> String {
    let unit = match line.kind {
        LineKind::Sharp | LineKind::Peak | LineKind::Flat | LineKind::Valley | LineKind::Surcharge => t!("unit-kwh"),
        LineKind::Capacity => t!("unit-kva"),
        LineKind::Demand => t!("unit-kw"),
        LineKind::PowerFactor | LineKind::Late => t!("bills-unit-yuan"),
    };
    format!("{} {unit}", format::quantity(line.quantity))
}

/// The price with its unit, or the fraction as a percentage.
pub(crate) fn price(line: &BillLine) -> String {
    let unit = match line.kind {
        LineKind::Sharp | LineKind::Peak | LineKind::Flat | LineKind::Valley | LineKind::Surcharge => {
            t!("bills-per-kwh")
        }
        LineKind::Capacity => t!("bills-per-kva"),
        LineKind::Demand => t!("bills-per-kw"),
        LineKind::PowerFactor => return format::percent(language(), line.price.units()),
        LineKind::Late => return String::new(),
    };
    format!("{} {unit}", line.price)
}

/// How the line came about, in a sentence.
pub(crate) fn words(bill: &Bill, line: &BillLine) -> String {
    match line.kind {
        LineKind::Sharp | LineKind::Peak | LineKind::Flat | LineKind::Valley => {
            t!("bills-line-energy")
        }
        LineKind::Capacity => t!("bills-how-capacity"),
        LineKind::Demand => t!("bills-how-demand"),
        LineKind::PowerFactor => {
            let percent = format::percent(language(), line.price.units());
            t!("bills-how-power-factor", pf = format::factor(bill.pf), percent = percent)
        }
        LineKind::Surcharge => t!("bills-how-surcharge"),
        LineKind::Late => t!("bills-how-late", quantity = format::quantity(line.quantity)),
    }
}
