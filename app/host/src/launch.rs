//! From a description of the window to the open window.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use dioxus::prelude::*;
use gridkey_client::app::{Language, Theme, WindowSize};

use crate::{
    End, page,
    shell::{
        Config, LogicalSize, WindowBuilder, WindowCloseBehaviour, icon_from_memory,
        tao::{event::Event, window::Theme as WindowTheme},
    },
};

/// How long the first drawing may take before the window is shown without it.
const BLANK: Duration = Duration::from_secs(10);

/// A window that is to open.
#[derive(Debug, Clone)]
pub struct Window {
    /// Its title until a screen sets its own.
    pub title: &'static str,
    /// Its icon, PNG.
    pub icon: &'static [u8],
    /// The style sheet, whole; the page loads nothing.
    pub css: String,
    /// What the page says at first.
    pub language: Language,
    /// Light or dark at first.
    pub theme: Theme,
    /// The size to open with, logical pixels.
    pub size: WindowSize,
    /// The smallest size that shows everything, logical pixels.
    pub smallest: WindowSize,
    /// Unseen, until somebody asks for it.
    pub hidden: bool,
    /// The folder for what the web view keeps.
    pub data: PathBuf,
}

/// How the window begins.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Unseen, until somebody asks for it.
    pub hidden: bool,
    /// The face was drawn once.
    pub(crate) drawn: Arc<AtomicBool>,
}

/// Describes the window to `launcher` and puts into the context of the face what [`Outside`](crate::Outside) needs. The process
/// ends with the window, after `end`. A runtime of tokio with threads must be entered.
pub fn launch(launcher: LaunchBuilder, window: Window, end: End) -> LaunchBuilder {
    let opening = Opening { hidden: window.hidden, drawn: Arc::default() };
    launcher.with_cfg(config(window, opening.clone(), end.clone())).with_context(end).with_context(opening)
}

/// The theme of a window's own parts; the system's for none.
pub(crate) const fn window_theme(theme: Theme) -> Option<WindowTheme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(WindowTheme::Light),
        Theme::Dark => Some(WindowTheme::Dark),
    }
}

fn config(window: Window, opening: Opening, end: End) -> Config {
    let logical = |size: WindowSize| LogicalSize::new(size.width, size.height);
    let builder = WindowBuilder::new()
        .with_title(window.title)
        .with_inner_size(logical(window.size))
        .with_min_inner_size(logical(window.smallest))
        .with_theme(window_theme(window.theme))
        // Shown once it is drawn. A window that begins hidden also goes on drawing while it is hidden, since the page then
        // waits for no frame of the screen; otherwise the face would stand still in the tray, and notifications with it.
        .with_visible(cfg!(any(target_os = "android", target_os = "ios")))
        // A debug build would stand above everything else.
        .with_always_on_top(false);
    let mut config = Config::new()
        .with_window(builder)
        .with_custom_index(page::index(window.title, window.language, window.theme, &window.css))
        .with_background_color(if window.theme == Theme::Dark { page::DARK } else { page::LIGHT })
        .with_data_directory(window.data)
        .with_disable_context_menu(!cfg!(debug_assertions))
        .with_disable_drag_drop_handler(true)
        // Set right already; see `environment`.
        .with_disable_dma_buf_on_wayland(false)
        // What closing means is decided in `outside`.
        .with_close_behaviour(WindowCloseBehaviour::WindowHides)
        // The window never goes anywhere; pages open in the browser, by `Browser`.
        .with_navigation_handler(|_| false)
        .with_on_window(move |window, _| {
            let opening = opening.clone();
            // Should the page fail, an empty window is still better than none: it can be closed.
            tokio::spawn(async move {
                tokio::time::sleep(BLANK).await;
                if !opening.hidden && !opening.drawn.load(Ordering::Relaxed) {
                    window.set_visible(true);
                }
            });
        })
        .with_custom_event_handler(move |event, _| {
            if matches!(event, Event::LoopDestroyed) {
                end.reach_blocking();
            }
        });
    // On macOS the menu bar carries the shortcuts of copying and pasting.
    if !cfg!(target_os = "macos") {
        config = config.with_menu(None);
    }
    match icon_from_memory(window.icon) {
        Ok(icon) => config.with_icon(icon),
        Err(error) => {
            tracing::warn!(%error, "the window has no icon");
            config
        }
    }
}
