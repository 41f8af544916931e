//! From the command line to the open window.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use dioxus::prelude::*;
use gridkey_client::app::{App as Program, AppHandle, Language, Preferences, WindowSize};
use gridkey_host::{
    End, Failure, Folders, Window, alone, launch, on_signals, opening_size, prepare, runtime, system_language,
};

use super::{Options, behind::Customer};
use crate::{
    platform::{Form, Platform},
    root::App,
};

const ICON: &[u8] = include_bytes!("../../../assets/icons/app/gridkey-256.png");

/// The size of a window on a computer until it was changed, logical pixels.
const USUAL: WindowSize = WindowSize { width: 1280, height: 800 };
/// The smallest window that shows everything, logical pixels.
const SMALLEST: WindowSize = WindowSize { width: 360, height: 600 };
/// A phone's, on a computer.
const PHONE: WindowSize = WindowSize { width: 390, height: 844 };

/// Runs the program until its window is gone. What prevents a window is said on standard error.
pub fn start(form: Form, options: &Options) -> ExitCode {
    match open(form, options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("gridkey: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn open(form: Form, options: &Options) -> Result<(), Failure> {
    prepare("warn,gridkey_app=info,gridkey_host=info,gridkey_client=info", "gridkey")?;
    let folders = Folders::of_person();
    let config = options.config.clone().or_else(|| folders.default_config("client.toml"));
    let config = config.map(|path| fs::canonicalize(&path).unwrap_or(path));
    // The window's library wants a runtime with threads, and runs inside it.
    let runtime = runtime()?;
    let _entered = runtime.enter();

    let platform = match form {
        #[cfg(feature = "desktop")]
        Form::Computer => Platform::computer(&folders, at_login(config.as_deref())),
        _ => Platform::phone(&folders),
    };
    let platform = platform.speaking(options.lang.as_deref().map_or_else(system_language, Language::nearest));
    if !alone(&folders, "app", config.as_deref(), options.screen.as_deref(), &platform.calls)? {
        return Ok(());
    }
    on_signals(platform.calls.clone());

    let handle = program(config.as_deref(), form);
    let end = End::of(Arc::new(Customer(handle.clone())));
    let preferences = handle.state().borrow().preferences.clone();
    let data = options.data_dir.clone().unwrap_or_else(|| folders.data().join("web"));
    let window = window(form, &preferences, platform.language, options.hidden && form == Form::Computer, data);
    launch(launcher(form), window, end)
        .with_context(handle)
        .with_context(platform.calls.clone())
        .with_context(platform)
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

/// The window as the person left it. `system` is the system's language.
fn window(form: Form, preferences: &Preferences, system: Language, hidden: bool, data: PathBuf) -> Window {
    Window {
        title: "Gridkey",
        icon: ICON,
        css: gridkey_kit::style::CSS.to_owned(),
        language: preferences.language.unwrap_or(system),
        theme: preferences.theme,
        size: match form {
            Form::Phone => PHONE,
            Form::Computer => opening_size(preferences.window, USUAL, SMALLEST),
        },
        smallest: SMALLEST,
        hidden,
        data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computer_s_window_is_as_it_was_left_and_a_phone_s_as_phones_are() {
        let left = Preferences { window: Some(WindowSize { width: 1600, height: 900 }), ..Preferences::default() };
        let size = |form| window(form, &left, Language::Chinese, false, PathBuf::new()).size;
        assert_eq!(size(Form::Computer), WindowSize { width: 1600, height: 900 });
        assert_eq!(size(Form::Phone), PHONE);
        assert_eq!(window(Form::Phone, &left, Language::Chinese, false, PathBuf::new()).language, Language::Chinese);
    }
}
