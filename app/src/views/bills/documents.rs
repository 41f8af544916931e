//! A bill as a file, in the forms of the table.

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
                            {t!(form.label)}
                            span { class: "cell-meta", {t!(form.purpose)} }
                        }
                        Button {
                            small: true,
                            icon: form.icon,
                            busy,
                            disabled: !online,
                            label: t!("bills-form-save", form = t!(form.label)),
                            testid: "document-{form.format}",
                            onclick: {
                                let (send, bill) = (send.clone(), bill.clone());
                                move |_| {
                                    send.send(Command::Document { bill: bill.clone(), format: form.format.to_owned() });
                                }
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
