//! What needs somebody, the gravest first; calm when nothing does.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::{
    AdminOp,
    admin::status::{ENDING_DAYS, Status as Figures},
};

use super::health::part_name;
use crate::{
    context::use_may,
    logic::attention::{Concern, concerns},
    route::Route,
};

/// What needs somebody.
///
/// - `status`: the figures.
#[component]
pub(super) fn Heed(status: Figures) -> Element {
    let found = concerns(&status);
    if found.is_empty() {
        return rsx! {
            div { class: "calm", role: "status", "data-testid": "all-well",
                span { class: "calm-icon", Icon { name: IconName::Check, size: 20 } }
                div {
                    p { class: "calm-title", {t!("home-well")} }
                    p { class: "calm-text", {t!("home-well-text")} }
                }
            }
        };
    }
    rsx! {
        Card { title: t!("home-heed"), class: "heed", testid: "heed",
            ul { class: "heed-list", role: "status",
                for (place , concern) in found.into_iter().enumerate() {
                    ConcernRow { key: "{place}", concern }
                }
            }
        }
    }
}

/// One concern: what it is, what it means, and the way there.
///
/// - `concern`: the concern.
#[component]
fn ConcernRow(concern: Concern) -> Element {
    let tone = if concern.is_grave() { Tone::Danger } else { Tone::Warning };
    let may_audit = use_may(AdminOp::AuditList);
    let (title, text) = told(&concern);
    let way = match &concern {
        Concern::Unknown(_) => Some((Route::Payments {}, t!("home-way-payments"))),
        Concern::Refused(_) | Concern::NotLodged(_) if may_audit => Some((Route::Audit {}, t!("home-way-audit"))),
        Concern::Ending(_) => Some((Route::KeysEnding {}, t!("home-way-keys"))),
        _ => None,
    };
    let fault = match &concern {
        Concern::Part { fault, .. } => fault.clone(),
        _ => None,
    };
    rsx! {
        li { class: "heed-row {tone.class()}", "data-testid": "heed-{concern.word()}",
            span { class: "heed-icon",
                Icon { name: IconName::Warning, size: 18 }
            }
            div { class: "list-main",
                p { class: "heed-title", {title} }
                p { class: "heed-text", {text} }
                if let Some(fault) = fault {
                    p { class: "heed-fault code", {fault} }
                }
            }
            if let Some((to, words)) = way {
                Link { class: "button button-secondary button-small", to, {words} }
            }
        }
    }
}

/// A concern in words: what it is, and what it means.
fn told(concern: &Concern) -> (String, String) {
    let language = language();
    match concern {
        Concern::Part { name, .. } => {
            let what = part_name(name);
            let text = match name.as_str() {
                "hsm" => t!("home-heed-part-hsm"),
                "store" => t!("home-heed-part-store"),
                "platform" => t!("home-heed-part-platform"),
                _ => t!("home-heed-part-other"),
            };
            (t!("home-heed-part", what = what), text)
        }
        Concern::CrlOverdue(next) => {
            (t!("home-heed-crl-overdue"), t!("home-heed-crl-overdue-text", time = format::date_time(language, *next)))
        }
        Concern::NoCrl => (t!("home-heed-no-crl"), t!("home-heed-no-crl-text")),
        Concern::Unknown(count) => (t!("home-heed-unknown", count = *count), t!("home-heed-unknown-text")),
        Concern::Refused(count) => (t!("home-heed-refused", count = *count), t!("home-heed-refused-text")),
        Concern::NotLodged(Some(at)) => {
            (t!("home-heed-not-lodged", time = format::date_time(language, *at)), t!("home-heed-not-lodged-text"))
        }
        Concern::NotLodged(None) => (t!("home-heed-never-lodged"), t!("home-heed-not-lodged-text")),
        Concern::Ending(count) => {
            (t!("home-heed-ending", count = *count, days = ENDING_DAYS), t!("home-heed-ending-text"))
        }
    }
}
