//! What the running month costs so far.

use dioxus::prelude::*;
use gridkey_client::app::{Section, SeriesQuery, Step, Topic};
use gridkey_domain::{
    MeterId, Quantity,
    usage::{UsagePoint, UsageSummary},
};
use gridkey_kit::prelude::*;
use jiff::{ToSpan as _, civil::Date};

use super::part::part;
use crate::{
    context::{AppStateStoreExt as _, use_app, use_wants},
    logic::energy::change,
    store::AppState,
    views::{parts::use_today, shell::when},
};

/// Charge, days gone, energy, and the comparison with the month before up to the same day.
///
/// - `meters`: the customer's meters.
#[component]
pub(super) fn ThisMonth(meters: Vec<MeterId>) -> Element {
    let app = use_app();
    let today = use_today()();
    let queries: Vec<SeriesQuery> = meters.iter().map(|meter| days(meter, today)).collect();
    use_wants(queries.iter().cloned().map(Topic::Series).collect());
    let usage = app.usage().cloned();
    let compared = compare(app, &queries, today);
    // The age of the readings only; it need not be told anew each second.
    let now = *app.now().peek();
    rsx! {
        Card {
            title: t!("overview-month"),
            class: "span-5",
            testid: "this-month",
            aside: usage.get().map(|usage| rsx! {
                span { {t!("overview-month-days", day = day(usage, today), days = usage.month.days())} }
            }),
            {
                part(&usage, Topic::Usage, t!("overview-loading-month"), Shape::Figure, |usage| {
                    if usage.meters.is_empty() {
                        return rsx! {
                            Empty { icon: IconName::Electricity, title: t!("overview-month-none"), text: t!("overview-month-none-text") }
                        };
                    }
                    let (day, all) = (day(usage, today), usage.month.days());
                    let energy = usage.meters.iter().try_fold(Quantity::ZERO, |sum, meter| sum.checked_add(meter.kwh.total));
                    rsx! {
                        MoneyFigure { amount: usage.running, testid: "running" }
                        Progress {
                            label: t!("overview-month-progress"),
                            value: u32::from(day.unsigned_abs()),
                            max: u32::from(all.unsigned_abs()),
                            text: t!("overview-month-days", day = day, days = all),
                        }
                        p { class: "card-note",
                            if let Some(energy) = energy {
                                span { class: "numeric", {format::kwh(language(), energy)} }
                            }
                            if let Some((tenths, month)) = compared {
                                " · "
                                {comparison(tenths, &month)}
                            }
                        }
                        p { class: "card-note", {t!("overview-month-until", time = when(now, usage.at))} }
                    }
                })
            }
        }
    }
}

/// The day of the month that readings have come to.
fn day(usage: &UsageSummary, today: Date) -> i8 {
    if usage.month.first_day().first_of_month() == today.first_of_month() { today.day() } else { usage.month.days() }
}

/// The days of this month and the one before.
fn days(meter: &MeterId, today: Date) -> SeriesQuery {
    let from = today.first_of_month().yesterday().unwrap_or(today).first_of_month();
    SeriesQuery { meter: meter.clone(), from, to: today, resolution: Step::Day }
}

fn comparison(tenths: i64, month: &str) -> String {
    let percent = format::percent(language(), tenths.abs() * 10);
    match tenths {
        0 => t!("overview-month-same", month = month),
        ..0 => t!("overview-month-less", percent = percent, month = month),
        _ => t!("overview-month-more", percent = percent, month = month),
    }
}

/// How much more was used than in the month before, over the whole days of this month that are over; tenths of a percent. Only
/// if every one of those days was read in both months.
fn compare(app: Store<AppState>, queries: &[SeriesQuery], today: Date) -> Option<(i64, String)> {
    let series = app.series();
    let series = series.read();
    let (mut now, mut then) = (Quantity::ZERO, Quantity::ZERO);
    for query in queries {
        let points = series.get(query).and_then(Section::get)?;
        now = now.checked_add(until_yesterday(points, today.first_of_month(), today)?)?;
        then = then.checked_add(until_yesterday(points, query.from, today)?)?;
    }
    let tenths = change(now, then)?;
    let month = gridkey_domain::Month::of(queries.first()?.from);
    Some((tenths, format::month_name(language(), month)))
}

/// Energy from `first`, a first of a month, for as many days as are over in the month of `today`.
fn until_yesterday(points: &[UsagePoint], first: Date, today: Date) -> Option<Quantity> {
    let over = today.day() - 1;
    let end = first.checked_add(i64::from(over).days()).ok()?;
    let days: Vec<&UsagePoint> = points.iter().filter(|point| (first..end).contains(&point.start.date())).collect();
    if over == 0 || days.len() != usize::try_from(over).ok()? {
        return None;
    }
    days.into_iter().try_fold(Quantity::ZERO, |sum, point| sum.checked_add(point.kwh))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_same_days_of_both_months_are_compared() {
        let query = days(&fixture::meter(), fixture::now().date());
        let points = fixture::points(&query, fixture::read_until());
        let sum = |first| until_yesterday(&points, first, fixture::now().date());
        let (now, then) = (sum(jiff::civil::date(2026, 11, 1)), sum(jiff::civil::date(2026, 10, 1)));
        assert!(now.is_some() && then.is_some());
        assert_ne!(now, then);
    }

    #[test]
    fn a_gap_in_the_readings_makes_no_comparison() {
        let query = days(&fixture::meter(), fixture::now().date());
        let mut points = fixture::points(&query, fixture::read_until());
        points.remove(3);
        assert_eq!(until_yesterday(&points, query.from, fixture::now().date()), None);
    }

    #[test]
    fn the_first_of_a_month_has_nothing_to_compare() {
        assert_eq!(until_yesterday(&[], jiff::civil::date(2026, 11, 1), jiff::civil::date(2026, 11, 1)), None);
    }
}
