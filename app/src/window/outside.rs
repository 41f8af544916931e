//! Where the face meets its window and what comes from outside of it.

use std::time::Duration;

use dioxus::prelude::*;
use gridkey_client::app::{AppHandle, Command, Preference};
use gridkey_host::{Opening, Outside as Host, shell::DesktopContext};

use crate::{
    context::{AppStateStoreExt as _, use_app, use_platform, use_send},
    platform::Form,
    route::Route,
};

/// How long a tray may take to appear before a window that started hidden is shown minimised instead.
const TRAY: Duration = Duration::from_secs(4);

/// Connects the face with its window, if it has one. Stands below the router, always; draws nothing.
#[component]
pub fn Outside() -> Element {
    let there = use_hook(|| try_consume_context::<DesktopContext>().is_some());
    let (app, platform, send) = (use_app(), use_platform(), use_send());
    let (navigator, handle) = (use_navigator(), use_hook(consume_context::<AppHandle>));
    let form = platform.form;
    let (theme, language) = {
        let preferences = app.preferences();
        let preferences = preferences.read();
        (preferences.theme, preferences.language.unwrap_or(platform.language))
    };
    rsx! {
        Host {
            theme,
            language,
            remembers: form == Form::Computer,
            onshow: move |path: String| {
                if let Some(route) = screen(&path) {
                    navigator.push(route);
                }
            },
            onlock: move |()| send.send(Command::Lock),
            stays: move |()| stays(&handle, platform.has_tray()),
        }
        if there {
            Hidden {}
            AtLogin {}
            Icon {}
        }
    }
}

/// The screen with this path; none for one that does not exist.
fn screen(path: &str) -> Option<Route> {
    path.parse().ok().filter(|route| !matches!(route, Route::Lost { .. }))
}

/// Whether the program goes on when its window is closed: where the person wants that and a tray brings it back.
fn stays(handle: &AppHandle, tray: bool) -> bool {
    tray && handle.state().borrow().preferences.close_to_tray
}

/// A window that starts hidden is shown minimised where no tray shows it.
#[component]
fn Hidden() -> Element {
    let (window, opening) = (use_hook(consume_context::<DesktopContext>), use_hook(consume_context::<Opening>));
    let platform = use_platform();
    use_future(move || {
        let (window, platform, hidden) = (window.clone(), platform.clone(), opening.hidden);
        async move {
            if hidden {
                tokio::time::sleep(TRAY).await;
                if !platform.has_tray() && !window.is_visible() {
                    window.set_visible(true);
                    window.set_minimized(true);
                }
            }
        }
    });
    rsx! {}
}

/// Starting at login, as the person chose it.
#[component]
fn AtLogin() -> Element {
    let (app, platform) = (use_app(), use_platform());
    let handle = use_hook(consume_context::<AppHandle>);
    let wanted = use_memo(move || app.preferences().read().start_at_login);
    let mut first = use_hook(|| CopyValue::new(true));
    use_effect(move || {
        let (wanted, autostart) = (wanted(), &platform.autostart);
        let first = std::mem::replace(&mut *first.write(), false);
        if wanted == autostart.is_on() {
            return;
        }
        if first {
            // Turned off, or on, in the system's own settings since: that is the person's last word.
            handle.send(Command::Prefer(Preference::StartAtLogin(autostart.is_on())));
        } else if let Err(error) = autostart.set(wanted) {
            tracing::warn!(%error, "starting at login was not changed");
        }
    });
    rsx! {}
}

/// The tray's icon, on a computer.
#[component]
fn Icon() -> Element {
    #[cfg(feature = "desktop")]
    if use_platform().form == Form::Computer {
        return rsx! { crate::platform::tray::Tray {} };
    }
    rsx! {}
}

#[cfg(test)]
mod tests {
    use gridkey_client::app::{AppHandle, Preferences, Snapshot};

    use super::*;

    #[test]
    fn closing_ends_the_program_unless_the_tray_brings_it_back() {
        for (close_to_tray, tray, goes_on) in
            [(false, false, false), (false, true, false), (true, false, false), (true, true, true)]
        {
            let preferences = Preferences { close_to_tray, ..Preferences::default() };
            let (handle, _ends) = AppHandle::pair(Snapshot { preferences, ..Snapshot::default() });
            assert_eq!(stays(&handle, tray), goes_on, "{close_to_tray} {tray}");
        }
    }

    #[test]
    fn only_screens_that_exist_are_gone_to() {
        assert_eq!(screen("/bills"), Some(Route::Bills {}));
        for path in ["/nowhere", "https://evil.example/", "bills", ""] {
            assert!(screen(path).is_none_or(|route| route == Route::Overview {}), "{path}");
        }
    }
}
