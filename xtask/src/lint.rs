//! Formatting and lints of the whole workspace, as strict as they are for a change to go in.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::{TESTED, cargo, quietly, succeeds};

/// Checks both, the second also if the first found something.
pub(crate) fn run() -> Result<bool> {
    component("fmt", "rustfmt")?;
    component("clippy", "clippy")?;
    let formatted = succeeds(&mut cargo(&["fmt", "--all", "--check"]))?;
    if !formatted {
        eprintln!("cargo fmt --all puts this right");
    }
    let mut clippy = cargo(&["clippy", "--workspace", "--all-targets", "--features", TESTED, "--", "-D", "warnings"]);
    let linted = succeeds(&mut clippy)?;
    Ok(formatted && linted)
}

/// A toolchain installed with the minimal profile lacks these two.
fn component(command: &str, name: &str) -> Result<()> {
    if quietly(&mut cargo(&[command, "--version"])) {
        return Ok(());
    }
    let line = format!("rustup component add {name}");
    println!("+ {line}");
    if quietly(Command::new("rustup").args(["component", "add", name])) {
        return Ok(());
    }
    bail!("cargo {command} is missing; try: {line}")
}
