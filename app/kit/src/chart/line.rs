//! The load curve.

use dioxus::prelude::*;
use gridkey_domain::Quantity;

use super::Register;

/// A stretch of the axis in one period: from slot `start` up to, not including, slot `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The period.
    pub register: Register,
    /// Its first slot.
    pub start: usize,
    /// The slot after its last.
    pub end: usize,
}

/// A mark on the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// At the beginning of this slot; the number of slots for the end.
    pub slot: usize,
    /// Its words.
    pub label: String,
}

impl Tick {
    /// A mark at the beginning of `slot`.
    pub fn new(slot: usize, label: impl Into<String>) -> Self {
        Self { slot, label: label.into() }
    }
}

/// A curve over equal slots of time, 96 for a day of quarter-hours, up to some 3,000 for a month.
///
/// - `label`: what it shows, for those who do not see it: title, span and what stands out.
/// - `values`: one for each slot; `None` where there is no reading, also for what is still to come.
/// - `names`: one for each slot: its time, for the readout.
/// - `unit`: of the values: "kW".
/// - `ticks`: the marks of the time axis.
/// - `bands`: the periods, drawn as washes and as a strip under the curve.
/// - `before`: the same span earlier, faint.
/// - `before_name`: its name: "last year".
/// - `mark_maximum`: names the highest value with its time; so unless told.
/// - `height`: of the drawing, pixels.
/// - `width`: before the window is measured, pixels.
/// - `testid`: its name for tests.
#[component]
pub fn LineChart(
    #[props(into)] label: String,
    values: Vec<Option<Quantity>>,
    names: Vec<String>,
    #[props(into)] unit: String,
    #[props(default)] ticks: Vec<Tick>,
    #[props(default)] bands: Vec<Band>,
    #[props(default)] before: Vec<Option<Quantity>>,
    #[props(into)] before_name: Option<String>,
    #[props(default = true)] mark_maximum: bool,
    #[props(default = 200)] height: u32,
    #[props(default = 640)] width: u32,
    #[props(into)] testid: Option<String>,
) -> Element {
    let _ = (values, names, unit, ticks, bands, before, before_name, mark_maximum, height, width);
    rsx! { div { class: "chart", role: "img", "aria-label": label, "data-testid": testid } }
}
