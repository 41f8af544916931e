//! A switch: on or off, at once.

use dioxus::prelude::*;

use super::use_element_id;
use crate::focus::use_focusable;

/// A switch that works as soon as it is moved.
///
/// - `label`: what is on or off.
/// - `hint`: what that means.
/// - `checked`: whether it is on.
/// - `onchange`: it was moved; what it should be now.
/// - `busy`: the move is under way.
/// - `disabled`: it cannot be moved now.
/// - `testid`: its name for tests.
#[component]
pub fn Toggle(
    #[props(into)] label: String,
    #[props(into)] hint: Option<String>,
    checked: bool,
    onchange: EventHandler<bool>,
    #[props(default)] busy: bool,
    #[props(default)] disabled: bool,
    #[props(into)] testid: Option<String>,
) -> Element {
    let id = use_element_id();
    let focus = use_focusable();
    rsx! {
        div { class: "toggle-row",
            div { class: "toggle-text",
                label { class: "toggle-label", id: "{id}-label", r#for: "{id}", {label} }
                if let Some(hint) = hint.clone() {
                    p { class: "field-hint", id: "{id}-hint", {hint} }
                }
            }
            button {
                id: "{id}",
                class: "toggle",
                r#type: "button",
                role: "switch",
                disabled,
                "aria-checked": if checked { "true" } else { "false" },
                "aria-labelledby": "{id}-label",
                "aria-describedby": hint.map(|_| format!("{id}-hint")),
                "aria-busy": busy.then_some("true"),
                "data-testid": testid,
                onmounted: move |event| focus.mounted(event.data()),
                onfocus: move |_| focus.focused(),
                onclick: move |_| {
                    if !busy {
                        onchange.call(!checked);
                    }
                },
                span { class: "toggle-knob", "aria-hidden": "true" }
            }
        }
    }
}
