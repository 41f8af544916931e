//! A question over the screen.

use std::rc::Rc;

use dioxus::prelude::*;

use crate::{
    focus::{LastFocus, set_focus, use_focusable},
    form::use_element_id,
    icon::{Icon, IconName},
    t,
};

/// A dialog over the screen. It has the keyboard while it is there, Esc closes it, and the control that had the keyboard before
/// has it again after. Render it only while it is open.
///
/// - `title`: what it asks.
/// - `onclose`: Esc, the cross or a click beside it. Without it the dialog can only be left by its own buttons.
/// - `actions`: its buttons, the one that goes on last.
/// - `alert`: it warns of something that cannot be undone.
/// - `wide`: for more than a sentence and a field.
/// - `testid`: its name for tests.
#[component]
pub fn Dialog(
    #[props(into)] title: String,
    onclose: Option<EventHandler<()>>,
    actions: Option<Element>,
    #[props(default)] alert: bool,
    #[props(default)] wide: bool,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    let id = use_element_id();
    let panel = use_focusable();
    let cross = use_focusable();
    let before: Option<Rc<MountedData>> = use_hook(|| try_consume_context::<LastFocus>().and_then(|last| last.get()));
    use_drop(move || {
        if let Some(before) = before {
            set_focus(before);
        }
    });
    let close = move || {
        if let Some(onclose) = onclose {
            onclose.call(());
        }
    };
    rsx! {
        div { class: "dialog-veil", onclick: move |_| close(),
            // The two guards keep the Tab key inside: before the first control comes the last, after the last the first.
            span {
                class: "focus-guard",
                tabindex: "0",
                "aria-hidden": "true",
                onfocus: move |_| if onclose.is_some() { cross.focus() } else { panel.focus() },
            }
            div {
                class: "dialog",
                class: if wide { "dialog-wide" },
                role: if alert { "alertdialog" } else { "dialog" },
                tabindex: "-1",
                "aria-modal": "true",
                "aria-labelledby": "{id}-title",
                "aria-describedby": "{id}-body",
                "data-testid": testid,
                onmounted: move |event| {
                    panel.mounted(event.data());
                    panel.focus();
                },
                onclick: move |event| event.stop_propagation(),
                onkeydown: move |event| {
                    if event.key() == Key::Escape {
                        event.stop_propagation();
                        close();
                    }
                },
                h2 { class: "dialog-title", id: "{id}-title", {title} }
                div { class: "dialog-body", id: "{id}-body", {children} }
                if let Some(actions) = actions {
                    div { class: "dialog-actions", {actions} }
                }
                if onclose.is_some() {
                    button {
                        class: "icon-button dialog-close",
                        r#type: "button",
                        "aria-label": t!("kit-close"),
                        onmounted: move |event| cross.mounted(event.data()),
                        onclick: move |_| close(),
                        Icon { name: IconName::Close }
                    }
                }
            }
            span {
                class: "focus-guard",
                tabindex: "0",
                "aria-hidden": "true",
                onfocus: move |_| panel.focus(),
            }
        }
    }
}
