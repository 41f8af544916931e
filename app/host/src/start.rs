//! What happens before there is a window, and may prevent one.

use std::{io, path::Path};

use gridkey_client::app::Language;

use crate::{
    Call, Calls, Folders, environment,
    instance::{self, Claim, InstanceError},
};

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No screen that a window could be on.
    #[error("there is no display to open a window on; `{0}` is the program for terminals")]
    NoDisplay(&'static str),
    /// The system gives no threads.
    #[error("no threads: {0}")]
    Threads(io::Error),
    /// It cannot be told whether the program runs already.
    #[error(transparent)]
    Instance(#[from] InstanceError),
}

/// Sets right what must be right before the program has threads, then begins to log to standard error: what `RUST_LOG` says, else
/// `filter`. To be called first. `terminal` is the program to name where there is no display.
pub fn prepare(filter: &str, terminal: &'static str) -> Result<(), Failure> {
    environment::settle();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(filter));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    if environment::has_display() { Ok(()) } else { Err(Failure::NoDisplay(terminal)) }
}

/// A runtime as the window's library wants it: with threads, entered while the window lives.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Threads)
}

/// Whether this is the only start of `program` with `config`. If not, the first was asked to come to the front and to show
/// `screen`. If it is, later starts become `calls` as long as it runs. A tokio runtime must be entered.
pub fn alone(
    folders: &Folders,
    program: &str,
    config: Option<&Path>,
    screen: Option<&str>,
    calls: &Calls,
) -> Result<bool, Failure> {
    let key = config.unwrap_or(Path::new("none")).to_string_lossy();
    // A phone's system sees to it that a program runs once.
    if !cfg!(any(target_os = "android", target_os = "ios")) {
        match instance::claim(&folders.runtime(), program, &key, screen)? {
            Claim::First(instance) => {
                let calls = calls.clone();
                tokio::spawn(async move {
                    if let Err(error) = instance.listen(calls).await {
                        tracing::warn!(%error, "second starts are not noticed");
                    }
                });
            }
            Claim::Second => return Ok(false),
        }
    }
    if let Some(screen) = screen {
        calls.call(Call::Show(Some(screen.to_owned())));
    }
    Ok(true)
}

/// The language of the system, spoken until the person chooses one.
pub fn system_language() -> Language {
    sys_locale::get_locale().map_or_else(Language::default, |tag| Language::nearest(&tag))
}
