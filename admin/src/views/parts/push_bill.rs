//! Sending a bill to its customer once more.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Deed, Doing};
use gridkey_domain::{BillId, CustomerNo};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::{AdminOp, admin::bills::BillPushBody};

use crate::context::{use_doing, use_may, use_send};

/// A button that sends the bill, and says that it was sent; pressed again it sends it again.
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
    let (words, full) = if sent {
        (t!("parts-pushed"), t!("parts-pushed-label", bill = bill.as_str()))
    } else {
        (t!("parts-push"), t!("parts-push-label", bill = bill.as_str()))
    };
    rsx! {
        Button {
            small: true,
            kind: ButtonKind::Quiet,
            icon: sent.then_some(IconName::Check),
            busy: doing.is_running(),
            label: full,
            testid: "push-{bill}",
            onclick: move |_| send.act(Act::PushBill(BillPushBody { customer: customer.clone(), bill: bill.clone() })),
            {words}
        }
    }
}
