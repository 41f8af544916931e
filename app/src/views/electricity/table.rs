//! A stretch as a table, on the screen and as CSV.

use dioxus::prelude::*;
use gridkey_domain::Quantity;
use gridkey_kit::{chart::RegisterName, prelude::*};

use super::{registers::register, title};
use crate::logic::{energy::Row as Part, span::Span, tou::Period};

/// A column of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figures {
    Register(Period),
    Energy,
    Reactive,
    Demand,
    Factor,
    EnergyBefore,
    DemandBefore,
}

impl Figures {
    /// The columns of a stretch, in order.
    fn of(span: Span, compared: bool) -> Vec<Self> {
        let mut columns = match span {
            Span::Day(_) => vec![Self::Demand, Self::Energy, Self::Reactive],
            Span::Year(_) | Span::Month(_) => {
                let mut columns: Vec<_> = Period::ALL.into_iter().map(Self::Register).collect();
                columns.extend([Self::Energy, Self::Demand, Self::Factor]);
                columns
            }
        };
        if compared {
            columns.push(if matches!(span, Span::Day(_)) { Self::DemandBefore } else { Self::EnergyBefore });
        }
        columns
    }

    fn heading(self, span: Span) -> String {
        match self {
            Self::Register(Period::Valley) => t!("electricity-column-valley"),
            Self::Register(Period::Flat) => t!("electricity-column-flat"),
            Self::Register(Period::Peak) => t!("electricity-column-peak"),
            Self::Register(Period::Sharp) => t!("electricity-column-sharp"),
            Self::Energy if matches!(span, Span::Day(_)) => t!("electricity-column-kwh"),
            Self::Energy => t!("electricity-column-total"),
            Self::Reactive => t!("electricity-column-kvarh"),
            Self::Demand if matches!(span, Span::Day(_)) => t!("electricity-column-kw"),
            Self::Demand => t!("electricity-column-max"),
            Self::Factor => t!("electricity-column-pf"),
            Self::EnergyBefore => t!("electricity-column-before"),
            Self::DemandBefore => t!("electricity-column-before-kw"),
        }
    }

    fn value(self, part: &Part) -> Option<Quantity> {
        match self {
            Self::Register(period) => part.registers.as_ref().map(|registers| period.register(registers)),
            Self::Energy => Some(part.total),
            Self::Reactive => Some(part.kvarh),
            Self::Demand => Some(part.max_kw),
            Self::Factor => Some(part.power_factor()),
            Self::EnergyBefore => part.year_before.map(|before| before.kwh),
            Self::DemandBefore => part.year_before.map(|before| before.max_kw),
        }
    }
}

fn first_heading(span: Span) -> String {
    match span {
        Span::Year(_) => t!("electricity-column-month"),
        Span::Month(_) => t!("electricity-column-day"),
        Span::Day(_) => t!("electricity-column-time"),
    }
}

/// The stretch as headings and lines of a file: dates as `2026-11-22`, numbers without grouping.
pub(super) fn csv(span: Span, parts: &[Part], compared: bool) -> (Vec<String>, Vec<Vec<String>>) {
    let columns = Figures::of(span, compared);
    let by_time = matches!(span, Span::Day(_));
    let mut headings = vec![first_heading(span)];
    if by_time {
        headings.push(t!("electricity-column-period"));
    }
    headings.extend(columns.iter().map(|column| column.heading(span)));
    let line = |part: &Part| {
        let first = match span.part(part.place) {
            Some(inner) => inner.to_string(),
            None => part.start.civil().strftime("%Y-%m-%d %H:%M").to_string(),
        };
        let mut line = vec![first];
        if by_time {
            line.push(register(Period::at(part.start)).name());
        }
        line.extend(columns.iter().map(|column| column.value(part).map(|value| value.to_string()).unwrap_or_default()));
        line
    };
    (headings, parts.iter().map(line).collect())
}

/// The stretch as a table; the first cell of a month or day leads into it.
///
/// - `span`: the stretch.
/// - `rows`: its parts.
/// - `compared`: the year before is shown too.
/// - `onopen`: go into this part.
#[component]
pub(super) fn SpanTable(span: Span, rows: Vec<Part>, compared: bool, onopen: EventHandler<Span>) -> Element {
    let figures = Figures::of(span, compared);
    let by_time = matches!(span, Span::Day(_));
    let mut columns = vec![Column::text(first_heading(span))];
    if by_time {
        columns.push(Column::text(t!("electricity-column-period")));
    }
    columns.extend(figures.iter().map(|column| Column::number(column.heading(span))));
    rsx! {
        Table { caption: title::caption(span), columns, testid: "history-table",
            for part in rows {
                Row {
                    key: "{part.place}",
                    onopen: span.part(part.place).map(|inner| EventHandler::new(move |()| onopen.call(inner))),
                    Cell { header: true,
                        if let Some(inner) = span.part(part.place) {
                            LinkButton {
                                label: t!("electricity-open-part", part = title::name(inner)),
                                onclick: move |event: MouseEvent| {
                                    event.stop_propagation();
                                    onopen.call(inner);
                                },
                                {title::name(inner)}
                            }
                        } else {
                            {title::part(span, &part)}
                        }
                    }
                    if by_time {
                        Cell { column: t!("electricity-column-period"),
                            RegisterName { register: register(Period::at(part.start)) }
                        }
                    }
                    for (place , column) in figures.iter().enumerate() {
                        Cell { key: "{place}", column: column.heading(span), numeric: true,
                            {column.value(&part).map_or_else(|| "–".to_owned(), format::quantity)}
                        }
                    }
                }
            }
        }
    }
}
