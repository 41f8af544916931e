//! Sending a bill to its customer once more.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Deed, Doing};
use gridkey_domain::{BillId, CustomerNo};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::{AdminOp, admin::bills::BillPushBody};

use crate::context::{use_doing, use_may, use_send};

/// A button that sends the bill, and what came of it.
///
/// - `customer`: whose.
/// - `bill`: the bill.
#[component]
pub fn PushBill(customer: CustomerNo, bill: BillId) -> Element {
    let send = use_send();
    let doing = use_doing(&Deed::PushBill(bill.clone()));
    if !use_may(AdminOp::BillPush) {
        return rsx! {};
    }
    let sent = matches!(doing, Doing::Done(_));
    let label = if sent { t!("parts-push-again") } else { t!("parts-push") };
    rsx! {
        span { class: "push",
            if sent {
                span { class: "push-done", role: "status",
                    Icon { name: IconName::Check, size: 16 }
                    {t!("parts-pushed")}
                }
            }
            Button {
                small: true,
                kind: ButtonKind::Quiet,
                busy: doing.is_running(),
                label: t!("parts-push-label", action = label.as_str(), bill = bill.as_str()),
                testid: "push-{bill}",
                onclick: move |_| send.act(Act::PushBill(BillPushBody { customer: customer.clone(), bill: bill.clone() })),
                {label.clone()}
            }
        }
    }
}
