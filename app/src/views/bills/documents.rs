//! A bill as a file, in the forms that the server offers.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Doing};
use gridkey_domain::BillId;
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    logic::forms,
};

/// A button for each form that is offered.
///
/// - `bill`: the bill.
/// - `documents`: the forms that the server offers.
#[component]
pub(super) fn Documents(bill: BillId, documents: Vec<String>) -> Element {
    let app = use_app();
    let send = use_send();
    let online = app.connection().read().is_online();
    let busy = *app.fetching().read() == Doing::Busy;
    rsx! {
        Card { title: t!("bills-documents"),
            ul { class: "choices",
                for form in forms::offered(&documents) {
                    li { key: "{form.format}", class: "choice-row",
                        span { class: "choice-text",
                            {form.label()}
                            span { class: "cell-meta", {form.purpose()} }
                        }
                        Button {
                            small: true,
                            icon: form.icon(),
                            busy,
                            disabled: !online,
                            label: t!("bills-form-save", form = form.label()),
                            testid: "document-{form.format}",
                            onclick: {
                                let (send, bill, format) = (send.clone(), bill.clone(), form.format.clone());
                                move |_| send.send(Command::Document { bill: bill.clone(), format: format.clone() })
                            },
                            {t!("do-save")}
                        }
                    }
                }
            }
            if !online {
                p { class: "field-hint", {t!("bills-form-offline")} }
            }
        }
    }
}
