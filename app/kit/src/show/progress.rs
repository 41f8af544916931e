//! How far along something is.

use dioxus::prelude::*;

use super::Tone;

/// A bar from nothing to all.
///
/// - `label`: what advances.
/// - `value`, `max`: how far, of how much.
/// - `text`: the same in words, if "value of max" is not what it means.
/// - `tone`: the bar's colour; the product's own unless told.
#[component]
pub fn Progress(
    #[props(into)] label: String,
    value: u32,
    max: u32,
    #[props(into)] text: Option<String>,
    #[props(default = Tone::Accent)] tone: Tone,
) -> Element {
    let filled = u64::from(value.min(max)) * 1000 / u64::from(max.max(1));
    let (whole, tenths) = (filled / 10, filled % 10);
    rsx! {
        div {
            class: "progress {tone.class()}",
            role: "progressbar",
            "aria-label": label,
            "aria-valuemin": "0",
            "aria-valuemax": "{max}",
            "aria-valuenow": "{value.min(max)}",
            "aria-valuetext": text,
            div { class: "progress-bar", style: "width:{whole}.{tenths}%" }
        }
    }
}
