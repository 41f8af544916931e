//! The overview as a whole.

use std::collections::BTreeSet;

use dioxus::prelude::*;
use gridkey_client::app::Topic;
use gridkey_domain::MeterId;
use gridkey_kit::prelude::*;

use super::{
    alarms::Alarms, due::NextDue, factor::PowerFactor, heed::Heed, month::ThisMonth, months::Months,
    payments::Payments, today::Today,
};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_wants},
    store::AppState,
    views::shell::customer_name,
};

/// The first screen of the open account.
#[component]
pub fn Overview() -> Element {
    use_wants(vec![Topic::Account, Topic::Usage, Topic::Bills, Topic::Arrears, Topic::Alarms, Topic::Payments]);
    let app = use_app();
    let meters = meters(app);
    let subtitle = match (customer_name(app), app.customer().cloned()) {
        (Some(name), Some(customer)) => {
            Some(t!("overview-subtitle", name = name, customer = customer.as_str(), meters = meters.len()))
        }
        (None, Some(customer)) => Some(t!("shell-key-customer", customer = customer.as_str())),
        _ => None,
    };
    rsx! {
        Page { title: t!("overview-title"), subtitle, testid: "overview",
            Heed {}
            div { class: "grid overview",
                ThisMonth { meters: meters.clone() }
                NextDue {}
                PowerFactor {}
                Card { class: "span-8 overview-charts",
                    Today { meters: meters.clone() }
                    Months {}
                }
                Card { class: "span-4 overview-side",
                    Payments {}
                    Alarms {}
                }
            }
        }
    }
}

/// The customer's meters, as far as account or readings name them.
fn meters(app: Store<AppState>) -> Vec<MeterId> {
    let (account, usage) = (app.account(), app.usage());
    let (account, usage) = (account.read(), usage.read());
    let named = account.get().into_iter().flat_map(|account| account.meters.iter().map(|meter| meter.meter.clone()));
    let read = usage.get().into_iter().flat_map(|usage| usage.meters.iter().map(|meter| meter.meter.clone()));
    named.chain(read).collect::<BTreeSet<_>>().into_iter().collect()
}
