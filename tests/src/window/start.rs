//! How a program is started: which program, in what looks, configured how.

use std::{fs, path::PathBuf, process::Stdio};

use anyhow::Result;

use super::{Desktop, process::Process};
use crate::programs;

/// A program with a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// On a computer.
    Desktop,
    /// On a phone.
    Phone,
    /// The administrators' dashboard.
    Dashboard,
}

impl Program {
    const fn name(self) -> &'static str {
        match self {
            Self::Desktop => "gridkey-app",
            Self::Phone => "gridkey-phone",
            Self::Dashboard => "gridkey-dashboard",
        }
    }

    /// The files of its configuration and its preferences.
    const fn files(self) -> [&'static str; 2] {
        match self {
            Self::Desktop | Self::Phone => ["client.toml", "app.toml"],
            Self::Dashboard => ["admin.toml", "dashboard.toml"],
        }
    }
}

/// Language and colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The language's tag: `en` or `zh-CN`.
    pub language: &'static str,
    /// `light` or `dark`.
    pub theme: &'static str,
}

impl Default for Look {
    fn default() -> Self {
        Self { language: "en", theme: "light" }
    }
}

/// How a program is started.
#[derive(Debug, Clone)]
pub struct Start {
    /// Which one.
    pub program: Program,
    /// Its language and colours.
    pub look: Look,
    /// What its configuration file says.
    pub config: String,
    /// Further preferences, TOML.
    pub preferences: String,
    /// Further environment.
    pub environment: Vec<(String, String)>,
    /// Arguments on the command line.
    pub arguments: Vec<String>,
}

impl Start {
    /// `program` with this configuration.
    pub fn new(program: Program, config: impl Into<String>) -> Self {
        Self {
            program,
            look: Look::default(),
            config: config.into(),
            preferences: String::new(),
            environment: Vec::new(),
            arguments: Vec::new(),
        }
    }

    /// With a screen to open, `/bills` for instance.
    #[must_use]
    pub fn at(mut self, screen: &str) -> Self {
        self.arguments = vec![screen.to_owned()];
        self
    }

    /// In this language and these colours.
    #[must_use]
    pub const fn looking(mut self, look: Look) -> Self {
        self.look = look;
        self
    }
}

/// Starts a program on the desk with its configuration and preferences in the person's home.
pub(super) fn launch(desktop: &Desktop, start: &Start) -> Result<Process> {
    let folder = desktop.config();
    fs::create_dir_all(&folder)?;
    let [config, preferences] = start.program.files().map(|file| folder.join(file));
    fs::write(config, &start.config)?;
    if !preferences.exists() {
        let Look { language, theme } = start.look;
        let text = format!("language = \"{language}\"\ntheme = \"{theme}\"\n{}", start.preferences);
        fs::write(&preferences, text)?;
    }
    let log = fs::OpenOptions::new().create(true).append(true).open(log_of(desktop, start.program))?;
    let mut command = Process::command(programs::path(start.program.name())?);
    desktop.lend_to(&mut command);
    command.args(&start.arguments).env("RUST_BACKTRACE", "1").envs(start.environment.iter().cloned());
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Process::start(command)
}

/// Where a program on this desk logs.
pub(super) fn log_of(desktop: &Desktop, program: Program) -> PathBuf {
    desktop.home().join(format!("{}.log", program.name()))
}
