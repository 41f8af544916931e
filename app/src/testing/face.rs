//! The whole face over a program that a test plays.

use std::{any::Any, cell::RefCell, rc::Rc, sync::Arc};

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
use gridkey_client::{
    app::{AppEnds, AppEvent, AppHandle, Command, Language, Snapshot},
    clock::Clock,
};
use gridkey_kit::i18n::use_i18n_provider;

use super::page::Page;
use crate::{
    fixture,
    platform::{Platform, Recorded},
    root::App,
    route::Route,
    words::SOURCES,
};

/// How often the face may go on working before it counts as endless.
const ROUNDS: usize = 200;

/// The face, its program played by a test.
pub struct Face {
    dom: VirtualDom,
    page: Page,
    ends: AppEnds,
    runtime: tokio::runtime::Runtime,
    /// What the platform was asked to do.
    pub recorded: Recorded,
    _downloads: tempfile::TempDir,
}

impl Face {
    /// The face in English, on the first screen.
    pub fn new(snapshot: Snapshot) -> Self {
        Self::at(snapshot, Language::English, &Route::Overview {})
    }

    /// The face in `language`, on the screen of `route`.
    pub fn at(mut snapshot: Snapshot, language: Language, route: &Route) -> Self {
        set_event_converter(Box::new(SerializedHtmlEventConverter));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let entered = runtime.enter();
        snapshot.preferences.language = Some(language);
        let downloads = tempfile::tempdir().expect("a folder");
        let (platform, recorded) = Platform::recorded(downloads.path().to_owned());
        let (handle, ends) = AppHandle::pair(snapshot);
        let millis = u64::try_from(fixture::now().seconds()).expect("a time after 1970") * 1000;
        let history: Rc<dyn History> = Rc::new(MemoryHistory::with_initial_path(route.to_string()));
        let mut dom = VirtualDom::new(App)
            .with_root_context(handle)
            .with_root_context(platform)
            .with_root_context(Clock::from_millis(move || millis))
            .with_root_context(history);
        let mut page = Page::new();
        dom.rebuild(&mut page);
        drop(entered);
        let mut face = Self { dom, page, ends, runtime, recorded, _downloads: downloads };
        face.settle();
        face
    }

    /// Lets the face finish what it has begun.
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

    /// Shows another state of the program.
    pub fn show(&mut self, change: impl FnOnce(&mut Snapshot)) {
        let mut snapshot = (**self.ends.state.borrow()).clone();
        change(&mut snapshot);
        self.ends.state.send_replace(Arc::new(snapshot));
        self.settle();
    }

    /// Lets the program tell something.
    pub fn tell(&mut self, event: AppEvent) {
        self.ends.events.send(event).expect("the face listens");
        self.settle();
    }

    /// What the face asked the program for since the last time, in order; without what screens want by themselves.
    pub fn commands(&mut self) -> Vec<Command> {
        let mut commands = self.all_commands();
        commands.retain(|command| !matches!(command, Command::Want(_) | Command::Activity));
        commands
    }

    /// All that the face asked the program for since the last time.
    pub fn all_commands(&mut self) -> Vec<Command> {
        std::iter::from_fn(|| self.ends.commands.try_recv().ok()).collect()
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

/// Runs `work` where English is spoken, as inside a component.
pub fn in_english<T: 'static>(work: impl FnOnce() -> T + 'static) -> T {
    in_language(gridkey_kit::i18n::Language::English, work)
}

/// Runs `work` where `language` is spoken, as inside a component.
pub fn in_language<T: 'static>(language: gridkey_kit::i18n::Language, work: impl FnOnce() -> T + 'static) -> T {
    let result: Rc<RefCell<Option<T>>> = Rc::default();
    let keep = Rc::clone(&result);
    let job: Job = Rc::new(RefCell::new(Some(Box::new(move || {
        keep.replace(Some(work()));
    }))));
    let mut dom = VirtualDom::new(Speaker).with_root_context(job).with_root_context(Spoken(language));
    dom.rebuild_in_place();
    result.take().expect("the work was done")
}

type Job = Rc<RefCell<Option<Box<dyn FnOnce()>>>>;

#[derive(Clone, Copy)]
struct Spoken(gridkey_kit::i18n::Language);

#[component]
fn Speaker() -> Element {
    let Spoken(language) = consume_context();
    use_i18n_provider(language, SOURCES);
    if let Some(work) = consume_context::<Job>().take() {
        work();
    }
    rsx! {}
}
