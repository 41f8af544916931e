//! Tables that become a list of blocks on a narrow screen.

use dioxus::prelude::*;

/// A column's heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its words.
    pub label: String,
    /// It holds figures, set to the right.
    pub numeric: bool,
    /// Its words are only for those who do not see the table: a column of buttons.
    pub hidden: bool,
}

impl Column {
    /// A column of words.
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false, hidden: false }
    }

    /// A column of figures.
    pub fn number(label: impl Into<String>) -> Self {
        Self { numeric: true, ..Self::text(label) }
    }

    /// A column whose heading is not seen.
    pub fn hidden(label: impl Into<String>) -> Self {
        Self { hidden: true, ..Self::text(label) }
    }
}

/// A table of [`Row`]s of [`Cell`]s. The roles are said again because the narrow layout takes the elements' own away.
///
/// - `caption`: what it lists.
/// - `caption_shown`: the caption is seen, not only read out.
/// - `columns`: the headings.
/// - `plain`: stays a table on a narrow screen: two or three short columns.
/// - `testid`: its name for tests.
#[component]
pub fn Table(
    #[props(into)] caption: String,
    #[props(default)] caption_shown: bool,
    columns: Vec<Column>,
    #[props(default)] plain: bool,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    rsx! {
        table { class: "table", class: if !plain { "table-stack" }, role: "table", "data-testid": testid,
            caption { class: if !caption_shown { "visually-hidden" }, {caption} }
            thead { role: "rowgroup",
                tr { role: "row",
                    for (index , column) in columns.into_iter().enumerate() {
                        th {
                            key: "{index}",
                            scope: "col",
                            role: "columnheader",
                            class: if column.numeric { "numeric" },
                            if column.hidden {
                                span { class: "visually-hidden", {column.label} }
                            } else {
                                {column.label}
                            }
                        }
                    }
                }
            }
            tbody { role: "rowgroup", {children} }
        }
    }
}

/// A row of a [`Table`].
///
/// - `strong`: a sum.
/// - `onopen`: a press anywhere in the row does what the link in it does. The link is there for the keyboard and for screen readers;
///   it keeps its own press to itself, and so does a cell of controls ([`Cell`]'s `apart`).
/// - `testid`: its name for tests.
#[component]
pub fn Row(
    #[props(default)] strong: bool,
    onopen: Option<EventHandler<()>>,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    let class = match (strong, onopen.is_some()) {
        (false, false) => None,
        (true, false) => Some("is-strong"),
        (false, true) => Some("row-opens"),
        (true, true) => Some("is-strong row-opens"),
    };
    let open = move |_: MouseEvent| {
        if let Some(onopen) = onopen {
            onopen.call(());
        }
    };
    rsx! {
        tr { role: "row", class, "data-testid": testid, onclick: open, {children} }
    }
}

/// A cell of a [`Row`].
///
/// - `column`: the column's heading again, shown before the value on a narrow screen.
/// - `numeric`: it holds a figure.
/// - `header`: it names its row.
/// - `apart`: it holds controls of its own: what is pressed there does not open the row.
#[component]
pub fn Cell(
    #[props(into)] column: Option<String>,
    #[props(default)] numeric: bool,
    #[props(default)] header: bool,
    #[props(default)] apart: bool,
    children: Element,
) -> Element {
    let class = if numeric { "numeric" } else { "" };
    rsx! {
        if header {
            th { scope: "row", role: "rowheader", class, {children} }
        } else {
            td {
                role: "cell",
                class,
                "data-column": column,
                onclick: move |event| {
                    if apart {
                        event.stop_propagation();
                    }
                },
                {children}
            }
        }
    }
}
