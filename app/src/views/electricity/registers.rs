//! The energy of the running month by period.

use dioxus::prelude::*;
use gridkey_domain::{Quantity, usage::MeterUsage};
use gridkey_kit::{
    chart::{Register, RegisterName},
    prelude::*,
};

use crate::logic::tou::Period;

/// The period as charts know it.
pub(super) const fn register(period: Period) -> Register {
    match period {
        Period::Valley => Register::Valley,
        Period::Flat => Register::Flat,
        Period::Peak => Register::Peak,
        Period::Sharp => Register::Sharp,
    }
}

/// The sum, and each register with its hours and share.
///
/// - `usage`: the running month.
#[component]
pub(super) fn EnergyCard(usage: MeterUsage) -> Element {
    let total = usage.kwh.total;
    let columns = vec![
        Column::text(t!("electricity-register")),
        Column::number(t!("electricity-column-kwh")),
        Column::number(t!("electricity-share")),
    ];
    rsx! {
        Card { title: t!("electricity-energy"), class: "span-3", testid: "month-energy",
            Figure { value: format::number(whole(total)), unit: t!("unit-kwh") }
            Table { caption: t!("electricity-registers"), columns, plain: true,
                for period in Period::ALL.into_iter().filter(|period| shows(*period, &usage)) {
                    Row { key: "{period.word()}",
                        Cell { header: true,
                            span { title: hours(period), RegisterName { register: register(period) } }
                        }
                        Cell { numeric: true, {format::quantity(period.register(&usage.kwh))} }
                        Cell { numeric: true, {share(period.register(&usage.kwh), total)} }
                    }
                }
            }
        }
    }
}

/// Sharp hours exist in four months only.
fn shows(period: Period, usage: &MeterUsage) -> bool {
    period != Period::Sharp || usage.kwh.sharp > Quantity::ZERO
}

/// The hours of a period.
pub(super) fn hours(period: Period) -> String {
    match period {
        Period::Valley => t!("electricity-valley-hours"),
        Period::Flat => t!("electricity-flat-hours"),
        Period::Peak => t!("electricity-peak-hours"),
        Period::Sharp => t!("electricity-sharp-hours"),
    }
}

/// Whole units, half up; for a figure that is read at a glance.
fn whole(quantity: Quantity) -> u64 {
    u64::try_from(quantity.units().saturating_add(50) / 100).unwrap_or(0)
}

/// A part of a whole as a percentage, whole, half up.
fn share(part: Quantity, whole: Quantity) -> String {
    let base = i128::from(whole.units()).max(1);
    let percent = (i128::from(part.units()) * 100 + base / 2) / base;
    format::percent(language(), i64::try_from(percent).unwrap_or(0) * 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_is_rounded_half_up() {
        assert_eq!(whole(Quantity::from_units(149)), 1);
        assert_eq!(whole(Quantity::from_units(150)), 2);
    }
}
