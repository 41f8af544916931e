//! Where the face meets its window and what comes from outside of it.

use std::{sync::atomic::Ordering, time::Duration};

use dioxus::prelude::*;
use gridkey_client::app::{AppHandle, Command, Language, Theme, WindowSize};
use tokio::sync::watch;

use super::{
    end::End,
    shell::{
        DesktopContext, WindowCloseBehaviour, WindowEvent,
        tao::{event::Event, window::Theme as WindowTheme},
        use_wry_event_handler,
    },
    size,
    start::Opening,
};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_platform},
    platform::{Call, Calls, Form},
    route::Route,
};

/// How long a tray may take to appear before a window that started hidden is shown minimised instead.
const TRAY: Duration = Duration::from_secs(4);

/// Connects the face with its window, if it has one. Stands below the router, always; draws nothing.
#[component]
pub fn Outside() -> Element {
    let there = use_hook(|| try_consume_context::<DesktopContext>().is_some());
    rsx! {
        if there {
            Calling {}
            Closing {}
            Looks {}
            Icon {}
        }
    }
}

/// Does what is asked for from outside.
#[component]
fn Calling() -> Element {
    let (window, handle, end) = (
        use_hook(consume_context::<DesktopContext>),
        use_hook(consume_context::<AppHandle>),
        use_hook(consume_context::<End>),
    );
    let (platform, navigator) = (use_platform(), use_navigator());
    use_future({
        let (window, handle, end, calls) = (window.clone(), handle, end.clone(), platform.calls.clone());
        move || {
            let (window, handle, end, calls) = (window.clone(), handle.clone(), end.clone(), calls.clone());
            async move {
                while let Some(call) = calls.next().await {
                    match call {
                        Call::Show(path) => {
                            if let Some(route) = path.and_then(|path| screen(&path)) {
                                navigator.push(route);
                            }
                            window.set_visible(true);
                            window.set_minimized(false);
                            window.set_focus();
                        }
                        Call::Lock => handle.send(Command::Lock),
                        Call::Quit => {
                            // At once for the eye; the program may need a moment to say goodbye.
                            window.set_visible(false);
                            end.reach().await;
                            close(&window);
                        }
                    }
                }
            }
        }
    });
    // The program may end by itself.
    use_future({
        let (window, end) = (window.clone(), end);
        move || {
            let (window, end) = (window.clone(), end.clone());
            async move {
                end.quit().await;
                close(&window);
            }
        }
    });
    let opening = use_hook(consume_context::<Opening>);
    use_effect({
        let (window, opening) = (window.clone(), opening.clone());
        move || {
            opening.drawn.store(true, Ordering::Relaxed);
            if !opening.hidden {
                window.set_visible(true);
            }
        }
    });
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

/// The screen with this path; none for one that does not exist.
fn screen(path: &str) -> Option<Route> {
    path.parse().ok().filter(|route| !matches!(route, Route::Lost { .. }))
}

fn close(window: &DesktopContext) {
    window.set_close_behavior(WindowCloseBehaviour::WindowCloses);
    window.close();
}

/// What closing the window means, and its size.
#[component]
fn Closing() -> Element {
    let (window, handle) = (use_hook(consume_context::<DesktopContext>), use_hook(consume_context::<AppHandle>));
    let platform = use_platform();
    let sender = use_hook(|| watch::Sender::<Option<WindowSize>>::new(None));
    use_future({
        let (handle, sender) = (handle.clone(), sender.clone());
        move || size::remember(handle.clone(), sender.subscribe())
    });
    use_wry_event_handler(move |event, _| {
        let Event::WindowEvent { event, .. } = event else { return };
        match event {
            WindowEvent::CloseRequested => on_close(&handle, &platform.calls, platform.has_tray(), *sender.borrow()),
            WindowEvent::Resized(size) if platform.form == Form::Computer && !window.is_maximized() => {
                let size = size.to_logical::<u32>(window.scale_factor());
                sender.send_replace(Some(WindowSize { width: size.width, height: size.height }));
            }
            _ => {}
        }
    });
    rsx! {}
}

/// The window is hidden by then. It stays so where the person wants that and a tray brings it back.
fn on_close(handle: &AppHandle, calls: &Calls, tray: bool, left_at: Option<WindowSize>) {
    size::keep(handle, left_at);
    let stay = handle.state().borrow().preferences.close_to_tray;
    if !(stay && tray) {
        calls.call(Call::Quit);
    }
}

/// Language and theme of page and window, and starting at login, as the person chose them.
#[component]
fn Looks() -> Element {
    let window = use_hook(consume_context::<DesktopContext>);
    let (app, platform) = (use_app(), use_platform());
    let (theme, language) = {
        let preferences = app.preferences();
        let preferences = preferences.read();
        (preferences.theme, preferences.language.unwrap_or(platform.language))
    };
    use_effect(use_reactive!(|(theme, language)| {
        window.set_theme(match theme {
            Theme::System => None,
            Theme::Light => Some(WindowTheme::Light),
            Theme::Dark => Some(WindowTheme::Dark),
        });
        if let Err(error) = window.webview.evaluate_script(&look(theme, language)) {
            tracing::warn!(%error, "the page's language and theme could not be set");
        }
    }));

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
            let preferences = handle.state().borrow().preferences.clone();
            let start_at_login = autostart.is_on();
            handle.send(Command::SetPreferences(gridkey_client::app::Preferences { start_at_login, ..preferences }));
        } else if let Err(error) = autostart.set(wanted) {
            tracing::warn!(%error, "starting at login was not changed");
        }
    });
    rsx! {}
}

/// A script that sets language and theme of the page; made of constants only.
fn look(theme: Theme, language: Language) -> String {
    let theme = match theme {
        Theme::System => "delete root.dataset.theme",
        Theme::Light => "root.dataset.theme = 'light'",
        Theme::Dark => "root.dataset.theme = 'dark'",
    };
    format!("{{ const root = document.documentElement; root.lang = '{}'; {theme}; }}", language.tag())
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

    #[tokio::test]
    async fn closing_ends_the_program_unless_the_tray_brings_it_back() {
        for (close_to_tray, tray, ends) in
            [(false, false, true), (false, true, true), (true, false, true), (true, true, false)]
        {
            let preferences = Preferences { close_to_tray, ..Preferences::default() };
            let (handle, _ends) = AppHandle::pair(Snapshot { preferences, ..Snapshot::default() });
            let calls = Calls::new();
            on_close(&handle, &calls, tray, None);
            calls.call(Call::Show(None));
            assert_eq!(calls.next().await == Some(Call::Quit), ends, "{close_to_tray} {tray}");
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
