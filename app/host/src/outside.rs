//! Where the face meets its window and what comes from outside of it.

use std::sync::atomic::Ordering;

use dioxus::prelude::*;
use gridkey_client::app::{Language, Theme, WindowSize};
use tokio::sync::watch;

use crate::{
    Call, Calls, End, Opening,
    launch::window_theme,
    shell::{DesktopContext, WindowCloseBehaviour, WindowEvent, tao::event::Event, use_wry_event_handler},
    size,
};

/// Connects the face with its window, if it has one. Stands in the face always; draws nothing. Takes [`Calls`] from the context,
/// and what [`launch`](crate::launch()) put there.
///
/// - `theme`, `language`: of the page and the window now.
/// - `remembers`: whether the size is kept for the next time.
/// - `onshow`: goes to the screen with this path, if there is one.
/// - `onlock`: hides the screens.
/// - `stays`: whether the program goes on when the window is closed, because something brings it back.
#[component]
pub fn Outside(
    theme: Theme,
    language: Language,
    remembers: bool,
    onshow: Callback<String>,
    onlock: Callback,
    stays: Callback<(), bool>,
) -> Element {
    let there = use_hook(|| try_consume_context::<DesktopContext>().is_some());
    rsx! {
        if there {
            Calling { onshow, onlock }
            Closing { remembers, stays }
            Looks { theme, language }
        }
    }
}

/// Does what is asked for from outside.
#[component]
fn Calling(onshow: Callback<String>, onlock: Callback) -> Element {
    let (window, end, calls) = (
        use_hook(consume_context::<DesktopContext>),
        use_hook(consume_context::<End>),
        use_hook(consume_context::<Calls>),
    );
    use_future({
        let (window, end) = (window.clone(), end.clone());
        move || {
            let (window, end, calls) = (window.clone(), end.clone(), calls.clone());
            async move {
                while let Some(call) = calls.next().await {
                    match call {
                        Call::Show(path) => {
                            if let Some(path) = path {
                                onshow.call(path);
                            }
                            window.set_visible(true);
                            window.set_minimized(false);
                            window.set_focus();
                        }
                        Call::Lock => onlock.call(()),
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
        let window = window.clone();
        move || {
            let (window, end) = (window.clone(), end.clone());
            async move {
                end.quit().await;
                close(&window);
            }
        }
    });
    let opening = use_hook(consume_context::<Opening>);
    use_effect(move || {
        opening.drawn.store(true, Ordering::Relaxed);
        if !opening.hidden {
            window.set_visible(true);
        }
    });
    rsx! {}
}

fn close(window: &DesktopContext) {
    window.set_close_behavior(WindowCloseBehaviour::WindowCloses);
    window.close();
}

/// What closing the window means, and its size.
#[component]
fn Closing(remembers: bool, stays: Callback<(), bool>) -> Element {
    let (window, end, calls) = (
        use_hook(consume_context::<DesktopContext>),
        use_hook(consume_context::<End>),
        use_hook(consume_context::<Calls>),
    );
    let sender = use_hook(|| watch::Sender::<Option<WindowSize>>::new(None));
    use_future({
        let (end, sender) = (end.clone(), sender.clone());
        move || size::remember(end.clone(), sender.subscribe())
    });
    use_wry_event_handler(move |event, _| {
        let Event::WindowEvent { event, .. } = event else { return };
        match event {
            // The window is hidden by then. It stays so where something brings it back.
            WindowEvent::CloseRequested => {
                size::keep(end.behind(), *sender.borrow());
                if !stays.call(()) {
                    calls.call(Call::Quit);
                }
            }
            WindowEvent::Resized(size) if remembers && !window.is_maximized() => {
                let size = size.to_logical::<u32>(window.scale_factor());
                sender.send_replace(Some(WindowSize { width: size.width, height: size.height }));
            }
            _ => {}
        }
    });
    rsx! {}
}

/// Language and theme of page and window, as the person chose them.
#[component]
fn Looks(theme: Theme, language: Language) -> Element {
    let window = use_hook(consume_context::<DesktopContext>);
    use_effect(use_reactive!(|(theme, language)| {
        window.set_theme(window_theme(theme));
        if let Err(error) = window.webview.evaluate_script(&look(theme, language)) {
            tracing::warn!(%error, "the page's language and theme could not be set");
        }
    }));
    rsx! {}
}

/// A script that sets language and theme of the page; made of constants only. Nothing fades from one theme to the other: for two
/// frames the style has no transitions.
fn look(theme: Theme, language: Language) -> String {
    let theme = match theme {
        Theme::System => "delete root.dataset.theme",
        Theme::Light => "root.dataset.theme = 'light'",
        Theme::Dark => "root.dataset.theme = 'dark'",
    };
    format!(
        "{{ const root = document.documentElement; root.classList.add('is-changing'); root.lang = '{}'; {theme}; \
         requestAnimationFrame(() => requestAnimationFrame(() => root.classList.remove('is-changing'))); }}",
        language.tag()
    )
}
