//! A line or a few lines of text with a label.

use dioxus::prelude::*;

use super::use_element_id;

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

/// A field of a form.
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
    rsx! {
        div { class: "field", class: if error.is_some() { "is-invalid" },
            label { class: if label_hidden { "visually-hidden" } else { "field-label" }, r#for: "{id}", {label} }
            div { class: "field-box", class: if disabled { "is-disabled" },
                if let Some(prefix) = prefix {
                    span { class: "field-unit", {prefix} }
                }
                if lines > 1 {
                    textarea {
                        id: "{id}",
                        class: "field-input",
                        rows: lines,
                        value,
                        placeholder,
                        required,
                        disabled,
                        readonly,
                        autocomplete,
                        maxlength,
                        "aria-invalid": invalid,
                        "aria-describedby": described,
                        "data-testid": testid,
                        oninput: move |event| oninput.call(event.value()),
                    }
                } else {
                    input {
                        id: "{id}",
                        class: "field-input",
                        r#type,
                        inputmode,
                        value,
                        placeholder,
                        required,
                        disabled,
                        readonly,
                        autocomplete,
                        maxlength,
                        spellcheck: "false",
                        "aria-invalid": invalid,
                        "aria-describedby": described,
                        "data-testid": testid,
                        oninput: move |event| oninput.call(event.value()),
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
