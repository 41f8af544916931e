//! One of several, in a menu.

use dioxus::prelude::*;

use super::{
    Choice,
    field::{Notes, describe},
    use_element_id,
};
use crate::icon::{Icon, IconName};

/// A menu to choose one of several.
///
/// - `label`: its name, above it.
/// - `choices`: what can be chosen.
/// - `value`: what is chosen.
/// - `onchange`: something else was chosen.
/// - `hint`, `error`: under it.
/// - `disabled`: it cannot be changed now.
/// - `label_hidden`: the name is only for those who do not see the menu.
/// - `testid`: its name for tests.
#[component]
pub fn Select<T: Clone + PartialEq + 'static>(
    #[props(into)] label: String,
    choices: Vec<Choice<T>>,
    value: T,
    onchange: EventHandler<T>,
    #[props(into)] hint: Option<String>,
    #[props(into)] error: Option<String>,
    #[props(default)] disabled: bool,
    #[props(default)] label_hidden: bool,
    #[props(into)] testid: Option<String>,
) -> Element {
    let id = use_element_id();
    let described = describe(&id, hint.is_some(), error.is_some());
    let options = choices.iter().enumerate().map(|(index, choice)| {
        rsx! {
            option { key: "{index}", value: "{index}", selected: choice.value == value, {choice.label.clone()} }
        }
    });
    let options: Vec<Element> = options.collect();
    let invalid = error.is_some().then_some("true");
    rsx! {
        div { class: "field", class: if error.is_some() { "is-invalid" },
            label { class: if label_hidden { "visually-hidden" } else { "field-label" }, r#for: "{id}", {label} }
            div { class: "field-box", class: if disabled { "is-disabled" },
                select {
                    id: "{id}",
                    class: "field-input",
                    disabled,
                    "aria-invalid": invalid,
                    "aria-describedby": described,
                    "data-testid": testid,
                    onchange: move |event| {
                        if let Some(choice) = event.value().parse().ok().and_then(|index: usize| choices.get(index)) {
                            onchange.call(choice.value.clone());
                        }
                    },
                    for option in options {
                        {option}
                    }
                }
                span { class: "field-chevron", Icon { name: IconName::ChevronDown, size: 16 } }
            }
            Notes { id: id.clone(), hint, error: error.clone() }
        }
    }
}
