//! Today's load by quarter-hour.

use dioxus::prelude::*;
use gridkey_client::app::{Section, SeriesQuery, Step, Topic};
use gridkey_domain::{MeterId, Quantity};
use gridkey_kit::{
    chart::{Band, LineChart, Register, Tick},
    prelude::*,
};
use jiff::civil::Date;

use super::part::part;
use crate::{
    context::{AppStateStoreExt as _, use_app, use_wants},
    logic::{
        energy,
        tou::{self, Period},
    },
    store::AppState,
    views::parts::use_today,
};

const QUARTERS: usize = 96;

/// The curve of all meters together.
///
/// - `meters`: the customer's meters.
#[component]
pub(super) fn Today(meters: Vec<MeterId>) -> Element {
    let app = use_app();
    let today = use_today()();
    let query =
        |meter: &MeterId| SeriesQuery { meter: meter.clone(), from: today, to: today, resolution: Step::QuarterHour };
    let queries: Vec<SeriesQuery> = meters.iter().map(query).collect();
    use_wants(queries.iter().cloned().map(Topic::Series).collect());
    let Some(first) = queries.first().cloned() else {
        // Without a meter there is nothing to ask for; why there is none, the running month tells.
        let usage = app.usage().cloned();
        return part(&usage, Topic::Usage, t!("overview-loading-chart"), Shape::Chart, |_| rsx! { Nothing {} });
    };
    let section = app.series().read().get(&first).cloned().unwrap_or_default();
    part(&section, Topic::Series(first), t!("overview-loading-chart"), Shape::Chart, |_| {
        let values = load(app, &queries);
        let read = values.iter().flatten().count();
        if read == 0 {
            return rsx! { Nothing {} };
        }
        let highest = values.iter().flatten().max().copied().unwrap_or_default();
        let registers = vec![Register::Valley, Register::Flat, Register::Peak, Register::Sharp];
        rsx! {
            ChartFrame {
                title: t!("overview-today"),
                unit: t!("overview-today-unit"),
                legend: rsx! { Legend { registers } },
                table: rsx! { LoadTable { values: values.clone() } },
                testid: "today",
                LineChart {
                    label: t!("overview-today-label", count = read, max = format::kw(language(), highest)),
                    values,
                    names: (0..QUARTERS).map(name).collect::<Vec<_>>(),
                    unit: t!("unit-kw"),
                    ticks: (0..=8).map(|three| Tick::new(three * 12, format!("{:02}", three * 3))).collect::<Vec<_>>(),
                    bands: bands(today),
                    height: 150,
                    width: 630,
                }
            }
        }
    })
}

/// The sum of all meters by quarter-hour; none where one of them has no reading.
fn load(app: Store<AppState>, queries: &[SeriesQuery]) -> Vec<Option<Quantity>> {
    let series = app.series();
    let series = series.read();
    let mut sum = vec![Some(Quantity::ZERO); QUARTERS];
    for query in queries {
        let mut own = vec![None; QUARTERS];
        for point in series.get(query).and_then(Section::get).into_iter().flatten() {
            if let Some(slot) = own.get_mut(energy::quarter(point.start)) {
                *slot = Some(point.max_kw);
            }
        }
        for (sum, own) in sum.iter_mut().zip(own) {
            *sum = sum.zip(own).and_then(|(sum, own)| sum.checked_add(own));
        }
    }
    sum
}

fn name(quarter: usize) -> String {
    format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15)
}

fn bands(today: Date) -> Vec<Band> {
    let register = |period| match period {
        Period::Valley => Register::Valley,
        Period::Flat => Register::Flat,
        Period::Peak => Register::Peak,
        Period::Sharp => Register::Sharp,
    };
    tou::day(today.month())
        .into_iter()
        .map(|stretch| Band { register: register(stretch.period), start: stretch.from, end: stretch.to })
        .collect()
}

/// The readings as a table.
///
/// - `values`: one for each quarter-hour.
#[component]
fn LoadTable(values: Vec<Option<Quantity>>) -> Element {
    rsx! {
        Table {
            caption: t!("overview-today"),
            plain: true,
            columns: vec![Column::text(t!("overview-today-hour")), Column::number(t!("overview-today-load"))],
            for (quarter , value) in values.into_iter().enumerate().filter_map(|(quarter, value)| Some((quarter, value?))) {
                Row { key: "{quarter}",
                    Cell { header: true, {name(quarter)} }
                    Cell { numeric: true, {format::quantity_short(value)} }
                }
            }
        }
    }
}

/// No readings.
#[component]
fn Nothing() -> Element {
    rsx! {
        Empty { icon: IconName::Chart, title: t!("overview-today-none"), text: t!("overview-today-none-text") }
    }
}
