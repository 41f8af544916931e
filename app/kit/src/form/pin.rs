//! The field for a PIN, and the PIN while it is typed.

use std::fmt;

use dioxus::prelude::*;
use zeroize::Zeroizing;

use super::{
    field::{Notes, describe},
    use_element_id,
};
use crate::{
    focus::use_focusable,
    icon::{Icon, IconName},
    t,
};

/// A PIN while it is typed. Wiped when replaced, cleared or dropped; never printed.
#[derive(Clone, Default)]
pub struct Pin {
    text: Zeroizing<String>,
    cleared: u32,
}

impl Pin {
    /// What was typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of characters typed.
    pub fn len(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Forgets it and empties the field.
    pub fn clear(&mut self) {
        self.take();
    }

    /// Takes it out and empties the field.
    pub fn take(&mut self) -> Zeroizing<String> {
        self.cleared = self.cleared.wrapping_add(1);
        std::mem::take(&mut self.text)
    }

    fn set(&mut self, text: String) {
        self.text = Zeroizing::new(text);
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// A field for a PIN: hidden until shown, never suggested, never kept by the page's memory of forms.
///
/// The typed text is not written back into the page, so that the program makes no further copy of it; the field is emptied by
/// [`Pin::clear`] or [`Pin::take`], and has the keyboard again then.
///
/// - `label`: its name, above it.
/// - `pin`: receives what is typed.
/// - `hint`: help under it.
/// - `error`: what is wrong ("Wrong PIN. 2 tries left …"); read out when it appears.
/// - `disabled`: while the key works.
/// - `autofocus`: takes the keyboard when it appears.
/// - `fresh`: a new PIN is being chosen, not the present one given.
/// - `testid`: its name for tests.
#[component]
pub fn PinField(
    #[props(into)] label: String,
    pin: Signal<Pin>,
    #[props(into)] hint: Option<String>,
    #[props(into)] error: Option<String>,
    #[props(default)] disabled: bool,
    #[props(default)] autofocus: bool,
    #[props(default)] fresh: bool,
    #[props(into)] testid: Option<String>,
) -> Element {
    let id = use_element_id();
    let focus = use_focusable();
    let mut pin = pin;
    let mut shown = use_signal(|| false);
    let cleared = use_memo(move || pin.read().cleared)();
    let described = describe(&id, hint.is_some(), error.is_some());
    rsx! {
        div { class: "field pin", class: if error.is_some() { "is-invalid" },
            label { class: "field-label", r#for: "{id}", {label} }
            div { class: "field-box", class: if disabled { "is-disabled" },
                for generation in [cleared] {
                    input {
                        key: "{generation}",
                        id: "{id}",
                        class: "field-input",
                        r#type: if shown() { "text" } else { "password" },
                        autocomplete: if fresh { "new-password" } else { "off" },
                        autocapitalize: "none",
                        spellcheck: "false",
                        disabled,
                        "aria-invalid": error.is_some().then_some("true"),
                        "aria-describedby": described.clone(),
                        "data-testid": testid.clone(),
                        onmounted: move |event| {
                            focus.mounted(event.data());
                            if autofocus || generation > 0 {
                                focus.focus();
                            }
                        },
                        oninput: move |event| pin.write().set(event.value()),
                    }
                }
                button {
                    class: "field-button",
                    r#type: "button",
                    disabled,
                    "aria-pressed": if shown() { "true" } else { "false" },
                    "aria-label": t!("kit-pin-show"),
                    title: if shown() { t!("kit-pin-hide") } else { t!("kit-pin-show") },
                    onclick: move |_| shown.toggle(),
                    Icon { name: if shown() { IconName::EyeOff } else { IconName::Eye } }
                }
            }
            Notes { id: id.clone(), hint, error: error.clone() }
        }
    }
}
