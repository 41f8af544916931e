//! From the command line to the open window.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use dioxus::prelude::*;
use gridkey_client::app::{App as Program, AppHandle, Language, Preferences, Theme};

use super::{
    Options,
    end::{End, on_signals},
    environment, page,
    shell::{
        Config, LogicalSize, WindowBuilder, WindowCloseBehaviour, icon_from_memory,
        tao::{event::Event, window::Theme as WindowTheme},
    },
    size,
};
use crate::{
    platform::{
        Call, Folders, Form, Platform,
        instance::{self, Claim},
    },
    root::App,
};

const ICON: &[u8] = include_bytes!("../../../assets/icons/app/gridkey-256.png");

/// How long the first drawing may take before the window is shown without it.
const BLANK: Duration = Duration::from_secs(10);

/// How the window begins.
#[derive(Debug, Clone)]
pub(super) struct Opening {
    /// Unseen, until somebody asks for it.
    pub(super) hidden: bool,
    /// The face was drawn once.
    pub(super) drawn: Arc<AtomicBool>,
}

/// Runs the program until its window is gone. What prevents a window is said on standard error.
pub fn start(form: Form, options: &Options) -> ExitCode {
    environment::settle();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,gridkey_app=info,gridkey_client=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    if !environment::has_display() {
        eprintln!("gridkey: there is no display to open a window on; `gridkey` is the program for terminals");
        return ExitCode::FAILURE;
    }
    match open(form, options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("gridkey: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn open(form: Form, options: &Options) -> Result<(), String> {
    let folders = Folders::of_person();
    let config = options.config.clone().or_else(|| folders.default_config());
    let config = config.map(|path| fs::canonicalize(&path).unwrap_or(path));
    let key = config.as_deref().unwrap_or(Path::new("none")).to_string_lossy().into_owned();
    // The window's library wants a runtime with threads, and runs inside it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no threads: {error}"))?;
    let _entered = runtime.enter();

    let platform = match form {
        #[cfg(feature = "desktop")]
        Form::Computer => Platform::computer(&folders, at_login(config.as_deref())),
        _ => Platform::phone(&folders),
    };
    let platform = platform.speaking(options.lang.as_deref().map_or_else(system_language, Language::nearest));
    // A phone's system sees to it that a program runs once.
    let alone = cfg!(any(target_os = "android", target_os = "ios"));
    let claim = (!alone).then(|| instance::claim(&folders.runtime(), &key, options.screen.as_deref()));
    match claim.transpose() {
        Ok(None) => {}
        Ok(Some(Claim::First(instance))) => {
            let calls = platform.calls.clone();
            tokio::spawn(async move {
                if let Err(error) = instance.listen(calls).await {
                    tracing::warn!(%error, "second starts are not noticed");
                }
            });
        }
        Ok(Some(Claim::Second)) => return Ok(()),
        Err(error) => return Err(error.to_string()),
    }
    if let Some(screen) = &options.screen {
        platform.calls.call(Call::Show(Some(screen.clone())));
    }
    on_signals(platform.calls.clone());

    let handle = program(config.as_deref(), form);
    let end = End::of(handle.clone());
    let opening = Opening { hidden: options.hidden && form == Form::Computer, drawn: Arc::default() };
    let preferences = handle.state().borrow().preferences.clone();
    let language = preferences.language.unwrap_or(platform.language);
    let data = options.data_dir.clone().unwrap_or_else(|| folders.data().join("web"));
    let config = window(form, &preferences, language, opening.clone(), data, end.clone());
    launcher(form)
        .with_cfg(config)
        .with_context(handle)
        .with_context(platform)
        .with_context(end)
        .with_context(opening)
        .launch(App);
    Ok(())
}

/// The program behind the face. What its configuration lacks is told on the screen.
fn program(config: Option<&Path>, form: Form) -> AppHandle {
    let agent = match form {
        Form::Computer => concat!("gridkey-app/", env!("CARGO_PKG_VERSION")),
        Form::Phone => concat!("gridkey-phone/", env!("CARGO_PKG_VERSION")),
    };
    Program::from_config(config, agent)
}

/// What the system is to run at login: this program, hidden, with the configuration it runs with now.
#[cfg(feature = "desktop")]
fn at_login(config: Option<&Path>) -> Vec<std::ffi::OsString> {
    let program = std::env::current_exe().unwrap_or_else(|_| "gridkey-app".into());
    let mut start = vec![program.into_os_string(), "--hidden".into()];
    if let Some(config) = config {
        start.extend(["--config".into(), config.as_os_str().to_owned()]);
    }
    start
}

fn system_language() -> Language {
    sys_locale::get_locale().map_or_else(Language::default, |tag| Language::nearest(&tag))
}

fn launcher(form: Form) -> LaunchBuilder {
    match form {
        #[cfg(feature = "mobile")]
        Form::Phone => LaunchBuilder::mobile(),
        #[cfg(feature = "desktop")]
        Form::Computer => LaunchBuilder::desktop(),
        #[cfg(not(all(feature = "desktop", feature = "mobile")))]
        _ => LaunchBuilder::new(),
    }
}

fn window(
    form: Form,
    preferences: &Preferences,
    language: Language,
    opening: Opening,
    data: PathBuf,
    end: End,
) -> Config {
    let size = size::opening(form, preferences);
    let logical = |size: gridkey_client::app::WindowSize| LogicalSize::new(size.width, size.height);
    let theme = match preferences.theme {
        Theme::System => None,
        Theme::Light => Some(WindowTheme::Light),
        Theme::Dark => Some(WindowTheme::Dark),
    };
    let window = WindowBuilder::new()
        .with_title("Gridkey")
        .with_inner_size(logical(size))
        .with_min_inner_size(logical(size::SMALLEST))
        .with_theme(theme)
        // Shown once it is drawn. A window that begins hidden also goes on drawing while it is hidden, since the page then
        // waits for no frame of the screen; otherwise the face would stand still in the tray, and notifications with it.
        .with_visible(cfg!(any(target_os = "android", target_os = "ios")))
        // A debug build would stand above everything else.
        .with_always_on_top(false);
    let mut config = Config::new()
        .with_window(window)
        .with_custom_index(page::index(language, preferences.theme, gridkey_kit::style::CSS))
        .with_background_color(if preferences.theme == Theme::Dark { page::DARK } else { page::LIGHT })
        .with_data_directory(data)
        .with_disable_context_menu(!cfg!(debug_assertions))
        .with_disable_drag_drop_handler(true)
        // Set right already; see `environment`.
        .with_disable_dma_buf_on_wayland(false)
        // What closing means is decided in `outside`.
        .with_close_behaviour(WindowCloseBehaviour::WindowHides)
        // The window never goes anywhere; pages open in the browser, by `Platform::browser`.
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
    match icon_from_memory(ICON) {
        Ok(icon) => config.with_icon(icon),
        Err(error) => {
            tracing::warn!(%error, "the window has no icon");
            config
        }
    }
}
