//! Bills and alarms of a customer, over the list.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_wants},
    views::{
        customers::{AlarmList, BillTable},
        parts::{customer_page, shown},
    },
};

/// Which of the two is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Bills,
    Alarms,
}

/// Bills, which can be sent again, and alarms with what was acknowledged.
///
/// - `customer`: whose.
/// - `onclose`: it is not wanted any more.
#[component]
pub(super) fn BillsDialog(customer: CustomerNo, onclose: EventHandler<()>) -> Element {
    use_wants(vec![Topic::Bills(customer.clone()), Topic::Alarms(customer.clone())]);
    let mut side = use_signal(|| Side::Bills);
    let desk = use_desk();
    let bills = desk.bills().read().get(&customer).cloned().unwrap_or_default();
    let alarms = desk.alarms().read().get(&customer).cloned().unwrap_or_default();
    let choices =
        vec![Choice::new(Side::Bills, t!("customers-bills")), Choice::new(Side::Alarms, t!("customers-alarms"))];
    rsx! {
        Dialog {
            title: t!("arrears-of", customer = customer.as_str()),
            wide: true,
            onclose,
            testid: "bills-dialog",
            actions: rsx! {
                Link { class: ButtonKind::Secondary.class(), to: customer_page(&customer), {t!("arrears-to-customer")} }
                Button { kind: ButtonKind::Primary, testid: "bills-close", onclick: move |_| onclose.call(()), {t!("kit-close")} }
            },
            Tabs { label: t!("arrears-sides"), choices, value: side(), onchange: move |value| side.set(value),
                div { class: "dialog-list dense",
                    match side() {
                        Side::Bills => shown(&bills, Topic::Bills(customer.clone()), t!("customers-bills-loading"), Shape::Rows, |list| {
                            if list.items.is_empty() {
                                rsx! {
                                    p { class: "muted", {t!("customers-bills-none")} }
                                }
                            } else {
                                rsx! {
                                    BillTable { customer: customer.clone(), list: list.clone() }
                                }
                            }
                        }),
                        Side::Alarms => shown(&alarms, Topic::Alarms(customer.clone()), t!("customers-alarms-loading"), Shape::Rows, |list| rsx! {
                            AlarmList { alarms: list.items.clone() }
                        }),
                    }
                }
            }
        }
    }
}
