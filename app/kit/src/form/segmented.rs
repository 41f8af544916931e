//! One of a few, all in sight.

use dioxus::prelude::*;

use super::{Choice, step};
use crate::focus::Focusable;

/// A row of choices of which one holds. Arrow keys move among them, as in a group of radio buttons.
///
/// - `label`: what is chosen, for those who do not see it.
/// - `choices`: what can be chosen; two to five.
/// - `value`: what is chosen.
/// - `onchange`: something else was chosen.
/// - `disabled`: it cannot be changed now.
/// - `testid`: its name for tests.
#[component]
pub fn Segmented<T: Clone + PartialEq + 'static>(
    #[props(into)] label: String,
    choices: Vec<Choice<T>>,
    value: T,
    onchange: EventHandler<T>,
    #[props(default)] disabled: bool,
    #[props(into)] testid: Option<String>,
) -> Element {
    let chosen = choices.iter().position(|choice| choice.value == value);
    let places = use_places(choices.len());
    let parts = choices.iter().enumerate().map(|(index, choice)| {
        let checked = chosen == Some(index);
        let reachable = checked || (chosen.is_none() && index == 0);
        let own = choice.value.clone();
        let all: Vec<T> = choices.iter().map(|choice| choice.value.clone()).collect();
        let places = places.clone();
        let place = places.get(index).copied();
        rsx! {
            button {
                key: "{index}",
                class: "segment",
                r#type: "button",
                role: "radio",
                tabindex: if reachable { "0" } else { "-1" },
                disabled,
                "aria-checked": if checked { "true" } else { "false" },
                onmounted: move |event| {
                    if let Some(place) = place {
                        place.mounted(event.data());
                    }
                },
                onclick: move |_| {
                    if !checked {
                        onchange.call(own.clone());
                    }
                },
                onkeydown: move |event| {
                    if let Some(next) = step(&event.key(), index, all.len()) {
                        event.prevent_default();
                        if let Some(place) = places.get(next) {
                            place.focus();
                        }
                        if next != index && let Some(value) = all.get(next) {
                            onchange.call(value.clone());
                        }
                    }
                },
                {choice.label.clone()}
            }
        }
    });
    let parts: Vec<Element> = parts.collect();
    rsx! {
        div { class: "segmented", role: "radiogroup", "aria-label": label, "data-testid": testid,
            for part in parts {
                {part}
            }
        }
    }
}

/// A focusable place for each of `len` choices.
pub(super) fn use_places(len: usize) -> Vec<Focusable> {
    let mut places = use_hook(|| CopyValue::new(Vec::new()));
    while places.peek().len() < len {
        places.write().push(Focusable::new());
    }
    places.peek().clone()
}
