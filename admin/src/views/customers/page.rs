//! One customer.

use dioxus::prelude::*;
use gridkey_desk::office::{Case, PaymentQuery, Topic};
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::customers::CustomerDetail;

use super::{
    alarms::Alarms, bills::Bills, keys::Keys, meters::Meters, payments::Payments, profile::Profile, sessions::Sessions,
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_wants},
    route::Route,
    views::parts::{Evidence, customer_name, shown},
};

/// A customer with all that is known.
///
/// - `no`: its number.
#[component]
pub fn CustomerPage(no: ReadSignal<CustomerNo>) -> Element {
    use_wants(vec![
        Topic::Customer(no()),
        Topic::Bills(no()),
        Topic::Alarms(no()),
        Topic::Payments(PaymentQuery { customer: Some(no()), state: None }),
        Topic::Sessions,
    ]);
    let desk = use_desk();
    let customers = desk.customer();
    let section = customers.read().get(&no()).cloned().unwrap_or_default();
    let account = section.get().map(|detail| detail.account.clone());
    let title = account.as_ref().map_or_else(
        || t!("customers-one", number = no.read().as_str()),
        |account| customer_name(&account.name, &account.name_zh).to_owned(),
    );
    let subtitle = account.map(|_| t!("customers-one", number = no.read().as_str()));
    let case = Case { customer: Some(no()), payment: None };
    rsx! {
        Page {
            title,
            subtitle,
            testid: "customer",
            back: rsx! {
                Link { class: "link", to: Route::Customers {},
                    Icon { name: IconName::ChevronLeft, size: 16 }
                    {t!("customers-back")}
                }
            },
            aside: rsx! { Evidence { case } },
            {shown(&section, Topic::Customer(no()), t!("customers-one-loading"), Shape::Rows, |detail| rsx! {
                Parts { key: "{no}", detail: detail.clone() }
            })}
        }
    }
}

/// The cards of a customer.
///
/// - `detail`: the customer.
#[component]
fn Parts(detail: CustomerDetail) -> Element {
    let customer = detail.account.customer.clone();
    rsx! {
        div { class: "split split-desk",
            div { class: "split-main",
                Keys { customer: customer.clone(), keys: detail.keys.clone() }
                Bills { customer: customer.clone() }
                Payments { customer: customer.clone() }
            }
            div { class: "split-side",
                Profile { account: detail.account.clone() }
                Meters { meters: detail.account.meters.clone() }
                Sessions { customer: customer.clone() }
                Alarms { customer }
            }
        }
    }
}
