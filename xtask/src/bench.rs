//! `cargo xtask bench`: the server beside its peers, built optimised.
//!
//! What is measured and how is `tests/bench`'s matter; this installs the peers, builds, and sees to it that what was started
//! ends, however the run does.

use std::{
    path::Path,
    process::{Child, Command},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use crate::{
    setup::{self, Need, Use, on_path},
    workspace::{cargo_shipped, root, run as run_command, target_folder},
};

const NEEDS: &[Need] = &[
    Need::of_one_command("nginx", "measured beside our logins; its own service is not used", || {
        on_path("nginx") || Path::new("/usr/sbin/nginx").exists()
    }),
    Need::of_one_command("nats-server", "measured beside our sessions; its own service is not used", || {
        on_path("nats-server") || Path::new("/usr/sbin/nats-server").exists()
    }),
];

/// How the bench is to run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BenchOptions {
    /// Install without asking.
    pub(crate) yes: bool,
    /// Small sizes, two rounds.
    pub(crate) quick: bool,
    /// JSON in place of tables.
    pub(crate) json: bool,
    /// Put the tables into the document.
    pub(crate) write: bool,
    /// Which rows; all if none is named.
    pub(crate) rows: Vec<String>,
}

impl BenchOptions {
    /// Understands the arguments after `cargo xtask bench`; `None` if help is asked for.
    pub(crate) fn parse(arguments: Vec<String>) -> Result<Option<Self>, String> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--yes" => options.yes = true,
                "--quick" => options.quick = true,
                "--json" => options.json = true,
                "--write" => options.write = true,
                "--help" | "-h" => return Ok(None),
                flag if flag.starts_with('-') => return Err(format!("bench has no option {flag}")),
                _ => options.rows.push(argument),
            }
        }
        if options.write && (options.quick || !options.rows.is_empty()) {
            return Err("--write is for a whole run: without --quick, all rows".to_owned());
        }
        Ok(Some(options))
    }
}

/// Installs, builds, measures. Tells whether the run came to its end.
pub(crate) fn run(options: &BenchOptions) -> Result<bool> {
    setup::run(Use::Terminal, options.yes)?;
    setup::provide(&NEEDS.iter().collect::<Vec<_>>(), options.yes)?;
    let module = setup::softhsm_module().context("the SoftHSM2 module is not there")?;
    // A folder of its own, so that neither build undoes the other's work.
    let target = target_folder("bench-build");
    let mut build = cargo_shipped(&["build", "--locked", "--release"]);
    for package in ["gridkey-server", "gridkey-platform", "gridkey-bench"] {
        build.args(["--package", package]);
    }
    run_command(build.env("CARGO_TARGET_DIR", &target))?;

    let bin = target.join("release");
    let mut command = Command::new(bin.join("gridkey-bench"));
    command.arg("run").arg("--bin").arg(&bin).arg("--dir").arg(target_folder("bench"));
    command.arg("--data").arg(root().join("assets/demo")).arg("--module").arg(module);
    for (flag, given) in [("--quick", options.quick), ("--json", options.json)] {
        if given {
            command.arg(flag);
        }
    }
    if options.write {
        command.arg("--write").arg(root().join("docs/performance.md"));
    }
    command.args(&options.rows);
    until_it_ends(command)
}

/// Runs `command`; a signal to end is passed on, and what it started is waited for.
fn until_it_ends(mut command: Command) -> Result<bool> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, Arc::clone(&asked)).context("signals cannot be caught")?;
    }
    let mut child = command.spawn().context("cannot run gridkey-bench")?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if asked.swap(false, Ordering::Relaxed) {
            terminate(&child)?;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn terminate(child: &Child) -> Result<()> {
    // It may be gone already, or know from the terminal.
    let _ = kill(Pid::from_raw(child.id().try_into()?), Signal::SIGTERM);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<BenchOptions>, String> {
        BenchOptions::parse(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn rows_and_options_come_in_any_order() {
        let options =
            BenchOptions { quick: true, yes: true, rows: vec!["login".into(), "crl".into()], ..Default::default() };
        assert_eq!(parse("login --quick crl --yes"), Ok(Some(options)));
        assert_eq!(parse(""), Ok(Some(BenchOptions::default())));
        assert_eq!(parse("--help"), Ok(None));
        assert!(parse("--fast").is_err());
    }

    #[test]
    fn a_part_of_the_rows_does_not_replace_the_whole_table() {
        assert!(parse("--write").is_ok());
        assert!(parse("--write login").is_err());
        assert!(parse("--write --quick").is_err());
    }
}
