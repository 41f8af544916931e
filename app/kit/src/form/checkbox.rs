//! A box to tick.

use dioxus::prelude::*;

use super::use_element_id;

/// A box to tick; takes effect with the form it is in.
///
/// - `label`: what is ticked.
/// - `hint`: under it.
/// - `checked`: whether it is.
/// - `onchange`: it was ticked or cleared.
/// - `disabled`: it cannot be changed now.
/// - `label_hidden`: the name is only for those who do not see the row it stands in.
/// - `testid`: its name for tests.
#[component]
pub fn Checkbox(
    #[props(into)] label: String,
    #[props(into)] hint: Option<String>,
    checked: bool,
    onchange: EventHandler<bool>,
    #[props(default)] disabled: bool,
    #[props(default)] label_hidden: bool,
    #[props(into)] testid: Option<String>,
) -> Element {
    let id = use_element_id();
    rsx! {
        div { class: "checkbox",
            input {
                id: "{id}",
                r#type: "checkbox",
                checked,
                disabled,
                "aria-describedby": hint.as_ref().map(|_| format!("{id}-hint")),
                "data-testid": testid,
                onchange: move |event| onchange.call(event.checked()),
            }
            div {
                label { class: if label_hidden { "visually-hidden" } else { "checkbox-label" }, r#for: "{id}", {label} }
                if let Some(hint) = hint.clone() {
                    p { class: "field-hint", id: "{id}-hint", {hint} }
                }
            }
        }
    }
}
