//! Energy by month or day.

use dioxus::prelude::*;
use gridkey_domain::Quantity;

use super::Register;

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Under the axis: "Oct".
    pub short: String,
    /// In full, for the readout: "October 2026".
    pub name: String,
    /// What it is made of, from the foot up.
    pub parts: Vec<(Register, Quantity)>,
    /// The same time a year before, as a faint bar beside it.
    pub before: Option<Quantity>,
    /// Not complete yet: the running month.
    pub running: bool,
}

impl Bar {
    /// The sum of its parts.
    pub fn total(&self) -> Quantity {
        Quantity::from_units(self.parts.iter().map(|(_, part)| part.units()).fold(0, i64::saturating_add))
    }
}

/// Bars of registers over months or days.
///
/// - `label`: what it shows, for those who do not see it.
/// - `bars`: the bars, oldest first.
/// - `unit`: of the values: "kWh".
/// - `before_name`: the name of the faint bars: "a year before".
/// - `onselect`: a bar was clicked, or Enter was pressed on it.
/// - `height`, `width`: as for the curve.
/// - `testid`: its name for tests.
#[component]
pub fn StackedBars(
    #[props(into)] label: String,
    bars: Vec<Bar>,
    #[props(into)] unit: String,
    #[props(into)] before_name: Option<String>,
    onselect: Option<EventHandler<usize>>,
    #[props(default = 180)] height: u32,
    #[props(default = 640)] width: u32,
    #[props(into)] testid: Option<String>,
) -> Element {
    let _ = (bars, unit, before_name, onselect, height, width);
    rsx! { div { class: "chart", role: "img", "aria-label": label, "data-testid": testid } }
}
