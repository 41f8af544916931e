//! Bills: the list and the bill with its lines.

use dioxus::prelude::*;
use gridkey_domain::BillId;

/// All bills.
#[component]
pub fn Bills() -> Element {
    rsx! { h1 { "Bills" } }
}

/// One bill with its lines.
#[component]
pub fn BillPage(id: BillId) -> Element {
    rsx! { h1 { "Bill" } }
}
