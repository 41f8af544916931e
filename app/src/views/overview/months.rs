//! Twelve months of energy by time of use: eleven or twelve bills and the running month.

use std::collections::BTreeMap;

use dioxus::prelude::*;
use gridkey_client::app::{Section, Topic};
use gridkey_domain::{BillId, Month, Quantity, usage::Registers};
use gridkey_kit::{
    chart::{Bar, Register, StackedBars},
    prelude::*,
};

use super::part::part;
use crate::{
    context::{AppStateStoreExt as _, use_app, use_wants},
    store::AppState,
    views::parts::use_today,
};

/// How many months are shown, the running one among them.
const MONTHS: usize = 12;

/// The bars. They come from the bills, so they are there offline too.
#[component]
pub(super) fn Months() -> Element {
    let app = use_app();
    let running = Month::of(use_today()());
    let bills = app.bills().cloned();
    let shown: Vec<(Month, BillId)> =
        recent(running, bills.get().into_iter().flatten().map(|bill| (bill.month, bill.bill.clone())));
    use_wants(shown.iter().map(|(_, bill)| Topic::Bill(bill.clone())).collect());
    part(&bills, Topic::Bills, t!("overview-loading-months"), Shape::Chart, |_| {
        let (months, waiting) = registers(app, running, &shown);
        if months.is_empty() {
            return if waiting > 0 {
                rsx! { Skeleton { what: t!("overview-loading-months"), shape: Shape::Chart } }
            } else {
                rsx! { Empty { icon: IconName::Chart, title: t!("overview-months-none"), text: t!("overview-months-none-text") } }
            };
        }
        let bars: Vec<Bar> =
            months.iter().map(|(month, registers)| bar(*month, registers, *month == running)).collect();
        rsx! {
            ChartFrame {
                title: t!("overview-months"),
                unit: t!("overview-months-unit"),
                table: rsx! { MonthTable { bars: bars.clone() } },
                testid: "months",
                StackedBars {
                    label: t!("overview-months-label", count = bars.len()),
                    bars,
                    unit: t!("unit-mwh"),
                    height: 132,
                    width: 630,
                }
                if waiting > 0 {
                    p { class: "card-note", role: "status", {t!("overview-months-waiting", count = waiting)} }
                }
            }
        }
    })
}

/// The bills of the months before the running one that have room beside it.
fn recent(running: Month, bills: impl Iterator<Item = (Month, BillId)>) -> Vec<(Month, BillId)> {
    let first = (1..MONTHS).fold(running, |month, _| month.previous());
    bills.filter(|(month, _)| (first..running).contains(month)).collect()
}

/// Energy by month, oldest first, as far as it is known, and how many bills are not.
fn registers(app: Store<AppState>, running: Month, shown: &[(Month, BillId)]) -> (BTreeMap<Month, Registers>, usize) {
    let (known, usage) = (app.bill(), app.usage());
    let (known, usage) = (known.read(), usage.read());
    let mut months: BTreeMap<Month, Registers> = BTreeMap::new();
    let mut waiting = 0;
    for (month, id) in shown {
        match known.get(id).and_then(Section::get) {
            Some(view) => add(months.entry(*month).or_default(), &view.bill.kwh),
            None => waiting += 1,
        }
    }
    for meter in usage.get().into_iter().filter(|usage| usage.month == running).flat_map(|usage| &usage.meters) {
        add(months.entry(running).or_default(), &meter.kwh);
    }
    (months, waiting)
}

fn add(sum: &mut Registers, more: &Registers) {
    let added = |a: Quantity, b: Quantity| a.checked_add(b).unwrap_or(a);
    sum.sharp = added(sum.sharp, more.sharp);
    sum.peak = added(sum.peak, more.peak);
    sum.flat = added(sum.flat, more.flat);
    sum.valley = added(sum.valley, more.valley);
    sum.total = added(sum.total, more.total);
}

fn bar(month: Month, kwh: &Registers, running: bool) -> Bar {
    let mwh = |kwh: Quantity| Quantity::from_units(kwh.units() / 1_000);
    let language = language();
    Bar {
        short: format::month_short(language, month),
        name: format::month(language, month),
        parts: vec![
            (Register::Valley, mwh(kwh.valley)),
            (Register::Flat, mwh(kwh.flat)),
            (Register::Peak, mwh(kwh.peak)),
            (Register::Sharp, mwh(kwh.sharp)),
        ],
        before: None,
        running,
    }
}

/// The bars as a table.
///
/// - `bars`: the bars.
#[component]
fn MonthTable(bars: Vec<Bar>) -> Element {
    let mut columns = vec![Column::text(t!("overview-months-month"))];
    columns.extend(Register::ALL.map(|register| Column::number(register.name())));
    columns.push(Column::number(t!("kit-chart-total")));
    rsx! {
        Table { caption: t!("overview-months"), columns,
            for bar in bars {
                Row { key: "{bar.name}",
                    Cell { header: true, {bar.name.clone()} }
                    for (register , value) in bar.parts.clone() {
                        Cell { key: "{register:?}", numeric: true, column: register.name(), {format::quantity_short(value)} }
                    }
                    Cell { numeric: true, column: t!("kit-chart-total"), {format::quantity_short(bar.total())} }
                }
            }
        }
    }
}
