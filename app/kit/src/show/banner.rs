//! A sentence across the screen.

use dioxus::prelude::*;

use super::Tone;
use crate::icon::{Icon, IconName};

/// A sentence across the screen, with at most one thing to do about it.
///
/// - `tone`: what the colour says; warnings and harm are read out when they appear, the rest waits its turn.
/// - `icon`: before the sentence; chosen by the tone unless told.
/// - `title`: a few words in bold before it.
/// - `action`: a button.
/// - `testid`: its name for tests.
#[component]
pub fn Banner(
    #[props(default)] tone: Tone,
    icon: Option<IconName>,
    #[props(into)] title: Option<String>,
    action: Option<Element>,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    let (role, usual) = match tone {
        Tone::Warning | Tone::Danger => ("alert", IconName::Warning),
        Tone::Good => ("status", IconName::Check),
        Tone::Neutral | Tone::Accent => ("status", IconName::Info),
    };
    rsx! {
        div { class: "banner {tone.class()}", role, "data-testid": testid,
            Icon { name: icon.unwrap_or(usual) }
            div { class: "banner-text",
                if let Some(title) = title {
                    strong { class: "banner-title", {title} " " }
                }
                {children}
            }
            if let Some(action) = action {
                div { class: "banner-action", {action} }
            }
        }
    }
}
