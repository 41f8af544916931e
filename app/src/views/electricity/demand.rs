//! The month's highest demand, when it was, and what it means for the basic charge.

use dioxus::prelude::*;
use gridkey_client::{
    app::{Section, SeriesQuery, Topic},
    bill_check::published_price,
};
use gridkey_domain::{
    Month, Quantity,
    account::{Basic, Meter},
    bill::LineKind,
    usage::{MeterUsage, UsagePoint},
};
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    logic::{
        energy::{Peak, peak},
        span::Span,
    },
    store::AppState,
};

/// The highest 15-minute average of the month.
///
/// - `month`: the month.
/// - `usage`: its figures.
/// - `meter`: the meter's terms.
#[component]
pub(super) fn DemandCard(month: Month, usage: MeterUsage, meter: Meter) -> Element {
    let hours = Span::Month(month).query(&meter.meter);
    use_want(Topic::Series(hours.clone()));
    let app = use_app();
    let found = series(app, &hours);
    // The hour names the day; the day's quarter-hours name the time.
    let day = found.get().and_then(|points| peak(points)).map(|peak| Span::Day(peak.start.date()).query(&meter.meter));
    rsx! {
        Card { title: t!("electricity-demand"), class: "span-3", testid: "month-demand",
            Figure { value: format::quantity_short(usage.max_kw), unit: t!("unit-kw") }
            p { class: "figure-note",
                match day {
                    Some(day) => rsx! { PeakTime { day } },
                    None if found.is_first_load() => rsx! { {t!("electricity-demand-finding")} },
                    None => rsx! { {t!("electricity-demand-no-time")} },
                }
            }
            p { class: "figure-note",
                match meter.basic {
                    Basic::Demand => t!("electricity-demand-charged", price = demand_price()),
                    Basic::Capacity => {
                        t!("electricity-demand-free", capacity = format::quantity_short(meter.capacity_kva))
                    }
                }
            }
        }
    }
}

/// The quarter-hour of the highest demand.
///
/// - `day`: the day it was on.
#[component]
fn PeakTime(day: SeriesQuery) -> Element {
    use_want(Topic::Series(day.clone()));
    let language = language();
    let found = series(use_app(), &day);
    let at: Option<Peak> = found.get().and_then(|points| peak(points));
    match at {
        Some(at) => rsx! {
            span { "data-testid": "peak-time",
                {t!(
                    "electricity-demand-at",
                    date = format::day_month(language, at.start.date()),
                    time = format::time(at.start)
                )}
            }
        },
        None if found.is_first_load() => rsx! { {t!("electricity-demand-finding")} },
        None => rsx! { {t!("electricity-demand-on", date = format::day_month(language, day.from))} },
    }
}

/// What a kW costs a month by the published tariff, yuan: "38.00".
fn demand_price() -> String {
    let price = published_price(LineKind::Demand).unwrap_or_default();
    format::quantity(Quantity::from_units(price.units() / 100))
}

/// A stretch of history as it is known.
pub(super) fn series(app: Store<AppState>, query: &SeriesQuery) -> Section<Vec<UsagePoint>> {
    app.series().read().get(query).cloned().unwrap_or_default()
}
