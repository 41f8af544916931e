//! A chart with its heading, legend and the same as a table.

use dioxus::prelude::*;

use crate::{
    form::{Choice, Segmented},
    t,
};

/// A chart or the same as a table, as the person likes.
///
/// - `title`: its heading.
/// - `unit`: behind the heading: "kW per quarter-hour".
/// - `legend`: at the right of the heading.
/// - `table`: the same as a table.
/// - `children`: the chart.
/// - `testid`: its name for tests.
#[component]
pub fn ChartFrame(
    #[props(into)] title: String,
    #[props(into)] unit: Option<String>,
    legend: Option<Element>,
    table: Element,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    let mut tabular = use_signal(|| false);
    let choices = vec![Choice::new(false, t!("kit-view-chart")), Choice::new(true, t!("kit-view-table"))];
    rsx! {
        figure { class: "chart-frame", "data-testid": testid,
            div { class: "chart-head",
                figcaption { class: "chart-title",
                    {title}
                    if let Some(unit) = unit {
                        span { class: "chart-unit", " {unit}" }
                    }
                }
                if let Some(legend) = legend {
                    {legend}
                }
                Segmented {
                    label: t!("kit-view"),
                    choices,
                    value: tabular(),
                    onchange: move |chosen| tabular.set(chosen),
                }
            }
            if tabular() {
                div { class: "chart-table", {table} }
            } else {
                {children}
            }
        }
    }
}
