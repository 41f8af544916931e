//! The rows of a file with their faults and what became of them.

use dioxus::prelude::*;
use gridkey_desk::office::{Import, ImportRow, RowResult};
use gridkey_kit::prelude::*;

use super::import_words::import_fault;
use crate::{
    logic::template::{RowFilter, rows, tally},
    route::Route,
    words,
};

/// Rows drawn at once.
const STEP: usize = 200;

/// The rows; those that need somebody can be shown alone.
///
/// - `import`: the import.
#[component]
pub(super) fn Rows(import: Import) -> Element {
    let mut filter = use_signal(|| None::<RowFilter>);
    let mut most = use_signal(|| STEP);
    let counts = tally(&import);
    let bad = counts.faulty + counts.failed;
    // Without a choice, what is wrong stands alone as long as there is any.
    let chosen = filter().unwrap_or(if bad > 0 { RowFilter::Bad } else { RowFilter::All });
    let found = rows(&import, chosen);
    let (count, some) = (found.len(), found.into_iter().take(most()).cloned().collect::<Vec<_>>());
    let choices = vec![
        Choice::new(RowFilter::Bad, t!("import-filter-bad", count = bad)),
        Choice::new(RowFilter::All, t!("import-filter-all", count = counts.all)),
    ];
    let columns = vec![
        Column::number(t!("import-line")),
        Column::text(t!("customers-column-number")),
        Column::text(t!("customers-column-name")),
        Column::number(t!("customers-meters")),
        Column::text(t!("import-result")),
    ];
    rsx! {
        Card { class: "card-flush dense", testid: "import-rows",
            Segmented {
                label: t!("import-filter"),
                choices,
                value: chosen,
                testid: "import-filter",
                onchange: move |value| filter.set(Some(value)),
            }
            if some.is_empty() {
                p { class: "muted import-none", {t!("import-none-bad")} }
            } else {
                Table { caption: t!("import-rows"), columns, testid: "import-table",
                    for row in some {
                        FileRow { key: "{row.line}", row }
                    }
                }
            }
            if count > most() {
                div { class: "list-foot",
                    span { class: "muted small", {t!("parts-shown-so-far", count = most())} }
                    Button { small: true, onclick: move |_| most += STEP, {t!("parts-more")} }
                }
            }
        }
    }
}

/// One customer of the file.
///
/// - `row`: the row.
#[component]
fn FileRow(row: ImportRow) -> Element {
    let there = matches!(row.result, RowResult::Made | RowResult::There);
    let customer = row.customer.parse().ok().filter(|_| there);
    rsx! {
        Row { testid: "import-row",
            Cell { column: t!("import-line"), numeric: true, "{row.line}" }
            Cell { header: true,
                match customer {
                    Some(no) => rsx! {
                        Link { class: "link", to: Route::Customer { no }, {row.customer.clone()} }
                    },
                    None => rsx! { {row.customer.clone()} },
                }
            }
            Cell { column: t!("customers-column-name"), {row.name.clone()} }
            Cell { column: t!("customers-meters"), numeric: true, "{row.meters}" }
            Cell { column: t!("import-result"),
                if row.faults.is_empty() {
                    Result { result: row.result.clone() }
                } else {
                    for (place , fault) in row.faults.iter().enumerate() {
                        span { key: "{place}", class: "cell-lines import-fault", {import_fault(fault)} }
                    }
                }
            }
        }
    }
}

/// What became of a row.
///
/// - `result`: that.
#[component]
fn Result(result: RowResult) -> Element {
    match result {
        RowResult::Waiting => rsx! {
            span { class: "muted", {t!("import-row-waiting")} }
        },
        RowResult::Running => rsx! { Badge { tone: Tone::Accent, {t!("import-row-running")} } },
        RowResult::Made => rsx! { Badge { tone: Tone::Good, icon: IconName::Check, {t!("import-row-made")} } },
        RowResult::There => rsx! { Badge { {t!("import-row-there")} } },
        RowResult::Failed(problem) => {
            let told = words::problem(&problem);
            rsx! {
                span { class: "cell-lines import-fault", {told.headline} }
                span { class: "cell-meta", {told.what_to_do} }
                if let Some(detail) = told.detail {
                    span { class: "cell-meta", {detail} }
                }
            }
        }
    }
}
