//! The customer's meters.

use dioxus::prelude::*;
use gridkey_domain::account::{Basic, Meter};
use gridkey_kit::prelude::*;

/// The meters as a table.
///
/// - `meters`: the meters.
#[component]
pub(super) fn Meters(meters: Vec<Meter>) -> Element {
    let columns = vec![
        Column::text(t!("account-meter")),
        Column::text(t!("account-meter-basic")),
        Column::number(t!("account-meter-capacity")),
        Column::number(t!("account-meter-voltage")),
    ];
    rsx! {
        Card { title: t!("account-meters"),
            if meters.is_empty() {
                Empty { icon: IconName::Electricity, title: t!("account-meters-none"), text: t!("account-meters-none-text") }
            } else {
                Table { caption: t!("account-meters"), columns,
                    for meter in meters {
                        Row { key: "{meter.meter}",
                            Cell { header: true, {meter.meter.to_string()} }
                            Cell { column: t!("account-meter-basic"),
                                match meter.basic {
                                    Basic::Capacity => t!("account-basic-capacity"),
                                    Basic::Demand => t!("account-basic-demand"),
                                }
                            }
                            Cell { column: t!("account-meter-capacity"), numeric: true,
                                "{format::quantity_short(meter.capacity_kva)} {t!(\"unit-kva\")}"
                            }
                            Cell { column: t!("account-meter-voltage"), numeric: true,
                                "{format::quantity_short(meter.voltage_kv)} {t!(\"unit-kv\")}"
                            }
                        }
                    }
                }
            }
        }
    }
}
