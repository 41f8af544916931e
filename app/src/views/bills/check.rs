//! What this computer found when it reckoned the bill again.

use dioxus::prelude::*;
use gridkey_client::bill_check::Finding;
use gridkey_kit::prelude::*;

/// "Agrees", or where the bill departs from the published tariff.
///
/// - `findings`: the departures.
#[component]
pub(super) fn BillCheck(findings: Vec<Finding>) -> Element {
    if findings.is_empty() {
        return rsx! {
            Banner { tone: Tone::Good, title: t!("bills-check-agrees"), testid: "bill-check",
                {t!("bills-check-agrees-text")}
            }
        };
    }
    let columns = vec![
        Column::text(t!("bills-check-what")),
        Column::number(t!("bills-check-stated")),
        Column::number(t!("bills-check-reckoned")),
    ];
    rsx! {
        Banner {
            tone: Tone::Danger,
            title: t!("bills-check-departs", count = findings.len()),
            testid: "bill-check",
            {t!("bills-check-departs-text")}
        }
        Card { class: "card-flush",
            Table { caption: t!("bills-check-caption"), columns,
                for (place , finding) in findings.into_iter().enumerate() {
                    Row { key: "{place}",
                        Cell { header: true, {about(&finding.what)} }
                        Cell { column: t!("bills-check-stated"), numeric: true, {finding.stated} }
                        Cell { column: t!("bills-check-reckoned"), numeric: true, {finding.reckoned} }
                    }
                }
            }
        }
    }
}

/// What a finding is about, in the language chosen; the rarer ones in the words of the check itself.
fn about(what: &str) -> String {
    match what {
        "number" => t!("bills-finding-number"),
        "date of issue" => t!("bills-finding-issued"),
        "due date" => t!("bills-finding-due"),
        "total kWh" => t!("bills-finding-total-kwh"),
        "power factor" => t!("bills-finding-pf"),
        "total" => t!("bills-finding-total"),
        "open amount" => t!("bills-finding-open"),
        other => line(other).unwrap_or_else(|| other.to_owned()),
    }
}

/// A finding about a line, such as `amount of line sharp`.
fn line(what: &str) -> Option<String> {
    let (property, line) = what.split_once(" of line ")?;
    let line = match line {
        "sharp" => t!("bills-line-sharp"),
        "peak" => t!("bills-line-peak"),
        "flat" => t!("bills-line-flat"),
        "valley" => t!("bills-line-valley"),
        "demand" => t!("bills-line-demand"),
        "basic charge" => t!("bills-finding-basic"),
        "power-factor" => t!("bills-line-power-factor"),
        "surcharge" => t!("bills-line-surcharge"),
        _ => return None,
    };
    Some(match property {
        "amount" => t!("bills-finding-line-amount", line = line),
        "price" | "fraction" => t!("bills-finding-line-price", line = line),
        "kWh" | "kW" | "yuan" => t!("bills-finding-line-quantity", line = line),
        _ => return None,
    })
}
