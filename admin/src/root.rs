//! The root of the face: what everything below it finds in its context.

use dioxus::prelude::*;
use gridkey_client::clock::Clock;
use gridkey_desk::office::{Language as Spoken, OfficeHandle, Preferences};
use gridkey_kit::{
    focus::use_focus_provider,
    i18n::{Language, use_i18n_provider},
};

use crate::{
    bridge::{use_clock, use_events, use_snapshots},
    context::{DeskStateStoreExt as _, use_platform},
    news::News,
    route::Route,
    store::DeskState,
    words::SOURCES,
};

/// The whole face. Takes [`OfficeHandle`] and [`crate::platform::Platform`] from the context, and a [`Clock`] if a test turns it.
#[component]
pub fn Dashboard() -> Element {
    let handle = use_hook(consume_context::<OfficeHandle>);
    let clock = use_hook(|| try_consume_context::<Clock>().unwrap_or_else(Clock::system));
    let system = use_platform().language;
    let desk = use_store({
        let (handle, clock) = (handle.clone(), clock.clone());
        move || DeskState::new((**handle.state().borrow()).clone(), clock.now())
    });
    use_context_provider(|| desk);
    let first = spoken(&desk.preferences().peek(), system);
    let mut i18n = use_i18n_provider(first, SOURCES);
    use_effect(move || i18n.speak(spoken(&desk.preferences().read(), system)));
    use_focus_provider();
    use_context_provider(News::new);
    use_snapshots(&handle, desk);
    use_events(&handle, desk);
    use_clock(clock, desk);
    rsx! {
        Router::<Route> {}
    }
}

/// The language that these preferences ask for; the system's unless one was chosen.
pub fn spoken(preferences: &Preferences, system: Spoken) -> Language {
    match preferences.language.unwrap_or(system) {
        Spoken::English => Language::English,
        Spoken::Chinese => Language::Chinese,
    }
}
