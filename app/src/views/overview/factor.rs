//! The power factor against the standard, and what it costs or saves.

use dioxus::prelude::*;
use gridkey_client::{app::Topic, bill_check::adjustment};
use gridkey_kit::prelude::*;

use super::part::part;
use crate::{
    context::{AppStateStoreExt as _, use_app},
    logic::tariff::STANDARD_POWER_FACTOR,
};

/// The lowest power factor of the meters: each is billed for itself.
#[component]
pub(super) fn PowerFactor() -> Element {
    let usage = use_app().usage().cloned();
    rsx! {
        Card {
            title: t!("overview-factor"),
            class: "span-3",
            testid: "power-factor",
            aside: rsx! { span { {t!("overview-factor-standard")} } },
            {
                part(&usage, Topic::Usage, t!("overview-loading-month"), Shape::Figure, |usage| {
                    let Some(worst) = usage.meters.iter().min_by_key(|meter| meter.pf) else {
                        return rsx! { Empty { icon: IconName::Chart, title: t!("overview-factor-none") } };
                    };
                    // Units of the fraction are hundredths of a percent.
                    let hundredths = adjustment(worst.pf).units();
                    let percent = format::percent(language(), hundredths);
                    let text = match hundredths {
                        0 => t!("overview-factor-even"),
                        ..0 => t!("overview-factor-bonus", percent = percent),
                        _ => t!("overview-factor-penalty", percent = percent),
                    };
                    let tone = if worst.pf >= STANDARD_POWER_FACTOR { Tone::Accent } else { Tone::Warning };
                    let highest = usage.meters.iter().map(|meter| meter.max_kw).max().unwrap_or_default();
                    rsx! {
                        Figure { value: format::factor(worst.pf), testid: "factor" }
                        Progress {
                            label: t!("overview-factor-progress"),
                            value: u32::try_from(worst.pf.units()).unwrap_or(0),
                            max: 100,
                            text: format::factor(worst.pf),
                            tone,
                        }
                        p { class: "card-note", {text} }
                        p { class: "card-note", {t!("overview-maximum", kw = format::kw(language(), highest))} }
                    }
                })
            }
        }
    }
}
