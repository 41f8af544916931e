//! What a place of the menu keeps while somebody walks about in it: who opens a customer out of a search and comes back finds the
//! search as it was. Going elsewhere, or closing the desk, forgets it, so that a way from the first screen always leads to a fresh list.

use std::{
    any::{Any, TypeId},
    cell::RefCell,
    collections::HashMap,
    rc::Rc,
};

use dioxus::prelude::*;

use crate::route::Route;

/// What is kept, one value of each type.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<HashMap<TypeId, Box<dyn Any>>>>);

/// Gives the screens below a memory that lasts as long as the shown route stays in one place; `None` is no place at all.
pub fn use_kept_provider(route: Option<&Route>) {
    let kept = use_context_provider(Kept::default);
    let mut last = use_hook(|| CopyValue::new(None::<Route>));
    let place = route.map(Route::place);
    // While drawing and not in an effect: the new place's screens are drawn right after this and must find nothing.
    if *last.peek() != place {
        kept.0.borrow_mut().clear();
        last.set(place);
    }
}

/// A signal that begins as it was when the screen was left last, else as `first` says. The type is the name under which it is kept:
/// give each thing to keep a type of its own.
pub fn use_kept<T: Clone + 'static>(first: impl FnOnce() -> T) -> Signal<T> {
    let kept = use_hook(consume_context::<Kept>);
    let signal = use_signal(|| {
        let values = kept.0.borrow();
        values.get(&TypeId::of::<T>()).and_then(|value| value.downcast_ref::<T>().cloned()).unwrap_or_else(first)
    });
    use_effect(move || {
        kept.0.borrow_mut().insert(TypeId::of::<T>(), Box::new(signal.read().clone()));
    });
    signal
}
