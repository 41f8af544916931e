//! Energy by month or day.

use dioxus::prelude::*;
use gridkey_domain::Quantity;

use super::{
    Register,
    axes::ValueAxis,
    cursor::{Readout, Surface, use_cursor, use_measured},
    scale::{Axis, Plot, Px, to_i64},
    texture::{Fill, Textures},
};
use crate::{form::use_element_id, format};

/// Below the plot: the words of the axis.
const FOOT: i64 = 24;

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Under the axis: "Oct".
    pub short: String,
    /// In full, for the readout: "October 2026".
    pub name: String,
    /// What it is made of, from the foot up.
    pub parts: Vec<(Register, Quantity)>,
    /// The same time a year before, as a dashed bar behind it.
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

/// Bars of registers over months or days. The pointer and the arrow keys read out single bars.
///
/// - `label`: what it shows, for those who do not see it.
/// - `bars`: the bars, oldest first.
/// - `unit`: of the values: "kWh".
/// - `before_name`: the name of the dashed bars: "a year before".
/// - `onselect`: a bar was clicked, or Enter was pressed on it.
/// - `height`: of the drawing, pixels.
/// - `width`: before the window is measured, pixels.
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
    let id = use_element_id();
    let cursor = use_cursor();
    let measured = use_measured(width);
    let width = measured.width();

    let axis = Axis::for_highest(bars.iter().flat_map(|bar| [Some(bar.total()), bar.before]).flatten().max());
    let characters = axis.marks().map(|mark| axis.label(mark).chars().count()).max().unwrap_or(1);
    let plot = Plot::new(width, height, characters, FOOT, bars.len());
    let here = cursor.slot(bars.len());
    let first = bars.len().saturating_sub(1);
    let value_text = bars.get(here.unwrap_or(first)).map(|bar| in_words(bar, &unit, before_name.as_deref()));
    let every = crowd(&plot, &bars);
    let read = here.and_then(|slot| bars.get(slot).cloned().map(|bar| (slot, bar)));

    rsx! {
        div { class: "chart", onresize: move |event| measured.resized(&event),
            svg {
                view_box: "0 0 {width} {height}",
                width: "{width}",
                height: "{height}",
                "aria-hidden": "true",
                "focusable": "false",
                Textures { id: id.clone() }
                for slot in 0..bars.len() {
                    rect {
                        key: "{slot}",
                        class: "chart-column",
                        class: if here == Some(slot) { "is-here" },
                        x: "{plot.start(slot)}",
                        y: "{plot.top}",
                        width: "{Px(plot.start(slot + 1).0 - plot.start(slot).0)}",
                        height: "{plot.height}",
                        rx: "4",
                    }
                }
                ValueAxis { plot, axis: axis.clone() }
                for (slot , bar) in bars.iter().cloned().enumerate() {
                    Column {
                        key: "{slot}",
                        id: id.clone(),
                        plot,
                        axis: axis.clone(),
                        slot,
                        bar,
                        named: (first - slot) % every == 0,
                    }
                }
            }
            Surface {
                plot,
                cursor,
                label,
                value_text: value_text.unwrap_or_default(),
                first,
                page: 6,
                onselect,
                testid,
            }
            if let Some((slot, bar)) = read {
                Readout { plot, slot,
                    p { class: "chart-readout-head", {bar.name.clone()} }
                    p { class: "chart-readout-value", "{format::quantity(bar.total())} {unit}" }
                    for (register , part) in bar.parts.iter().rev().filter(|(register, _)| *register != Register::Total) {
                        div { key: "{register.class()}", class: "chart-readout-row",
                            super::RegisterName { register: *register }
                            span { "{format::quantity(*part)}" }
                        }
                    }
                    if let (Some(value), Some(name)) = (bar.before, before_name) {
                        div { class: "chart-readout-row chart-readout-head",
                            span { {name} }
                            span { "{format::quantity(value)}" }
                        }
                    }
                }
            }
        }
    }
}

/// One bar with its word under the axis.
#[component]
fn Column(id: String, plot: Plot, axis: Axis, slot: usize, bar: Bar, named: bool) -> Element {
    let (start, end) = (plot.start(slot).0, plot.start(slot + 1).0);
    let room = end - start;
    let wide = (room * 62 / 100).clamp(20, 400);
    let x = start + (room - wide) / 2;
    let depth = |units: i64| axis.depth(Quantity::from_units(units), plot.height).0;
    let mut filled = 0_i64;
    let mut boxes = Vec::new();
    for (register, part) in bar.parts.iter().filter(|(_, part)| part.units() > 0) {
        let foot = depth(filled);
        filled = filled.saturating_add(part.units());
        let head = depth(filled);
        // A hair between two parts keeps them apart where textures are too fine to see.
        let gap = if boxes.is_empty() { 0 } else { 10 };
        let height = (foot - head - gap).max(5);
        boxes.push((*register, Px(plot.top * 10 + head), Px(height)));
    }
    let before = bar.before.map(|value| {
        let head = axis.depth(value, plot.height).0;
        (Px(x - 20), Px(plot.top * 10 + head), Px(wide + 40), Px(plot.height * 10 - head))
    });
    rsx! {
        g { class: "chart-bar", class: if bar.running { "is-running" },
            if let Some((x, y, width, height)) = before {
                rect { class: "chart-bar-before", x: "{x}", y: "{y}", width: "{width}", height: "{height}", rx: "2" }
            }
            for (index , (register , y , height)) in boxes.into_iter().enumerate() {
                Fill {
                    key: "{index}",
                    id: id.clone(),
                    register,
                    class: "chart-part",
                    x: "{Px(x)}",
                    y: "{y}",
                    width: "{Px(wide)}",
                    height: "{height}",
                }
            }
            if named {
                text { x: "{plot.middle(slot)}", y: "{plot.bottom() + 17}", text_anchor: "middle", {bar.short} }
            }
        }
    }
}

/// Every how many bars a word fits under the axis.
fn crowd(plot: &Plot, bars: &[Bar]) -> usize {
    let widest = bars.iter().map(|bar| bar.short.chars().map(|c| if c.is_ascii() { 7 } else { 12 }).sum::<i64>()).max();
    let room = plot.width / to_i64(bars.len().max(1));
    usize::try_from((widest.unwrap_or(0) + 6) / room.max(1) + 1).unwrap_or(1)
}

/// A bar in words, for those who do not see it.
fn in_words(bar: &Bar, unit: &str, before_name: Option<&str>) -> String {
    let mut words = format!("{}: {} {unit}", bar.name, format::quantity_short(bar.total()));
    for (register, part) in bar.parts.iter().filter(|(register, _)| *register != Register::Total) {
        words.push_str(&format!(", {} {}", register.name(), format::quantity_short(*part)));
    }
    match (bar.before, before_name) {
        (Some(value), Some(name)) => words + &format!(", {name}: {}", format::quantity_short(value)),
        _ => words,
    }
}
