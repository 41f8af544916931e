//! Keys being made elsewhere: so that nobody forgets a PIN letter.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use super::ways;
use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    logic::making::{is_over, letters_open},
};

/// Says that keys are being made, or that their papers wait, and leads there.
#[component]
pub(super) fn UnderWay() -> Element {
    let navigator = use_navigator();
    let Some(making) = use_desk().making().cloned() else { return rsx! {} };
    let open = letters_open(&making);
    let (tone, words) = match (is_over(&making), open) {
        (false, _) => (Tone::Accent, t!("keys-under-way")),
        (true, 0) => (Tone::Accent, t!("keys-under-way-over")),
        (true, open) => (Tone::Warning, t!("keys-under-way-letters", count = open)),
    };
    rsx! {
        Banner {
            tone,
            icon: IconName::Key,
            testid: "under-way",
            action: rsx! {
                Button {
                    small: true,
                    testid: "show-making",
                    onclick: move |_| {
                        navigator.push(ways::make(None, None));
                    },
                    {t!("keys-under-way-show")}
                }
            },
            {words}
        }
    }
}
