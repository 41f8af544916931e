//! The frame of the gate: mark, card, whom to call, language and set-up.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    route::Route,
    views::shell::{LanguageSwitch, ThemeSwitch},
};

/// A card in the middle of the window.
///
/// - `title`: what is asked for.
/// - `text`: why, in a sentence.
/// - `testid`: its name for tests.
#[component]
pub fn GateCard(
    #[props(into)] title: String,
    #[props(into)] text: Option<String>,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    rsx! {
        main { class: "gate",
            Corner {}
            div { class: "gate-logo",
                Logo {}
                span { class: "desk-name", {t!("admin-name")} }
            }
            section { class: "card", "data-testid": testid,
                h1 { class: "gate-title", {title} }
                if let Some(text) = text {
                    p { class: "gate-text", {text} }
                }
                {children}
            }
            Lost {}
        }
    }
}

/// A screen that is open to all, around the gate: the set-up check.
#[component]
pub fn GatePage(children: Element) -> Element {
    rsx! {
        main { class: "gate-page",
            Corner {}
            div { class: "page page-narrow gate-back",
                Link { class: "link", to: Route::Home {},
                    Icon { name: IconName::ChevronLeft, size: 16 }
                    {t!("do-back")}
                }
            }
            {children}
        }
    }
}

/// Language and look.
#[component]
fn Corner() -> Element {
    rsx! {
        div { class: "gate-corner",
            LanguageSwitch {}
            ThemeSwitch {}
        }
    }
}

/// Whom to call when the key is lost, and the way to the set-up check.
#[component]
fn Lost() -> Element {
    let support = use_desk().company().read().support.clone();
    rsx! {
        footer { class: "gate-foot",
            p {
                match support {
                    Some(number) => t!("admin-gate-lost", number = number),
                    None => t!("admin-gate-lost-no-number"),
                }
            }
            p { class: "gate-links",
                Link { to: Route::Setup {}, {t!("gate-check-setup")} }
            }
        }
    }
}
