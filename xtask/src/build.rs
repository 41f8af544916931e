//! Building the programs that the demo and the end-to-end tests run.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::{FAILPOINTS, cargo};

/// Every program of the workspace but this one, built together, so that shared crates get the same features each time.
const PROGRAMS: &[&str] = &["build", "--workspace", "--exclude", "xtask", "--bins"];

/// Builds the programs and gives the folder they are in.
pub(crate) fn programs(failpoints: bool) -> Result<PathBuf> {
    let mut command = cargo(PROGRAMS);
    if failpoints {
        command.args(["--features", FAILPOINTS]);
    }
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
