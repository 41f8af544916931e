//! Making customers from a file.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, ImportCommand, ImportState};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::AdminOp;

use super::{import_file::ChooseFile, import_rows::Rows, import_run::Standing};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_may, use_send},
    route::Route,
    views::parts::Barred,
};

/// From a file to customers: choose, see what is wrong with each row, make them, see what became of each.
#[component]
pub fn ImportCustomers() -> Element {
    if !use_may(AdminOp::CustomerCreate) {
        return rsx! { Barred { title: t!("import-title") } };
    }
    let desk = use_desk();
    let import = desk.import().cloned();
    let chosen = import.state != ImportState::None || !import.faults.is_empty();
    rsx! {
        Page {
            title: t!("import-title"),
            subtitle: t!("import-subtitle"),
            testid: "import",
            back: rsx! {
                Link { class: "link", to: Route::Customers {},
                    Icon { name: IconName::ChevronLeft, size: 16 }
                    {t!("customers-back")}
                }
            },
            aside: rsx! {
                if chosen && import.state != ImportState::Running {
                    Another {}
                }
            },
            if chosen {
                div { class: "stack",
                    Standing { import: import.clone() }
                    if !import.rows.is_empty() {
                        Rows { import }
                    }
                }
            } else {
                ChooseFile {}
            }
        }
    }
}

/// Leaves the file behind for another.
#[component]
fn Another() -> Element {
    let send = use_send();
    rsx! {
        Button { testid: "import-another", onclick: move |_| send.send(Command::Import(ImportCommand::Forget)),
            {t!("import-another")}
        }
    }
}
