//! Making a customer.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

/// A form for a new customer and its meters.
#[component]
pub fn NewCustomer() -> Element {
    rsx! {
        Page { title: t!("admin-place-new-customer"), narrow: true, testid: "new-customer" }
    }
}
