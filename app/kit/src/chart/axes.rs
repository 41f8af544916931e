//! The value axis and the marks of the time axis.

use dioxus::prelude::*;

use super::{
    Tick,
    scale::{Axis, Plot},
};

/// Lines and figures of the value axis.
#[component]
pub(super) fn ValueAxis(plot: Plot, axis: Axis) -> Element {
    let marks: Vec<_> = axis
        .marks()
        .map(|mark| {
            let y = plot.top + axis.depth(mark, plot.height).0 / 10;
            (y, axis.label(mark))
        })
        .collect();
    rsx! {
        g {
            for (index , (y , words)) in marks.into_iter().enumerate() {
                line {
                    key: "{index}",
                    class: if index == 0 { "chart-base" } else { "chart-grid" },
                    x1: "{plot.left}",
                    x2: "{plot.right()}",
                    y1: "{y}",
                    y2: "{y}",
                }
                text { x: "{plot.left - 8}", y: "{y + 4}", text_anchor: "end", {words} }
            }
        }
    }
}

/// Words under the time axis.
///
/// - `y`: where they stand.
#[component]
pub(super) fn TimeAxis(plot: Plot, ticks: Vec<Tick>, y: i64) -> Element {
    rsx! {
        g {
            for (index , tick) in ticks.into_iter().enumerate() {
                text { key: "{index}", x: "{plot.start(tick.slot)}", y: "{y}", text_anchor: "middle", {tick.label} }
            }
        }
    }
}
