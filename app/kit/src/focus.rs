//! Where the keyboard was, so that a dialog can give it back when it closes.

use std::rc::Rc;

use dioxus::prelude::*;

/// The control that had the keyboard last. Controls of the kit write it, dialogs read it.
#[derive(Clone, Copy, PartialEq)]
pub struct LastFocus(CopyValue<Option<Rc<MountedData>>>);

impl LastFocus {
    /// The control that has the keyboard now, or had it last.
    pub fn get(&self) -> Option<Rc<MountedData>> {
        self.0.peek().clone()
    }
}

/// Remembers focus for everything below; the root component calls it once.
pub fn use_focus_provider() -> LastFocus {
    use_context_provider(|| LastFocus(CopyValue::new(None)))
}

/// A control that can be focused by the program and is remembered when it has the keyboard.
#[derive(Clone, Copy, PartialEq)]
pub struct Focusable(CopyValue<Option<Rc<MountedData>>>);

impl Focusable {
    /// Nothing mounted yet. Call it inside a component.
    pub fn new() -> Self {
        Self(CopyValue::new(None))
    }

    /// To call in `onmounted`.
    pub fn mounted(mut self, element: Rc<MountedData>) {
        self.0.set(Some(element));
    }

    /// To call in `onfocus`.
    pub fn focused(self) {
        if let Some(mut last) = try_consume_context::<LastFocus>() {
            last.0.set(self.0.peek().clone());
        }
    }

    /// Moves the keyboard here.
    pub fn focus(self) {
        if let Some(element) = self.0.peek().clone() {
            set_focus(element);
        }
    }
}

impl Default for Focusable {
    fn default() -> Self {
        Self::new()
    }
}

/// A [`Focusable`] of this component.
pub fn use_focusable() -> Focusable {
    use_hook(Focusable::new)
}

/// Moves the keyboard to `element`, even if the component that asked is going away.
pub fn set_focus(element: Rc<MountedData>) {
    dioxus::core::spawn_forever(async move {
        // An element that is gone cannot be focused; the keyboard then stays where the page put it.
        let _ = element.set_focus(true).await;
    });
}
