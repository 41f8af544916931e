//! From the command line to the open window.

use std::{fs, process::ExitCode, sync::Arc};

use dioxus::prelude::*;
use gridkey_desk::office::{Language, Office, WindowSize};
use gridkey_host::{
    Calls, End, Failure, Folders, Window, alone, launch, on_signals, opening_size, prepare, runtime, system_language,
};

use super::{Options, behind::Desk};
use crate::{platform::Platform, root::Dashboard, style};

const ICON: &[u8] = include_bytes!("../../../assets/icons/app/gridkey-256.png");
const AGENT: &str = concat!("gridkey-dashboard/", env!("CARGO_PKG_VERSION"));

/// The window's size until it was changed, logical pixels.
const USUAL: WindowSize = WindowSize { width: 1280, height: 800 };
/// The smallest window that shows everything, logical pixels.
const SMALLEST: WindowSize = WindowSize { width: 1024, height: 700 };

/// Runs the program until its window is gone. What prevents a window is said on standard error.
pub fn start(options: &Options) -> ExitCode {
    match open(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("gridkey-dashboard: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn open(options: &Options) -> Result<(), Failure> {
    let filter =
        "warn,cryptoki::mechanism=off,gridkey_dashboard=info,gridkey_desk=info,gridkey_host=info,gridkey_client=info";
    prepare(filter, "gridkey-admin")?;
    let folders = Folders::of_person();
    let config = options.config.clone().or_else(|| folders.default_config("admin.toml"));
    let config = config.map(|path| fs::canonicalize(&path).unwrap_or(path));
    // The window's library wants a runtime with threads, and runs inside it.
    let runtime = runtime()?;
    let _entered = runtime.enter();
    let calls = Calls::new();
    if !alone(&folders, "dashboard", config.as_deref(), options.screen.as_deref(), &calls)? {
        return Ok(());
    }
    on_signals(calls.clone());

    let platform =
        Platform::computer(&folders).speaking(options.lang.as_deref().map_or_else(system_language, Language::nearest));
    let handle = Office::from_config(config.as_deref(), AGENT);
    let preferences = handle.state().borrow().preferences.clone();
    let window = Window {
        title: "Gridkey Admin",
        icon: ICON,
        css: style::sheet(),
        language: preferences.language.unwrap_or(platform.language),
        theme: preferences.theme,
        size: opening_size(preferences.window, USUAL, SMALLEST),
        smallest: SMALLEST,
        hidden: false,
        data: options.data_dir.clone().unwrap_or_else(|| folders.data().join("dashboard-web")),
    };
    launch(LaunchBuilder::desktop(), window, End::of(Arc::new(Desk(handle.clone()))))
        .with_context(handle)
        .with_context(calls)
        .with_context(platform)
        .launch(Dashboard);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use gridkey_desk::office::OfficeConfig;

    #[test]
    fn the_example_of_a_configuration_can_be_read() {
        let example = Path::new("gridkey-admin.example.toml");
        let config = OfficeConfig::from_file(example).unwrap();
        assert_eq!(config.token_module(), config.client.module.as_deref());
        assert!(config.client.server.is_some() && config.client.root.is_some());
    }
}
