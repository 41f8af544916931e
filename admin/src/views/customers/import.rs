//! Making customers from a file.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

/// A file of customers and meters, checked before anything is sent.
#[component]
pub fn ImportCustomers() -> Element {
    rsx! {
        Page { title: t!("admin-place-import"), testid: "import" }
    }
}
