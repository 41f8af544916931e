//! Bars so small that they need no axis: the shape of a day beside its figure.

use dioxus::prelude::*;

/// A bar of a [`Spark`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SparkBar {
    /// What it stands for, in full: "14:00: 12 logins, 2 refused". Shown by the pointer.
    pub name: String,
    /// How much.
    pub value: u64,
    /// A part on top that asks for attention; not contained in `value`.
    pub part: u64,
}

/// Small bars over hours or days, the oldest first, the running one last.
///
/// - `label`: what they show, and what is to be seen, for those who do not see it: "Logins by hour, most at 14:00: 12".
/// - `bars`: the bars.
/// - `from`, `to`: under the first and the last bar.
/// - `testid`: its name for tests.
#[component]
pub fn Spark(
    #[props(into)] label: String,
    bars: Vec<SparkBar>,
    #[props(into)] from: Option<String>,
    #[props(into)] to: Option<String>,
    #[props(into)] testid: Option<String>,
) -> Element {
    let highest = bars.iter().map(|bar| bar.value.saturating_add(bar.part)).max().unwrap_or(0);
    let last = bars.len().saturating_sub(1);
    rsx! {
        div { "data-testid": testid,
            div { class: "spark", role: "img", "aria-label": label,
                for (place , bar) in bars.into_iter().enumerate() {
                    span {
                        key: "{place}",
                        class: "spark-bar",
                        class: if place == last { "is-running" },
                        class: if bar.value == 0 && bar.part == 0 { "is-empty" },
                        title: bar.name,
                        if bar.part > 0 {
                            span { class: "spark-part", style: "height:{share(bar.part, highest)}" }
                        }
                        if bar.value > 0 || bar.part == 0 {
                            span { class: "spark-fill", style: "height:{share(bar.value, highest)}" }
                        }
                    }
                }
            }
            if from.is_some() || to.is_some() {
                div { class: "spark-foot", "aria-hidden": "true",
                    span { {from} }
                    span { {to} }
                }
            }
        }
    }
}

/// `value` of `highest` as a length of style, in tenths of a per cent.
fn share(value: u64, highest: u64) -> String {
    let tenths = u128::from(value) * 1000 / u128::from(highest.max(1));
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_height_and_the_others_their_share() {
        assert_eq!(share(12, 12), "100.0%");
        assert_eq!(share(1, 3), "33.3%");
        assert_eq!(share(0, 0), "0.0%");
        assert_eq!(share(u64::MAX, u64::MAX), "100.0%");
    }

    #[test]
    fn every_bar_says_what_it_stands_for_and_an_empty_hour_is_there() {
        let bars = vec![
            SparkBar { name: "13:00".into(), value: 0, part: 0 },
            SparkBar { name: "14:00".into(), value: 3, part: 1 },
        ];
        let html = dioxus_ssr::render_element(rsx! { Spark { label: "Logins", bars, from: "13:00", to: "now" } });
        assert!(html.contains("title=\"13:00\"") && html.contains("is-empty"), "{html}");
        assert!(html.contains("height:75.0%") && html.contains("height:25.0%"), "{html}");
    }
}
