//! Help for tests of the face: the whole face without a window, over a program that a test plays.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use gridkey_client::{
    app::{AppEnds, AppEvent, AppHandle, Command, Language, Snapshot},
    clock::Clock,
};
use gridkey_kit::{i18n, testing::Driver};

use crate::{
    fixture,
    platform::{Platform, Recorded},
    root::App,
    route::Route,
    words::SOURCES,
};

/// The face, its program played by a test.
pub struct Face {
    driver: Driver,
    ends: AppEnds,
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
        snapshot.preferences.language = Some(language);
        let downloads = tempfile::tempdir().expect("a folder");
        let (platform, recorded) = Platform::recorded(downloads.path().to_owned());
        let (handle, ends) = AppHandle::pair(snapshot);
        let millis = u64::try_from(fixture::now().seconds()).expect("a time after 1970") * 1000;
        let driver = Driver::new(App, &route.to_string(), |dom| {
            let clock = Clock::from_millis(move || millis);
            dom.with_root_context(handle).with_root_context(platform).with_root_context(clock)
        });
        Self { driver, ends, recorded, _downloads: downloads }
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
}

impl Deref for Face {
    type Target = Driver;

    fn deref(&self) -> &Driver {
        &self.driver
    }
}

impl DerefMut for Face {
    fn deref_mut(&mut self) -> &mut Driver {
        &mut self.driver
    }
}

/// Runs `work` where English is spoken, as inside a component.
pub fn in_english<T: 'static>(work: impl FnOnce() -> T + 'static) -> T {
    in_language(i18n::Language::English, work)
}

/// Runs `work` where `language` is spoken, as inside a component.
pub fn in_language<T: 'static>(language: i18n::Language, work: impl FnOnce() -> T + 'static) -> T {
    gridkey_kit::testing::in_language(language, SOURCES, work)
}
