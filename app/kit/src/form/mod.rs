//! What a person types, chooses and presses.

mod button;
mod checkbox;
mod field;
mod pin;
mod segmented;
mod select;
mod tabs;
mod toggle;

pub use button::{Button, ButtonKind, LinkButton};
pub use checkbox::Checkbox;
pub use field::{Field, InputKind};
pub use pin::{Pin, PinField};
pub use segmented::Segmented;
pub use select::Select;
pub use tabs::Tabs;
pub use toggle::Toggle;

use dioxus::prelude::*;

/// One thing to choose: its value and its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice<T> {
    /// What is chosen.
    pub value: T,
    /// How it reads.
    pub label: String,
}

impl<T> Choice<T> {
    /// `value`, read as `label`.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        Self { value, label: label.into() }
    }
}

/// An id no other element of the page has, the same as long as the component lives.
pub fn use_element_id() -> String {
    use_hook(|| format!("k{}", dioxus::core::current_scope_id().0))
}

/// Where an arrow, Home or End key leads from `index` among `len` choices in a row.
pub(crate) fn step(key: &Key, index: usize, len: usize) -> Option<usize> {
    let last = len.checked_sub(1)?;
    match key {
        Key::ArrowRight | Key::ArrowDown => Some(if index >= last { 0 } else { index + 1 }),
        Key::ArrowLeft | Key::ArrowUp => Some(index.checked_sub(1).unwrap_or(last)),
        Key::Home => Some(0),
        Key::End => Some(last),
        _ => None,
    }
}
