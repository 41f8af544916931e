//! Words outside a face.

use std::{cell::RefCell, rc::Rc};

use dioxus::prelude::*;

use crate::i18n::{Language, use_i18n_provider};

/// The texts of a face: a name and a Fluent file each.
type Sources = &'static [(&'static str, &'static str)];

/// Runs `work` where `language` is spoken with the words of `sources`, as inside a component.
///
/// # Panics
/// When `work` does.
pub fn in_language<T: 'static>(language: Language, sources: Sources, work: impl FnOnce() -> T + 'static) -> T {
    let result: Rc<RefCell<Option<T>>> = Rc::default();
    let keep = Rc::clone(&result);
    let job: Job = Rc::new(RefCell::new(Some(Box::new(move || {
        keep.replace(Some(work()));
    }))));
    let mut dom = VirtualDom::new(Speaker).with_root_context(job).with_root_context(Spoken(language, sources));
    dom.rebuild_in_place();
    result.take().expect("the work was done")
}

type Job = Rc<RefCell<Option<Box<dyn FnOnce()>>>>;

#[derive(Clone, Copy)]
struct Spoken(Language, Sources);

#[component]
fn Speaker() -> Element {
    let Spoken(language, sources) = consume_context();
    use_i18n_provider(language, sources);
    if let Some(work) = consume_context::<Job>().take() {
        work();
    }
    rsx! {}
}
