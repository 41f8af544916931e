//! Whose key it is, as far as it tells without a PIN.

use dioxus::prelude::*;
use gridkey_desk::office::AdminCard;
use gridkey_kit::prelude::*;

/// Label, holder, dates and serial number of a key.
///
/// - `card`: the key.
#[component]
pub fn KeyFace(card: AdminCard) -> Element {
    rsx! {
        span { class: "key-face",
            match &card.holder {
                Some(holder) => rsx! {
                    strong { class: "key-face-name",
                        if holder.is_admin() {
                            {t!("admin-gate-key-admin", name = &holder.name)}
                        } else {
                            {t!("gate-key-holder", customer = &holder.name)}
                        }
                    }
                    span { class: "key-face-line",
                        {t!("gate-key-until", date = format::date(language(), holder.not_after.date()))}
                    }
                },
                None => rsx! {
                    strong { class: "key-face-name",
                        if card.label.is_empty() { {t!("gate-key-other")} } else { {card.label.clone()} }
                    }
                },
            }
            span { class: "key-face-line", {t!("gate-key-serial", serial = &card.serial)} }
        }
    }
}
