//! Whom to call, and the questions people have.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::context::{AppStateStoreExt as _, use_app};

/// A lost key first; then PIN, payments and network.
#[component]
pub fn Help() -> Element {
    let company = use_app().company().cloned();
    let name = company.name.clone().unwrap_or_else(|| t!("help-company"));
    rsx! {
        Page { title: t!("help-title"), subtitle: name, narrow: true, testid: "help",
            div { class: "stack",
                Card { title: t!("help-lost-title"),
                    p { {t!("help-lost-text")} }
                    match company.support {
                        Some(number) => rsx! {
                            p { class: "help-number", "data-testid": "support",
                                Icon { name: IconName::Phone, size: 24 }
                                span { class: "visually-hidden", {t!("help-lost-number")} }
                                strong { class: "figure-value", {number} }
                            }
                        },
                        None => rsx! {
                            p { class: "help-number", {t!("help-number-none")} }
                        },
                    }
                    h3 { class: "card-subtitle", {t!("help-lost-steps")} }
                    ol { class: "help-steps",
                        li { {t!("help-lost-step-1")} }
                        li { {t!("help-lost-step-2")} }
                        li { {t!("help-lost-step-3")} }
                    }
                }
                Card { title: t!("help-pin-title"), p { {t!("help-pin-text")} } }
                Card { title: t!("help-pay-title"), p { {t!("help-pay-text")} } }
                Card { title: t!("help-offline-title"), p { {t!("help-offline-text")} } }
            }
        }
    }
}
