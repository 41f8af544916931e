//! Building the programs that the demo and the end-to-end tests run.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    setup,
    workspace::{PHONE, TESTED, cargo},
};

/// Every program of the workspace but this one, built together, so that shared crates get the same features each time.
const PROGRAMS: &[&str] = &["build", "--workspace", "--exclude", "xtask", "--bins"];

/// What only a machine with the libraries of a window can build.
const WINDOWED: &[&str] = &[
    "--exclude",
    "gridkey-app",
    "--exclude",
    "gridkey-dashboard",
    "--exclude",
    "gridkey-host",
    "--exclude",
    "gridkey-kit",
];

/// Which programs, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Programs {
    /// All that can be built here; those with a window only where its libraries are.
    AsPossible,
    /// All.
    All,
    /// All, able to be killed at named places.
    WithFailpoints,
}

/// Builds the programs and gives the folder they are in.
pub(crate) fn programs(which: Programs) -> Result<PathBuf> {
    let mut command = cargo(PROGRAMS);
    match which {
        Programs::AsPossible if !setup::has_window_libraries() => command.args(WINDOWED),
        Programs::AsPossible | Programs::All => command.args(["--features", PHONE]),
        Programs::WithFailpoints => command.args(["--features", TESTED]),
    };
    command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot run cargo")?;
    let messages = child.stdout.take().context("cargo's output is not there")?;
    let mut folder = None;
    for line in BufReader::new(messages).lines() {
        let message: Value = serde_json::from_str(&line?).context("cargo printed something else than JSON")?;
        if let Some(program) = message["executable"].as_str() {
            folder = Path::new(program).parent().map(Path::to_owned);
        }
    }
    if !child.wait()?.success() {
        bail!("the programs do not build");
    }
    folder.context("cargo built no program")
}
