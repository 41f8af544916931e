//! A stretch as a chart: bars by month or day, the curve of a day.

use dioxus::prelude::*;
use gridkey_domain::Quantity;
use gridkey_kit::{
    chart::{Band, Bar, LineChart, Register, StackedBars, Tick},
    prelude::*,
};
use jiff::civil::Date;

use super::{registers::register, title};
use crate::{
    logic::{
        energy::Row,
        span::Span,
        tou::{self, Period},
    },
    views::parts::use_today,
};

/// The chart of a stretch.
///
/// - `span`: the stretch.
/// - `rows`: its parts.
/// - `compared`: the year before is drawn too.
/// - `onopen`: a bar was opened.
#[component]
pub(super) fn SpanChart(span: Span, rows: Vec<Row>, compared: bool, onopen: EventHandler<Span>) -> Element {
    let today = use_today();
    let before_name = compared.then(|| t!("electricity-year-before"));
    let label = title::heading(span);
    if let Span::Day(day) = span {
        let curve = curve(&rows);
        return rsx! {
            LineChart {
                label,
                values: curve.values,
                names: names(),
                unit: t!("unit-kw"),
                ticks: (0..=8).map(|three| Tick::new(three * 12, format!("{:02}", three * 3))).collect::<Vec<_>>(),
                bands: bands(day),
                before: if compared { curve.before } else { Vec::new() },
                before_name,
                height: 240,
                width: 900,
                testid: "day-curve",
            }
        };
    }
    let bars = bars(span, &rows, compared, today());
    rsx! {
        StackedBars {
            label,
            bars,
            unit: t!("unit-kwh"),
            before_name,
            onselect: move |place: usize| {
                if let Some(part) = span.part(place) {
                    onopen.call(part);
                }
            },
            height: 240,
            width: 900,
            testid: "history-bars",
        }
    }
}

/// A bar for each part of the stretch that has begun, also where nothing was read, so that a bar's number is its place.
fn bars(span: Span, rows: &[Row], compared: bool, today: Date) -> Vec<Bar> {
    (0..span.parts())
        .filter_map(|place| {
            let part = span.part(place).filter(|part| part.has_begun(today))?;
            let row = rows.iter().find(|row| row.place == place);
            Some(Bar {
                short: short(part),
                name: title::name(part),
                parts: row.map(parts).unwrap_or_default(),
                before: row.filter(|_| compared).and_then(|row| row.year_before).map(|before| before.kwh),
                running: part.has_begun(today) && !part.is_over(today),
            })
        })
        .collect()
}

/// The registers of a bar from the foot up, or its undivided sum.
fn parts(row: &Row) -> Vec<(Register, Quantity)> {
    match &row.registers {
        Some(registers) => Period::ALL.map(|period| (register(period), period.register(registers))).to_vec(),
        None => vec![(Register::Total, row.total)],
    }
}

fn short(part: Span) -> String {
    match part {
        Span::Month(month) => format::month_short(language(), month),
        Span::Day(day) => day.day().to_string(),
        Span::Year(year) => year.to_string(),
    }
}

/// A day's values by quarter-hour.
struct Curve {
    values: Vec<Option<Quantity>>,
    before: Vec<Option<Quantity>>,
}

fn curve(rows: &[Row]) -> Curve {
    let at = |place: usize| rows.iter().find(|row| row.place == place);
    Curve {
        values: (0..96).map(|place| at(place).map(|row| row.max_kw)).collect(),
        before: (0..96).map(|place| at(place).and_then(|row| row.year_before).map(|before| before.max_kw)).collect(),
    }
}

/// The time of each quarter-hour.
fn names() -> Vec<String> {
    (0..96).map(|quarter| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15)).collect()
}

fn bands(day: Date) -> Vec<Band> {
    tou::day(day.month())
        .into_iter()
        .map(|stretch| Band { register: register(stretch.period), start: stretch.from, end: stretch.to })
        .collect()
}
