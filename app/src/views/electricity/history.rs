//! The history of a meter: one stretch at a time, as chart or table, with the way into its parts.

use dioxus::prelude::*;
use gridkey_client::app::{Section, Topic};
use gridkey_domain::{
    MeterId, Month,
    usage::{Registers, UsagePoint},
};
use gridkey_kit::{chart::Legend, prelude::*};
use std::collections::BTreeMap;

use super::{
    chart::SpanChart,
    demand::series,
    path::Path,
    registers::register,
    table::{SpanTable, csv},
    title,
    wants::{WantBills, WantSeries},
};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    logic::{
        energy::{Row, change, compare, month_registers, rows, total},
        span::Span,
        tou::Period,
    },
    route::{HistoryPlace, Route},
    store::AppState,
    views::parts::{self, SaveTable, use_today},
};

/// The history of a meter, beginning with the present year. Each stretch is a place of its own, so that the way back leads through
/// those that were seen.
///
/// - `meter`: the meter.
/// - `at`: the stretch.
#[component]
pub(super) fn History(meter: ReadSignal<MeterId>, at: ReadSignal<HistoryPlace>) -> Element {
    let app = use_app();
    let today = use_today();
    let navigator = use_navigator();
    let span = use_memo(move || at().0.unwrap_or_else(|| Span::Year(today().year())));
    let go = use_callback(move |span: Span| {
        navigator.push(Route::Electricity { at: HistoryPlace(Some(span)) });
    });
    let mut compared = use_signal(|| false);
    let query = span().query(&meter.read());
    let before = span().year_before().comparison_query(&meter.read());
    use_want(Topic::Series(query.clone()));
    let found: Section<Vec<UsagePoint>> = series(app, &query);
    let earlier = compared().then(|| series(app, &before));
    rsx! {
        Card { title: t!("electricity-history"), testid: "history",
            div { class: "toolbar",
                Path { span: span(), today: today(), onchange: go }
                Checkbox {
                    label: t!("electricity-compare"),
                    checked: compared(),
                    onchange: move |on| compared.set(on),
                    testid: "compare",
                }
            }
            if compared() {
                WantSeries { query: before }
            }
            if let Span::Year(year) = span() {
                WantBills { meter: meter(), year }
            }
            {parts::shown(&found, Topic::Series(query), t!("electricity-loading-history"), Shape::Chart, |points| {
                if points.is_empty() {
                    return rsx! {
                        Empty {
                            icon: IconName::Chart,
                            title: t!("electricity-no-readings"),
                            text: if span().has_begun(today()) {
                                t!("electricity-no-readings-text")
                            } else {
                                t!("electricity-not-begun")
                            },
                        }
                    };
                }
                let mut rows = rows(span(), points, &registers(app, &meter.read()));
                if let Some(points) = earlier.as_ref().and_then(Section::get) {
                    compare(&mut rows, span(), points);
                }
                rsx! {
                    Shown {
                        span: span(),
                        meter: meter(),
                        rows,
                        compared: compared(),
                        waits: earlier.as_ref().is_some_and(Section::is_first_load),
                        onopen: go,
                    }
                }
            })}
        }
    }
}

/// The registers of months, from the bills and the running month as far as they are known.
fn registers(app: Store<AppState>, meter: &MeterId) -> BTreeMap<Month, Registers> {
    let bills = app.bill();
    let bills = bills.read();
    let usage = app.usage()();
    let known = bills.values().filter_map(|section| section.get().map(|view| &view.bill));
    month_registers(meter, known, usage.get())
}

/// A stretch with its sums, as chart or table.
///
/// - `span`: the stretch.
/// - `meter`: the meter.
/// - `rows`: its parts.
/// - `compared`: the year before is shown too.
/// - `waits`: the year before is being loaded.
/// - `onopen`: go into this part.
#[component]
fn Shown(
    span: Span,
    meter: MeterId,
    rows: Vec<Row>,
    compared: bool,
    waits: bool,
    onopen: EventHandler<Span>,
) -> Element {
    let before = compared.then(|| t!("electricity-year-before"));
    let split = rows.iter().any(|row| row.registers.is_some());
    let sharp = rows.iter().any(|row| row.registers.is_some_and(|registers| registers.sharp.units() > 0));
    let periods = Period::ALL.into_iter().filter(|period| split && (sharp || *period != Period::Sharp));
    let drawn = periods.map(register).collect::<Vec<_>>();
    let (headings, lines) = csv(span, &rows, compared);
    let file = t!("electricity-file", meter = meter.as_str(), span = span.to_string());
    rsx! {
        ChartFrame {
            title: title::heading(span),
            legend: rsx! { Legend { registers: drawn, before } },
            table: rsx! { SpanTable { span, rows: rows.clone(), compared, onopen } },
            testid: "history-chart",
            SpanChart { span, rows: rows.clone(), compared, onopen }
        }
        div { class: "chart-foot",
            Summary { span, rows, compared, waits }
            SaveTable { name: file, headings, rows: lines }
        }
        match span {
            Span::Year(_) => rsx! { p { class: "field-hint", {t!("electricity-drill-month")} } },
            Span::Month(_) => rsx! {
                p { class: "field-hint",
                    {t!("electricity-drill-day")}
                    " · "
                    {t!("electricity-rounding")}
                }
            },
            Span::Day(_) => rsx! {},
        }
    }
}

/// The sum, the maximum with its time, and the change against a year earlier.
///
/// - `span`: the stretch.
/// - `rows`: its parts.
/// - `compared`: the year before is shown too.
/// - `waits`: the year before is being loaded.
#[component]
fn Summary(span: Span, rows: Vec<Row>, compared: bool, waits: bool) -> Element {
    let language = language();
    let today = use_today();
    let whole = |row: &Row| span.part(row.place).is_none_or(|part| part.is_over(today()));
    let Some(sum) = total(&rows, whole) else { return rsx! {} };
    let partly = compared && rows.iter().any(|row| !whole(row));
    let highest = rows.iter().reduce(|best, row| if row.max_kw > best.max_kw { row } else { best });
    let against = sum.compared.and_then(|(now, then)| change(now, then));
    rsx! {
        p { class: "summary", role: "status", "data-testid": "history-summary",
            strong { {t!("electricity-total", kwh = format::kwh(language, sum.kwh))} }
            if let Some(row) = highest {
                " · "
                {t!("electricity-max", kw = format::kw(language, row.max_kw), at = title::part(span, row))}
            }
            if compared {
                " · "
                match against {
                    _ if waits => t!("electricity-loading-comparison"),
                    None => t!("electricity-no-comparison"),
                    Some(0) => t!("electricity-same"),
                    Some(less @ ..0) => t!("electricity-less", percent = tenths(language, less.saturating_neg())),
                    Some(more) => t!("electricity-more", percent = tenths(language, more)),
                }
                if partly && against.is_some() {
                    " "
                    match span {
                        Span::Year(_) => t!("electricity-whole-months"),
                        Span::Month(_) | Span::Day(_) => t!("electricity-whole-days"),
                    }
                }
            }
        }
    }
}

/// Tenths of a percent.
fn tenths(language: Language, tenths: i64) -> String {
    format::percent(language, tenths.saturating_mul(10))
}
