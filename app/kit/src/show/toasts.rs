//! Short news in the corner.

use dioxus::prelude::*;

use super::Tone;
use crate::{
    icon::{Icon, IconName},
    t,
};

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Which one; unique among those shown.
    pub id: u64,
    /// What the colour says. Harm stays until it is closed.
    pub tone: Tone,
    /// The news.
    pub title: String,
    /// More about it.
    pub text: Option<String>,
    /// The words of a button, if there is something to do about it.
    pub action: Option<String>,
}

/// The news not yet closed, newest last. Each closes itself after eight seconds unless it tells of harm, the pointer rests on
/// it, or it has the keyboard.
///
/// - `toasts`: what to show.
/// - `onclose`: the one with this id is to go.
/// - `onaction`: the button of the one with this id was pressed.
#[component]
pub fn Toasts(
    toasts: Vec<Toast>,
    onclose: EventHandler<u64>,
    #[props(default)] onaction: EventHandler<u64>,
) -> Element {
    rsx! {
        div { class: "toasts", role: "region", "aria-label": t!("kit-notices"),
            div { role: "status", "aria-live": "polite",
                for toast in toasts {
                    ToastCard { key: "{toast.id}", toast, onclose, onaction }
                }
            }
        }
    }
}

#[component]
fn ToastCard(toast: Toast, onclose: EventHandler<u64>, onaction: EventHandler<u64>) -> Element {
    let Toast { id, tone, title, text, action } = toast;
    let stays = tone == Tone::Danger;
    let icon = match tone {
        Tone::Warning | Tone::Danger => IconName::Warning,
        Tone::Good => IconName::Check,
        Tone::Neutral | Tone::Accent => IconName::Info,
    };
    rsx! {
        div { class: "toast {tone.class()}", "data-testid": "toast",
            span { class: "toast-icon", Icon { name: icon } }
            div { class: "toast-text",
                p { class: "toast-title", {title} }
                if let Some(text) = text {
                    p { class: "toast-more", {text} }
                }
                if let Some(action) = action {
                    button { class: "link", r#type: "button", onclick: move |_| onaction.call(id), {action} }
                }
            }
            button {
                class: "icon-button",
                r#type: "button",
                "aria-label": t!("kit-close"),
                onclick: move |_| onclose.call(id),
                Icon { name: IconName::Close, size: 16 }
            }
            // Its animation is the clock: it stands still under the pointer and needs no timer.
            if !stays {
                span { class: "toast-clock", "aria-hidden": "true", onanimationend: move |_| onclose.call(id) }
            }
        }
    }
}
