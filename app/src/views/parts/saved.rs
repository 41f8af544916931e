//! Saving a table that is on the screen as a file of the person.

use std::path::PathBuf;

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::{context::use_platform, logic::csv};

/// What came of saving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It lies here.
    At(PathBuf),
    /// It could not be written.
    Failed,
}

/// A button that saves a table as CSV, and says where it lies then.
///
/// - `name`: the file's name.
/// - `headings`, `rows`: the table.
/// - `disabled`: there is nothing to save.
#[component]
pub fn SaveTable(
    #[props(into)] name: String,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    #[props(default)] disabled: bool,
) -> Element {
    let platform = use_platform();
    let mut saved = use_signal(|| None::<Saved>);
    let save = {
        let platform = platform.clone();
        move |_| {
            let written = platform.files.save(&name, csv::text(&headings, &rows).as_bytes());
            if let Err(error) = &written {
                tracing::warn!(%error, "a table was not saved");
            }
            saved.set(Some(written.map_or(Saved::Failed, Saved::At)));
        }
    };
    rsx! {
        div { class: "save-table",
            Button { icon: IconName::Download, small: true, disabled, onclick: save, testid: "save-csv",
                {t!("electricity-export")}
            }
            span { class: "save-table-result", role: "status",
                match saved() {
                    None => rsx! {},
                    Some(Saved::Failed) => rsx! {
                        span { class: "field-error", {t!("electricity-export-failed")} }
                    },
                    Some(Saved::At(path)) => {
                        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                        let platform = platform.clone();
                        rsx! {
                            LinkButton {
                                onclick: move |_| {
                                    if let Err(error) = platform.files.show(&path) {
                                        tracing::warn!(%error, "the folder was not shown");
                                    }
                                },
                                {t!("electricity-export-done", file = file)}
                            }
                        }
                    }
                }
            }
        }
    }
}
