//! States in a word or two.

use dioxus::prelude::*;

use super::Tone;
use crate::icon::{Icon, IconName};

/// A state in a word or two, on a wash of its tone.
///
/// - `tone`: what the colour says.
/// - `icon`: before the words.
/// - `testid`: its name for tests.
#[component]
pub fn Badge(
    #[props(default)] tone: Tone,
    icon: Option<IconName>,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    rsx! {
        span { class: "badge {tone.class()}", "data-testid": testid,
            if let Some(name) = icon {
                Icon { name, size: 14 }
            }
            {children}
        }
    }
}

/// A dot of the tone's colour and a state in words: "● Online · synced 4 s ago".
///
/// - `tone`: what the colour says; the words say it too.
/// - `live`: changes are read out.
/// - `testid`: its name for tests.
#[component]
pub fn Status(
    #[props(default)] tone: Tone,
    #[props(default)] live: bool,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    rsx! {
        span { class: "status {tone.class()}", role: live.then_some("status"), "data-testid": testid,
            span { class: "status-dot", "aria-hidden": "true" }
            span { class: "status-text", {children} }
        }
    }
}
