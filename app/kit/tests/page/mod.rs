//! A page without a window: renders components, finds their elements by role and name, sends them events and remembers which
//! one has the keyboard.

mod converter;
mod tree;

use std::{
    any::Any,
    cell::RefCell,
    collections::BTreeSet,
    future::Future,
    pin::pin,
    rc::Rc,
    task::{Context, Waker},
};

use dioxus::{
    core::{ElementId, Event, NoOpMutations, VirtualDom},
    html::{
        Code, Key, Location, Modifiers, PlatformEventData, SerializedAnimationData, SerializedFocusData,
        SerializedFormData, SerializedKeyboardData, SerializedMouseData, set_event_converter,
    },
    prelude::Element,
};

use converter::{Converter, Handle};
pub(crate) use tree::Node;

/// A page without a window.
pub(crate) struct Page {
    dom: VirtualDom,
    mounted: BTreeSet<usize>,
    wanted: Rc<RefCell<Option<usize>>>,
    focused: Option<usize>,
}

impl Page {
    /// Renders `app` and lets its elements appear.
    pub(crate) fn open(app: fn() -> Element) -> Self {
        set_event_converter(Box::new(Converter));
        let mut dom = VirtualDom::new(app);
        dom.rebuild(&mut NoOpMutations);
        let mut page = Self { dom, mounted: BTreeSet::new(), wanted: Rc::default(), focused: None };
        page.settle();
        page
    }

    /// The page as HTML.
    pub(crate) fn html(&self) -> String {
        dioxus_ssr::render(&self.dom)
    }

    /// Every element, in the order of the page.
    pub(crate) fn nodes(&self) -> Vec<Node> {
        tree::nodes(&self.dom)
    }

    /// The one element of this role and name.
    pub(crate) fn get(&self, role: &str, name: &str) -> Node {
        let found: Vec<Node> =
            self.nodes().into_iter().filter(|node| node.role() == role && node.name() == name).collect();
        match <[Node; 1]>::try_from(found) {
            Ok([node]) => node,
            Err(found) => panic!("{} elements are a {role} named {name:?}:\n{}", found.len(), self.html()),
        }
    }

    /// Whether an element of this role and name is there.
    pub(crate) fn has(&self, role: &str, name: &str) -> bool {
        self.nodes().iter().any(|node| node.role() == role && node.name() == name)
    }

    /// The element that has the keyboard.
    pub(crate) fn focused(&self) -> Option<Node> {
        self.focused.and_then(|id| self.nodes().into_iter().find(|node| node.id == Some(id)))
    }

    /// Presses the pointer on it.
    pub(crate) fn click(&mut self, node: &Node) {
        self.focus(node);
        self.fire(node, "click", SerializedMouseData::default(), true);
    }

    /// Types into it; `text` is what it holds then.
    pub(crate) fn input(&mut self, node: &Node, text: &str) {
        self.fire(node, "input", SerializedFormData::new(text.to_owned(), Vec::new()), true);
    }

    /// Chooses or ticks in it; `value` is what it holds then.
    pub(crate) fn change(&mut self, node: &Node, value: &str) {
        self.fire(node, "change", SerializedFormData::new(value.to_owned(), Vec::new()), true);
    }

    /// Presses a key while it has the keyboard.
    pub(crate) fn key(&mut self, node: &Node, key: Key) {
        let data =
            SerializedKeyboardData::new(key, Code::Unidentified, Location::Standard, false, Modifiers::empty(), false);
        self.fire(node, "keydown", data, true);
    }

    /// Gives it the keyboard.
    pub(crate) fn focus(&mut self, node: &Node) {
        self.focused = node.id;
        self.fire(node, "focus", SerializedFocusData {}, false);
    }

    /// Its animation ends.
    pub(crate) fn animation_ends(&mut self, node: &Node) {
        let data: SerializedAnimationData = serde_json::from_value(
            serde_json::json!({ "animation_name": "", "elapsed_time": 0.0, "pseudo_element": "" }),
        )
        .unwrap();
        self.fire(node, "animationend", data, true);
    }

    fn fire<T: Any>(&mut self, node: &Node, name: &str, data: T, bubbles: bool) {
        let id = node.id.unwrap_or_else(|| panic!("{node:?} listens to nothing"));
        let data: Rc<dyn Any> = Rc::new(PlatformEventData::new(Box::new(data)));
        self.dom.runtime().handle_event(name, Event::new(data, bubbles), ElementId(id));
        self.settle();
    }

    /// Draws and runs tasks until nothing changes: elements appear, the keyboard moves.
    fn settle(&mut self) {
        for _ in 0..8 {
            {
                let mut work = pin!(self.dom.wait_for_work());
                let _ = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            }
            self.dom.render_immediate(&mut NoOpMutations);
            let nodes = self.nodes();
            let here: BTreeSet<usize> = nodes.iter().filter_map(|node| node.id).collect();
            self.mounted.retain(|id| here.contains(id));
            for node in nodes.iter().filter(|node| node.listens("mounted")) {
                if let Some(id) = node.id
                    && self.mounted.insert(id)
                {
                    let handle = Handle { id, wanted: Rc::clone(&self.wanted) };
                    let data: Rc<dyn Any> = Rc::new(PlatformEventData::new(Box::new(handle)));
                    self.dom.runtime().handle_event("mounted", Event::new(data, false), ElementId(id));
                }
            }
            let wanted = self.wanted.borrow_mut().take();
            if let Some(id) = wanted
                && here.contains(&id)
            {
                self.focused = Some(id);
                let data: Rc<dyn Any> = Rc::new(PlatformEventData::new(Box::new(SerializedFocusData {})));
                self.dom.runtime().handle_event("focus", Event::new(data, false), ElementId(id));
            }
        }
    }
}
