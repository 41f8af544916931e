//! The load curve.

use dioxus::prelude::*;
use gridkey_domain::Quantity;

use super::{
    Register,
    axes::{TimeAxis, ValueAxis},
    cursor::{Readout, Surface, use_cursor, use_measured},
    curve::{area, below, curve, highest},
    scale::{Axis, Plot, Px, to_i64},
    texture::{Fill, Textures},
};
use crate::{form::use_element_id, format, t};

/// Below the plot: the strip of periods with their names, then the words of the axis.
const FOOT: i64 = 40;
/// The same without periods.
const FOOT_PLAIN: i64 = 24;
/// A period narrower than this many pixels for each character of its name goes without.
const NAME_WIDTH: i64 = 7;

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
/// The pointer and the arrow keys read out single values; the highest one is named in the drawing.
///
/// - `label`: what it shows, for those who do not see it: title, span and what stands out.
/// - `values`: one for each slot; `None` where there is no reading, also for what is still to come.
/// - `names`: one for each slot: its time, for the readout.
/// - `unit`: of the values: "kW".
/// - `ticks`: the marks of the time axis.
/// - `bands`: the periods, drawn as washes and as a strip under the curve.
/// - `before`: the same span earlier, dashed.
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
    let id = use_element_id();
    let cursor = use_cursor();
    let measured = use_measured(width);
    let width = measured.width();

    let slots = names.len().max(values.len());
    let axis = Axis::for_highest(values.iter().chain(&before).flatten().max().copied());
    let characters = axis.marks().map(|mark| axis.label(mark).chars().count()).max().unwrap_or(1);
    let foot = if bands.is_empty() { FOOT_PLAIN } else { FOOT };
    let plot = Plot::new(width, height, characters, foot, slots);
    let maximum = if mark_maximum { highest(&values) } else { None };
    let here = cursor.slot(plot.slots);
    let first = values.iter().rposition(Option::is_some).unwrap_or(0);
    let say = |slot: usize| read_out(slot, &values, &names, &unit, &bands, &before, before_name.as_deref());
    let label = match maximum {
        Some((slot, value)) => {
            let value = format!("{} {unit}", format::quantity_short(value));
            format!("{label}. {}", t!("kit-chart-max", value = value, time = name(&names, slot)))
        }
        None => label,
    };
    let value_text = say(here.unwrap_or(first)).join(", ");

    rsx! {
        div { class: "chart", onresize: move |event| measured.resized(&event),
            svg {
                view_box: "0 0 {width} {height}",
                width: "{width}",
                height: "{height}",
                "aria-hidden": "true",
                "focusable": "false",
                Textures { id: id.clone() }
                Bands { id: id.clone(), plot, bands: bands.clone() }
                ValueAxis { plot, axis: axis.clone() }
                TimeAxis { plot, ticks, y: plot.bottom() + foot - 8 }
                path { class: "chart-before", d: curve(&plot, &axis, &before) }
                path { class: "chart-area", d: area(&plot, &axis, &values) }
                path { class: "chart-line", d: curve(&plot, &axis, &values) }
                if let Some((slot, value)) = maximum {
                    Maximum { plot, axis: axis.clone(), slot, value,
                        // The readout would stand over them.
                        words: here.is_none().then(|| format!("{} {unit} · {}", format::quantity_short(value), name(&names, slot))),
                    }
                }
                if let Some(slot) = here {
                    line {
                        class: "chart-crosshair",
                        x1: "{plot.middle(slot)}",
                        x2: "{plot.middle(slot)}",
                        y1: "{plot.top}",
                        y2: "{plot.bottom()}",
                    }
                    if let Some(value) = values.get(slot).copied().flatten() {
                        circle {
                            class: "chart-point",
                            cx: "{plot.middle(slot)}",
                            cy: "{below(&plot, &axis, value)}",
                            r: "4.5",
                        }
                    }
                }
            }
            Surface {
                plot,
                cursor,
                label,
                value_text,
                first,
                page: (slots / 24).max(4),
                testid,
            }
            if let Some(slot) = here {
                Readout { plot, slot,
                    for (index , line) in say(slot).into_iter().enumerate() {
                        p { key: "{index}", class: if index == 1 { "chart-readout-value" } else { "chart-readout-head" }, {line} }
                    }
                }
            }
        }
    }
}

/// The washes behind the curve, and the strip with the periods' names under it.
#[component]
fn Bands(id: String, plot: Plot, bands: Vec<Band>) -> Element {
    let bands = bands.into_iter().filter(|band| band.start < band.end && band.start < plot.slots).map(|band| {
        let (start, end) = (plot.start(band.start), plot.start(band.end.min(plot.slots)));
        let width = end.0 - start.0;
        let name = band.register.name();
        let fits =
            width / 10 >= NAME_WIDTH * to_i64(name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>());
        (band, start, Px(width), Px(start.0 + width / 2), fits.then_some(name))
    });
    let bands: Vec<_> = bands.collect();
    rsx! {
        g {
            for (index , (band , start , width , middle , name)) in bands.into_iter().enumerate() {
                g { key: "{index}", class: "{band.register.class()}",
                    rect {
                        class: "chart-band",
                        x: "{start}",
                        y: "{plot.top}",
                        width: "{width}",
                        height: "{plot.height}",
                    }
                    Fill {
                        id: id.clone(),
                        register: band.register,
                        class: "chart-strip",
                        x: "{Px(start.0 + 5)}",
                        y: "{plot.bottom() + 2}",
                        width: "{Px((width.0 - 10).max(5))}",
                        height: "5",
                    }
                    if let Some(name) = name {
                        text { class: "chart-band-name", x: "{middle}", y: "{plot.bottom() + 18}", {name} }
                    }
                }
            }
        }
    }
}

/// The highest value, with a ring and its words on the side that has room.
#[component]
fn Maximum(plot: Plot, axis: Axis, slot: usize, value: Quantity, words: Option<String>) -> Element {
    let (x, y) = (plot.middle(slot), below(&plot, &axis, value));
    let beyond = x.0 / 10 > plot.left + plot.width * 2 / 3;
    let (text_x, anchor) = if beyond { (Px(x.0 - 90), "end") } else { (Px(x.0 + 90), "start") };
    let text_y = Px((y.0 - 40).max(plot.top * 10 + 30));
    rsx! {
        circle { class: "chart-max", cx: "{x}", cy: "{y}", r: "4" }
        if let Some(words) = words {
            text { class: "chart-max-name", x: "{text_x}", y: "{text_y}", text_anchor: anchor, {words} }
        }
    }
}

fn name(names: &[String], slot: usize) -> &str {
    names.get(slot).map_or("", String::as_str)
}

/// What is said of a slot: its time and period, its value, and the value before.
fn read_out(
    slot: usize,
    values: &[Option<Quantity>],
    names: &[String],
    unit: &str,
    bands: &[Band],
    before: &[Option<Quantity>],
    before_name: Option<&str>,
) -> Vec<String> {
    let period = bands.iter().find(|band| (band.start..band.end).contains(&slot)).map(|band| band.register.name());
    let when = match period {
        Some(period) => format!("{} · {period}", name(names, slot)),
        None => name(names, slot).to_owned(),
    };
    let figure = |value: Quantity| format!("{} {unit}", format::quantity_short(value));
    let mut lines = vec![when];
    lines.push(values.get(slot).copied().flatten().map_or_else(|| t!("kit-chart-none"), figure));
    if let (Some(value), Some(name)) = (before.get(slot).copied().flatten(), before_name) {
        lines.push(format!("{name}: {}", figure(value)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(units: i64) -> Option<Quantity> {
        Some(Quantity::from_units(units))
    }

    #[test]
    fn the_readout_names_time_period_value_and_last_year() {
        let bands = [Band { register: Register::Peak, start: 0, end: 2 }];
        let names = ["08:00".to_owned(), "08:15".to_owned()];
        let lines =
            read_out(1, &[some(100), some(224_000)], &names, "kW", &bands, &[None, some(200_000)], Some("2025"));
        assert_eq!(lines, ["08:15 · Peak", "2,240 kW", "2025: 2,000 kW"]);
        assert_eq!(read_out(0, &[None], &names, "kW", &[], &[], None), ["08:00", "no reading"]);
    }
}
