//! A line or a few lines of text with a label.

use dioxus::prelude::*;

use super::use_element_id;
use crate::focus::set_focus;

/// What a field takes; decides the phone's keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InputKind {
    /// Words.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// Digits and a point: an amount.
    Amount,
    /// Digits.
    Digits,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// A search word.
    Search,
}

impl InputKind {
    const fn html(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("text", "text"),
            Self::Email => ("email", "email"),
            Self::Telephone => ("tel", "tel"),
            Self::Amount => ("text", "decimal"),
            Self::Digits => ("text", "numeric"),
            Self::Date => ("date", "none"),
            Self::Search => ("search", "search"),
        }
    }
}

/// What the page holds in a field, as the program knows it.
#[derive(Debug)]
struct Typed {
    /// What the page was given when the field was made.
    start: String,
    /// What it holds after the last key.
    now: String,
    /// How often the program put something else into it.
    generation: u32,
}

/// A field of a form.
///
/// What is typed is not written back into the page: the page may be a key or two ahead, and they would be lost. A `value` that
/// was not typed makes the field anew.
///
/// - `label`: its name, above it.
/// - `value`: what is in it.
/// - `oninput`: what is in it after each key.
/// - `kind`: what it takes; words unless told.
/// - `hint`: help under it.
/// - `error`: what is wrong with it; read out when it appears.
/// - `prefix`, `suffix`: a unit in front of or behind the text ("¥", "kW").
/// - `label_hidden`: the name is only for those who do not see what the field is for.
/// - `lines`: more than 1 for several lines of text.
/// - `autofocus`: takes the keyboard when it appears.
/// - `autocomplete`: the purpose token of HTML ("email"); off unless told.
/// - `placeholder`, `required`, `disabled`, `readonly`, `maxlength`: as in HTML.
/// - `testid`: its name for tests.
#[component]
pub fn Field(
    #[props(into)] label: String,
    #[props(into)] value: String,
    #[props(default)] oninput: EventHandler<String>,
    #[props(default)] kind: InputKind,
    #[props(into)] hint: Option<String>,
    #[props(into)] error: Option<String>,
    #[props(into)] prefix: Option<String>,
    #[props(into)] suffix: Option<String>,
    #[props(default)] label_hidden: bool,
    #[props(default = 1)] lines: u32,
    #[props(default)] autofocus: bool,
    #[props(into, default = "off".to_owned())] autocomplete: String,
    #[props(into)] placeholder: Option<String>,
    #[props(default)] required: bool,
    #[props(default)] disabled: bool,
    #[props(default)] readonly: bool,
    maxlength: Option<u32>,
    #[props(into)] testid: Option<String>,
) -> Element {
    let id = use_element_id();
    let (r#type, inputmode) = kind.html();
    let described = describe(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let maxlength = maxlength.map(|most| most.to_string());
    let mut typed = use_hook(|| CopyValue::new(Typed { start: value.clone(), now: value.clone(), generation: 0 }));
    if typed.peek().now != value {
        let mut typed = typed.write();
        *typed = Typed { start: value.clone(), now: value, generation: typed.generation.wrapping_add(1) };
    }
    let (start, generation) = (typed.peek().start.clone(), typed.peek().generation);
    let onmounted = move |event: MountedEvent| {
        if autofocus {
            set_focus(event.data());
        }
    };
    let oninput = move |event: FormEvent| {
        let text = event.value();
        typed.write().now.clone_from(&text);
        oninput.call(text);
    };
    rsx! {
        div { class: "field", class: if error.is_some() { "is-invalid" },
            label { class: if label_hidden { "visually-hidden" } else { "field-label" }, r#for: "{id}", {label} }
            div { class: "field-box", class: if disabled { "is-disabled" },
                if let Some(prefix) = prefix {
                    span { class: "field-unit", {prefix} }
                }
                if lines > 1 {
                    for generation in [generation] {
                        textarea {
                            key: "{generation}",
                            id: "{id}",
                            class: "field-input",
                            rows: lines,
                            "value": start.clone(),
                            placeholder: placeholder.clone(),
                            required,
                            disabled,
                            readonly,
                            autocomplete: autocomplete.clone(),
                            maxlength: maxlength.clone(),
                            "aria-invalid": invalid,
                            "aria-describedby": described.clone(),
                            "data-testid": testid.clone(),
                            onmounted,
                            oninput,
                        }
                    }
                } else {
                    for generation in [generation] {
                        input {
                            key: "{generation}",
                            id: "{id}",
                            class: "field-input",
                            r#type,
                            inputmode,
                            "value": start.clone(),
                            placeholder: placeholder.clone(),
                            required,
                            disabled,
                            readonly,
                            autocomplete: autocomplete.clone(),
                            maxlength: maxlength.clone(),
                            spellcheck: "false",
                            "aria-invalid": invalid,
                            "aria-describedby": described.clone(),
                            "data-testid": testid.clone(),
                            onmounted,
                            oninput,
                        }
                    }
                }
                if let Some(suffix) = suffix {
                    span { class: "field-unit", {suffix} }
                }
            }
            Notes { id: id.clone(), hint, error: error.clone() }
        }
    }
}

/// The ids a control is described by: its hint, then its error.
pub(super) fn describe(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-error {id}-hint")),
    }
}

/// Hint and error under a control.
#[component]
pub(super) fn Notes(id: String, hint: Option<String>, error: Option<String>) -> Element {
    rsx! {
        div { class: "field-live", role: "alert",
            if let Some(error) = error {
                p { class: "field-error", id: "{id}-error", {error} }
            }
        }
        if let Some(hint) = hint {
            p { class: "field-hint", id: "{id}-hint", {hint} }
        }
    }
}
