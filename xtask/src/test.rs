//! Every test of the workspace, after set-up and lints.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use crate::{
    build::{self, Programs},
    lint, setup,
    workspace::{TESTED, cargo, quietly, run as run_command},
};

/// Tells the end-to-end tests where the programs are that were built with failpoints.
const BIN_DIR: &str = "GRIDKEY_BIN_DIR";

/// Runs everything; `arguments` go to the test runner. The last line printed is the runner's count.
pub(crate) fn run(yes: bool, arguments: &[String]) -> Result<bool> {
    setup::run(setup::Use::Tests, yes)?;
    if arguments.is_empty() {
        step("lint");
        if !lint::run()? {
            return Ok(false);
        }
    }
    step("build");
    let programs = build::programs(Programs::WithFailpoints)?;
    if arguments.is_empty() {
        step("examples in the documentation");
        run_command(&mut cargo(&["test", "--workspace", "--doc", "--quiet", "--features", TESTED]))?;
    }
    step("tests");
    run_tests(&programs, arguments)
}

/// Runs the tests that `arguments` choose, with the programs in `programs`. The whole workspace is named either way, so that
/// nothing is built again with other features.
pub(crate) fn run_tests(programs: &Path, arguments: &[String]) -> Result<bool> {
    // With nextest each test is a process of its own and a hung one is ended; without it cargo's own runner does.
    if quietly(&mut cargo(&["nextest", "--version"])) {
        let mut runner = cargo(&["nextest", "run", "--workspace", "--features", TESTED]);
        return Ok(runner.args(arguments).env(BIN_DIR, programs).status().context("cannot run nextest")?.success());
    }
    let mut runner = cargo(&["test", "--workspace", "--no-fail-fast", "--features", TESTED]);
    if !arguments.iter().any(|word| word == "--test") {
        runner.arg("--all-targets");
    }
    counted(runner.args(arguments).env(BIN_DIR, programs))
}

fn step(name: &str) {
    println!("== {name}");
}

/// Runs `cargo test`, passing its output on, and ends with the sum of the counts that it prints for each test program.
fn counted(runner: &mut Command) -> Result<bool> {
    let mut child = runner.stdout(Stdio::piped()).spawn().context("cannot run cargo test")?;
    let output = child.stdout.take().context("cargo's output is not there")?;
    let mut sum = Count::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        sum.add(&line);
    }
    let held = child.wait()?.success();
    let Count { passed, failed, ignored } = sum;
    println!("\nall test programs: {passed} passed; {failed} failed; {ignored} ignored");
    Ok(held)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    /// Adds a line such as `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else { return };
        for count in counts.1.split("; ") {
            let Some((number, what)) = count.split_once(' ') else { continue };
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_the_test_programs_are_summed() {
        let mut sum = Count::default();
        sum.add("running 3 tests");
        sum.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        sum.add("test result: FAILED. 40 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.17s");
        assert_eq!(sum, Count { passed: 43, failed: 2, ignored: 1 });
    }
}
