//! From a blank key in the reader to a bound key in the customer's hand.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_kit::prelude::*;

use crate::{context::use_want, route::{CustomerChoice, KeyChoice}};

/// The guided flow.
///
/// - `customer`: for whom, if that is known.
/// - `replaces`: in whose place, if in any.
#[component]
pub fn MakeKey(customer: CustomerChoice, replaces: KeyChoice) -> Element {
    use_want(Topic::Readers);
    let _ = (customer, replaces);
    rsx! {
        Page { title: t!("admin-place-make-key"), testid: "make-key" }
    }
}

/// A new PIN for a key in the reader.
#[component]
pub fn Unblock() -> Element {
    use_want(Topic::Readers);
    rsx! {
        Page { title: t!("admin-place-unblock"), testid: "unblock" }
    }
}
