//! What the running month costs, and what its power factor does to that.

use dioxus::prelude::*;
use gridkey_domain::{account::Meter, usage::MeterUsage};
use gridkey_kit::prelude::*;

use super::parts::ChargeParts;
use crate::logic::tariff::{STANDARD_POWER_FACTOR, power_factor_adjustment};

/// The charge if the month ended now, and how it is made up.
///
/// - `usage`: the running month.
/// - `meter`: the meter's terms.
#[component]
pub(super) fn RunningCard(usage: MeterUsage, meter: Meter) -> Element {
    let mut open = use_signal(|| false);
    rsx! {
        Card { title: t!("electricity-running"), class: "span-3", testid: "month-charge",
            MoneyFigure { amount: usage.running, testid: "running" }
            p { class: "figure-note", {t!("electricity-running-hint")} }
            div { class: "card-foot",
                Button {
                    small: true,
                    onclick: move |_| open.set(true),
                    testid: "charge-parts",
                    {t!("electricity-running-show")}
                }
            }
            if open() {
                ChargeParts { usage: usage.clone(), meter: meter.clone(), onclose: move |()| open.set(false) }
            }
        }
    }
}

/// The power factor against the standard, and what that costs or saves.
///
/// - `usage`: the running month.
/// - `meter`: the meter's terms.
#[component]
pub(super) fn FactorCard(usage: MeterUsage, meter: Meter) -> Element {
    let language = language();
    let standard = format::factor(STANDARD_POWER_FACTOR);
    let adjustment = power_factor_adjustment(&usage, &meter);
    let poor = usage.pf < STANDARD_POWER_FACTOR;
    let hundredths = u32::try_from(usage.pf.units()).unwrap_or(0);
    rsx! {
        Card {
            title: t!("electricity-pf"),
            aside: rsx! { span { {t!("electricity-pf-standard", standard = &standard)} } },
            class: "span-3",
            testid: "month-pf",
            Figure { value: format::factor(usage.pf) }
            Progress {
                label: t!("electricity-pf"),
                value: hundredths,
                max: 100,
                text: format::factor(usage.pf),
                tone: if poor { Tone::Warning } else { Tone::Accent },
            }
            if let Some(adjustment) = adjustment {
                p { class: "figure-note",
                    match adjustment.amount {
                        0 => t!("electricity-pf-even"),
                        saved @ ..0 => t!("electricity-pf-saves", amount = format::signed_fen(saved.saturating_neg())),
                        costs => t!("electricity-pf-costs", amount = format::signed_fen(costs)),
                    }
                    if adjustment.amount != 0 {
                        br {}
                        {t!("electricity-pf-on", percent = signed_percent(language, adjustment.fraction.units()))}
                    }
                    if poor {
                        br {}
                        {t!("electricity-pf-to-standard", standard = standard)}
                    }
                }
            }
        }
    }
}

/// A fraction with its sign, so that a surcharge cannot be taken for a bonus.
pub(super) fn signed_percent(language: Language, hundredths: i64) -> String {
    let text = format::percent(language, hundredths);
    if hundredths > 0 { format!("+{text}") } else { text }
}
