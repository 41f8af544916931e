//! A customer's meters.

use dioxus::prelude::*;
use gridkey_domain::account::{Basic, Meter};
use gridkey_kit::prelude::*;

/// The meters.
///
/// - `meters`: them.
#[component]
pub(super) fn Meters(meters: Vec<Meter>) -> Element {
    rsx! {
        Card { title: t!("customers-meters"), aside: rsx! { {format::number(u64::try_from(meters.len()).unwrap_or(u64::MAX))} }, testid: "meters",
            if meters.is_empty() {
                p { class: "muted", {t!("customers-meters-none")} }
            } else {
                ul { class: "list",
                    for meter in meters {
                        li { key: "{meter.meter}",
                            div { class: "list-main",
                                p { class: "list-title", {meter.meter.to_string()} }
                                p { class: "list-meta", {basic(meter.basic)} }
                            }
                            div { class: "list-end numeric small muted",
                                {t!("customers-meter-size", capacity = format::quantity_short(meter.capacity_kva), voltage = format::quantity_short(meter.voltage_kv))}
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How the basic charge is reckoned, in words.
pub(super) fn basic(basic: Basic) -> String {
    match basic {
        Basic::Capacity => t!("customers-basic-capacity"),
        Basic::Demand => t!("customers-basic-demand"),
    }
}
