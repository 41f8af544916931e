//! From what an order is paid: the ways of the table.

use dioxus::prelude::*;
use gridkey_kit::{form::use_element_id, prelude::*};

use super::draft::Draft;
use crate::logic::order::{WAYS, Way};

/// The ways to pay that are offered.
///
/// - `draft`: the order.
#[component]
pub(super) fn Ways(draft: Draft) -> Element {
    rsx! {
        div { class: "ways", role: "radiogroup", "aria-label": t!("pay-from"),
            for way in WAYS.into_iter().filter(|way| way.offered) {
                WayRow { key: "{way.label}", way, draft }
            }
        }
    }
}

/// One way to pay.
///
/// - `way`: the way.
/// - `draft`: the order.
#[component]
fn WayRow(way: Way, draft: Draft) -> Element {
    let id = use_element_id();
    let Draft { mut method, .. } = draft;
    rsx! {
        label { class: "way", r#for: "{id}",
            input {
                id: "{id}",
                r#type: "radio",
                name: "way",
                checked: method() == way.method,
                "aria-describedby": "{id}-hint",
                onchange: move |_| method.set(way.method),
            }
            Icon { name: way.icon }
            span { class: "choice-text",
                {t!(way.label)}
                span { class: "cell-meta", id: "{id}-hint", {t!(way.hint)} }
            }
        }
    }
}
