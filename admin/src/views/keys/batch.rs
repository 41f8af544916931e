//! Many keys, one after the other.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_kit::prelude::*;

use crate::context::use_want;

/// A list of holders; each blank key that is plugged in becomes the next one's.
#[component]
pub fn Batch() -> Element {
    use_want(Topic::Readers);
    rsx! {
        Page { title: t!("admin-place-batch"), testid: "batch" }
    }
}
