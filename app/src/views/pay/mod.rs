//! Making an order: what, how much, from what, signed with the key.

use dioxus::prelude::*;

use crate::route::BillChoice;

/// Making an order.
#[component]
pub fn Pay(bills: BillChoice) -> Element {
    rsx! { h1 { "Pay" } }
}
