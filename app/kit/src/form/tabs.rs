//! Several views in one place.

use dioxus::prelude::*;

use super::{Choice, segmented::use_places, step, use_element_id};

/// Tabs over a panel. Arrow keys move among them; the panel shows what the chosen one names.
///
/// - `label`: what the tabs divide, for those who do not see them.
/// - `choices`: the tabs.
/// - `value`: the chosen one.
/// - `onchange`: another was chosen.
/// - `children`: the panel of the chosen one.
#[component]
pub fn Tabs<T: Clone + PartialEq + 'static>(
    #[props(into)] label: String,
    choices: Vec<Choice<T>>,
    value: T,
    onchange: EventHandler<T>,
    children: Element,
) -> Element {
    let id = use_element_id();
    let chosen = choices.iter().position(|choice| choice.value == value).unwrap_or(0);
    let places = use_places(choices.len());
    let parts = choices.iter().enumerate().map(|(index, choice)| {
        let checked = chosen == index;
        let own = choice.value.clone();
        let all: Vec<T> = choices.iter().map(|choice| choice.value.clone()).collect();
        let places = places.clone();
        let place = places.get(index).copied();
        rsx! {
            button {
                key: "{index}",
                id: "{id}-tab-{index}",
                class: "tab",
                r#type: "button",
                role: "tab",
                tabindex: if checked { "0" } else { "-1" },
                "aria-selected": if checked { "true" } else { "false" },
                "aria-controls": "{id}-panel",
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
        div { class: "tabs",
            div { class: "tablist", role: "tablist", "aria-label": label,
                for part in parts {
                    {part}
                }
            }
            div {
                id: "{id}-panel",
                class: "tabpanel",
                role: "tabpanel",
                tabindex: "0",
                "aria-labelledby": "{id}-tab-{chosen}",
                {children}
            }
        }
    }
}
