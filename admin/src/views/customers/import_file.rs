//! Choosing the file, and what it must hold.

use std::path::Path;

use dioxus::prelude::*;
use gridkey_desk::office::{Command, ImportCommand};
use gridkey_kit::prelude::*;

use super::import_words::expected;
use crate::{
    context::{use_platform, use_send},
    logic::template::{COLUMNS, MOST_BYTES, TEMPLATE},
    news::{About, News},
};

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unread {
    /// It is not there, or may not be read.
    Failed,
    /// It has more than [`MOST_BYTES`].
    Large,
}

/// A file to choose, or to name; the template; the columns.
#[component]
pub(super) fn ChooseFile() -> Element {
    let send = use_send();
    let mut path = use_signal(String::new);
    let mut unread = use_signal(|| None::<Unread>);
    let id = use_element_id();
    let mut read = move |name: String, content: Result<Vec<u8>, Unread>| match content {
        Ok(content) => send.send(Command::Import(ImportCommand::Read { name, content })),
        Err(why) => unread.set(Some(why)),
    };
    let by_choice = read.clone();
    let choose = move |event: FormEvent| {
        let file = event.files().into_iter().next();
        let mut take = by_choice.clone();
        async move {
            let Some(file) = file else { return };
            let content = if file.size() > MOST_BYTES {
                Err(Unread::Large)
            } else {
                file.read_bytes().await.map(|bytes| bytes.to_vec()).map_err(|_| Unread::Failed)
            };
            take(file.name(), content);
        }
    };
    let by_name = move |event: FormEvent| {
        event.prevent_default();
        let typed = path.peek().trim().to_owned();
        if !typed.is_empty() {
            let name = Path::new(&typed).file_name().map(|name| name.to_string_lossy().into_owned());
            read(name.unwrap_or_else(|| typed.clone()), load(Path::new(&typed)));
        }
    };
    let error = unread().map(|why| match why {
        Unread::Failed => t!("import-unread"),
        Unread::Large => t!("import-large", most = MOST_BYTES / 1_000_000),
    });
    rsx! {
        div { class: "split",
            div { class: "split-main",
                Card { title: t!("import-choose"), testid: "import-choose",
                    div { class: "import-drop",
                        span { class: "empty-icon", Icon { name: IconName::Table, size: 28 } }
                        p { class: "empty-title", {t!("import-file")} }
                        p { class: "empty-text", {t!("import-file-text")} }
                        label { class: "{ButtonKind::Primary.class()} import-button", r#for: "{id}-file", {t!("import-browse")} }
                        input {
                            id: "{id}-file",
                            class: "import-input",
                            r#type: "file",
                            accept: ".csv,text/csv",
                            "data-testid": "import-file",
                            onchange: choose,
                        }
                    }
                    form { class: "import-path", onsubmit: by_name,
                        Field {
                            label: t!("import-path"),
                            value: path(),
                            placeholder: t!("import-path-hint"),
                            error,
                            testid: "import-path",
                            oninput: move |value| {
                                path.set(value);
                                unread.set(None);
                            },
                        }
                        Button { submit: true, testid: "import-read", {t!("import-read")} }
                    }
                }
            }
            div { class: "split-side", Columns {} }
        }
    }
}

/// What the file must hold, and the template.
#[component]
fn Columns() -> Element {
    let platform = use_platform();
    let mut news = use_context::<News>();
    let save = move |_| {
        // Spreadsheets know UTF-8 by this mark.
        let content = format!("\u{feff}{TEMPLATE}");
        match platform.files.save("gridkey-customers.csv", content.as_bytes()) {
            Ok(path) => news.add(About::Saved(path)),
            Err(error) => {
                tracing::warn!(%error, "the template was not saved");
                news.add(About::NotSaved);
            }
        }
    };
    rsx! {
        Card { title: t!("import-columns"), testid: "import-columns",
            p { class: "small muted", {t!("import-columns-text")} }
            dl { class: "columns",
                for column in COLUMNS {
                    div { key: "{column}",
                        dt { class: "mono", {column} }
                        dd { {expected(column)} }
                    }
                }
            }
            div { class: "card-foot",
                Button { icon: IconName::Download, testid: "save-template", onclick: save, {t!("import-template")} }
            }
        }
    }
}

fn load(path: &Path) -> Result<Vec<u8>, Unread> {
    let size = std::fs::metadata(path).map_err(|_| Unread::Failed)?.len();
    if size > MOST_BYTES {
        return Err(Unread::Large);
    }
    std::fs::read(path).map_err(|_| Unread::Failed)
}
