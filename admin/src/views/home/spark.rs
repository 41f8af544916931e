//! The day's hours as small bars.

use dioxus::prelude::*;
use gridkey_domain::Timestamp;
use gridkey_kit::prelude::*;

/// Bars by hour with the hour under the first one and "now" under the last.
///
/// - `label`: what they show.
/// - `hours`: the beginning of each hour, how much, how much of it needs attention, and the same in words.
/// - `testid`: its name for tests.
#[component]
pub(super) fn Hours(label: String, hours: Vec<(Timestamp, u64, u64, String)>, testid: String) -> Element {
    let most = hours.iter().max_by_key(|(_, value, part, _)| value.saturating_add(*part));
    let label = match most.filter(|(_, value, part, _)| *value + *part > 0) {
        Some((.., words)) => t!("home-hours-most", what = label, most = words.as_str()),
        None => t!("home-hours-none", what = label),
    };
    let from = hours.first().map(|(from, ..)| format::time(*from));
    let bars = hours.into_iter().map(|(_, value, part, name)| SparkBar { name, value, part }).collect::<Vec<_>>();
    rsx! {
        Spark { label, bars, from, to: t!("home-now"), testid }
    }
}
