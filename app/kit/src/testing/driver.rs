//! A face without a window and what a person does with it.

use std::{any::Any, rc::Rc};

use dioxus::{
    core::Event,
    history::{History, MemoryHistory},
    html::{
        PlatformEventData, SerializedFormData, SerializedHtmlEventConverter, SerializedKeyboardData,
        SerializedMouseData, set_event_converter,
    },
    prelude::*,
};
use futures_util::FutureExt as _;

use super::page::Page;

/// How often a face may go on working before it counts as endless.
const ROUNDS: usize = 200;

/// A face, drawn onto a page. What is done to something finds it by its test name, its accessible name, or its text.
pub struct Driver {
    dom: VirtualDom,
    page: Page,
    runtime: tokio::runtime::Runtime,
}

impl Driver {
    /// Draws `root` on the screen of `path`, once `with` has put into its context what it takes from there.
    ///
    /// # Panics
    /// When no runtime can be had, or the face draws itself without end.
    pub fn new(root: fn() -> Element, path: &str, with: impl FnOnce(VirtualDom) -> VirtualDom) -> Self {
        set_event_converter(Box::new(SerializedHtmlEventConverter));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let entered = runtime.enter();
        let history: Rc<dyn History> = Rc::new(MemoryHistory::with_initial_path(path));
        let mut dom = with(VirtualDom::new(root).with_root_context(history));
        let mut page = Page::new();
        dom.rebuild(&mut page);
        drop(entered);
        let mut driver = Self { dom, page, runtime };
        driver.settle();
        driver
    }

    /// Lets the face finish what it has begun.
    ///
    /// # Panics
    /// When it never ends.
    pub fn settle(&mut self) {
        let _entered = self.runtime.enter();
        for _ in 0..ROUNDS {
            if self.dom.wait_for_work().now_or_never().is_none() {
                return;
            }
            self.dom.render_immediate(&mut self.page);
        }
        panic!("the face draws itself without end");
    }

    /// The page as HTML.
    pub fn html(&self) -> String {
        dioxus_ssr::render(&self.dom)
    }

    /// What can be read on the page.
    pub fn text(&self) -> String {
        self.page.text()
    }

    /// Whether something on the page has this name.
    pub fn has(&self, name: &str) -> bool {
        self.page.find(name).is_some()
    }

    /// An attribute of what has this name.
    pub fn attribute(&self, name: &str, attribute: &str) -> Option<&str> {
        self.page.attribute(name, attribute)
    }

    /// Clicks what has this name. A button that sends its form does so.
    pub fn press(&mut self, name: &str) {
        let submits = self.page.attribute(name, "type") == Some("submit");
        self.fire(name, "click", Box::<SerializedMouseData>::default());
        if submits {
            self.submit(name);
        }
    }

    /// Types `text` into the field of this name, in place of what is there.
    pub fn type_in(&mut self, name: &str, text: &str) {
        let data = SerializedFormData::new(text.to_owned(), Vec::new());
        self.fire(name, "input", Box::new(data));
    }

    /// Changes a box, switch or menu to `value`.
    pub fn change(&mut self, name: &str, value: &str) {
        let data = SerializedFormData::new(value.to_owned(), Vec::new());
        self.fire(name, "change", Box::new(data));
    }

    /// Sends the form that holds what has this name, as Enter does in a field.
    pub fn submit(&mut self, name: &str) {
        let data = SerializedFormData::new(String::new(), Vec::new());
        self.fire(name, "submit", Box::new(data));
    }

    /// Presses a key where this name is.
    pub fn key(&mut self, name: &str, key: Key) {
        self.keys(name, Modifiers::empty(), key);
    }

    /// Presses a key together with others where this name is.
    pub fn keys(&mut self, name: &str, modifiers: Modifiers, key: Key) {
        let data = SerializedKeyboardData::new(key, Code::Unidentified, Location::Standard, false, modifiers, false);
        self.fire(name, "keydown", Box::new(data));
    }

    fn fire(&mut self, name: &str, event: &str, data: Box<dyn Any>) {
        let Some(id) = self.page.listener(name, event) else {
            panic!("nothing called {name:?} takes {event}: {}", self.page.text());
        };
        let entered = self.runtime.enter();
        let data = Rc::new(PlatformEventData::new(data)) as Rc<dyn Any>;
        self.dom.runtime().handle_event(event, Event::new(data, true), id);
        self.dom.render_immediate(&mut self.page);
        drop(entered);
        self.settle();
    }
}
