//! Payments: the list and the payment with its history and receipt.

use dioxus::prelude::*;
use gridkey_domain::PaymentId;

/// All payments.
#[component]
pub fn Payments() -> Element {
    rsx! { h1 { "Payments" } }
}

/// One payment with its history and receipt.
#[component]
pub fn PaymentPage(id: PaymentId) -> Element {
    rsx! { h1 { "Payment" } }
}
