//! Names of stretches and their parts.

use gridkey_domain::Timestamp;
use gridkey_kit::prelude::*;

use crate::logic::{energy::Row, span::Span};

/// A stretch in words: "2026", "October 2026", "14 Oct 2026".
pub(super) fn name(span: Span) -> String {
    let language = language();
    match span {
        Span::Year(year) => t!("electricity-year", year = year.to_string()),
        Span::Month(month) => format::month(language, month),
        Span::Day(day) => format::date(language, day),
    }
}

/// The heading of its chart.
pub(super) fn heading(span: Span) -> String {
    match span {
        Span::Year(year) => t!("electricity-chart-year", year = year.to_string()),
        Span::Month(_) => t!("electricity-chart-month", month = name(span)),
        Span::Day(_) => t!("electricity-chart-day", date = name(span)),
    }
}

/// The caption of its table.
pub(super) fn caption(span: Span) -> String {
    match span {
        Span::Year(year) => t!("electricity-caption-year", year = year.to_string()),
        Span::Month(_) => t!("electricity-caption-month", month = name(span)),
        Span::Day(_) => t!("electricity-caption-day", date = name(span)),
    }
}

/// A part of a stretch in words: a month, a day, the quarter-hour "11:15–11:30".
pub(super) fn part(span: Span, row: &Row) -> String {
    match span.part(row.place) {
        Some(part) => name(part),
        None => quarter(row.start),
    }
}

/// A quarter-hour: "11:15–11:30".
fn quarter(start: Timestamp) -> String {
    let end = start.plus_seconds(900);
    let end = if end.date() == start.date() { format::time(end) } else { "24:00".to_owned() };
    format!("{}–{end}", format::time(start))
}
