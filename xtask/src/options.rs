//! The command line.

use std::path::PathBuf;

use crate::{bench::BenchOptions, images::ImageOptions};

/// What `cargo xtask` prints when it is asked or not understood.
pub(crate) const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo [OPTIONS]                       the whole stack, with a customer's app and the dashboard
      --headless   without a window: walk the customer's journey and print each step
      --keep       leave the stack running and say how to reach it
      --until STEP stop after this step (with --headless)
      --dir DIR    keep all state there instead of target/demo
      --bin DIR    run the programs there instead of building them
  bench [OPTIONS] [ROW…]               the server beside nginx, nats-server and others, built optimised
      --quick      small sizes: whether it works, not how fast it is
      --json       JSON in place of tables
      --write      put the tables into docs/performance.md
  test [--yes] [-- ARGUMENTS]          lints, then every test; ARGUMENTS go to the test runner
  screens [--yes]                      pictures of all screens, and the README's out of them
  lint                                 formatting and lints alone
  setup [--yes]                        install what is missing and nothing else
  check-android [--yes]                type-check the app as a phone's, without an SDK
  dist [OPTIONS]                       Debian packages of app, dashboard, server and platform, in target/dist
      --package P  only this one; may be given again
      --profile P  a Cargo profile; release unless told
      --bin DIR    take the programs there instead of building them
  package-test [OPTIONS]               installs the services' packages on a fresh Debian 12 and boots it; needs root
      --profile P, --bin DIR as for dist
  images [OPTIONS]                     the container images of the stack
      --offline    make the images that they are built on here too, without any registry; needs root
      --profile P  a Cargo profile; release unless told
      --bin DIR    take the programs there, for Debian 12, instead of building them in an image
  compose-test [OPTIONS]               the stack in containers: walls, a customer's journey, faults
      --bin DIR    take the programs there instead of building them
      --in-images  run what the Dockerfile builds, as `docker compose build` makes it

      --yes        install missing system packages without asking";

/// One command line, understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Setup { yes: bool },
    Lint,
    Test { yes: bool, arguments: Vec<String> },
    Screens { yes: bool },
    CheckAndroid { yes: bool },
    Dist(DistOptions),
    PackageTest(DistOptions),
    Images(ImageOptions),
    ComposeTest(ComposeTestOptions),
    Demo(DemoOptions),
    Bench(BenchOptions),
}

/// How packages are to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DistOptions {
    /// Install without asking.
    pub(crate) yes: bool,
    /// The Cargo profile.
    pub(crate) profile: String,
    /// Which packages; all if none is named.
    pub(crate) packages: Vec<String>,
    /// Programs that are built already.
    pub(crate) bin: Option<PathBuf>,
}

/// How the stack in containers is to be tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ComposeTestOptions {
    /// Install without asking.
    pub(crate) yes: bool,
    /// Programs that are built already.
    pub(crate) bin: Option<PathBuf>,
    /// Let the Dockerfile build what runs in containers.
    pub(crate) in_images: bool,
}

/// How the demo is to run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DemoOptions {
    /// Without a window.
    pub(crate) headless: bool,
    /// Install without asking.
    pub(crate) yes: bool,
    /// Leave the stack running.
    pub(crate) keep: bool,
    /// The last step to take.
    pub(crate) until: Option<String>,
    /// Where all state lies.
    pub(crate) dir: Option<PathBuf>,
    /// Programs that are built already.
    pub(crate) bin: Option<PathBuf>,
}

impl Task {
    /// Understands the arguments after `cargo xtask`.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments.into_iter();
        let command = arguments.next().ok_or("no command")?;
        let mut rest: Vec<String> = arguments.collect();
        if command == "bench" {
            return Ok(BenchOptions::parse(rest)?.map_or(Self::Help, Self::Bench));
        }
        let mut value = |of: &[&str], name: &str| -> Result<Option<String>, String> {
            if !of.contains(&command.as_str()) {
                return Ok(None);
            }
            let Some(at) = rest.iter().position(|argument| argument == name) else { return Ok(None) };
            if at + 1 >= rest.len() {
                return Err(format!("{name} needs a value"));
            }
            Ok(rest.drain(at..at + 2).nth(1))
        };
        let (until, dir) = (value(&["demo"], "--until")?, value(&["demo"], "--dir")?);
        let packaging: &[&str] = &["dist", "package-test", "images"];
        let bin = value(&["demo", "dist", "package-test", "images", "compose-test"], "--bin")?.map(PathBuf::from);
        let profile = value(packaging, "--profile")?.unwrap_or_else(|| "release".to_owned());
        let packages =
            std::iter::from_fn(|| value(&["dist"], "--package").transpose()).collect::<Result<Vec<_>, _>>()?;
        let mut split = rest.splitn(2, |argument| argument == "--");
        let flags = split.next().unwrap_or_default();
        let passed_on = split.next();
        let allowed: &[&str] = match command.as_str() {
            "demo" => &["--headless", "--yes", "--keep"],
            "test" | "setup" | "screens" | "check-android" | "dist" | "package-test" => &["--yes"],
            "images" => &["--yes", "--offline"],
            "compose-test" => &["--yes", "--in-images"],
            "lint" => &[],
            "help" | "--help" | "-h" => return Ok(Self::Help),
            _ => return Err(format!("no command {command}")),
        };
        if flags.iter().any(|flag| flag == "--help" || flag == "-h") {
            return Ok(Self::Help);
        }
        if let Some(unknown) = flags.iter().find(|flag| !allowed.contains(&flag.as_str())) {
            return Err(format!("{command} has no option {unknown}"));
        }
        if passed_on.is_some() && command != "test" {
            return Err(format!("{command} passes no arguments on"));
        }
        let has = |flag: &str| flags.iter().any(|given| given == flag);
        Ok(match command.as_str() {
            "demo" => Self::Demo(DemoOptions {
                headless: has("--headless"),
                yes: has("--yes"),
                keep: has("--keep"),
                until,
                dir: dir.map(PathBuf::from),
                bin,
            }),
            "test" => Self::Test { yes: has("--yes"), arguments: passed_on.unwrap_or_default().to_vec() },
            "screens" => Self::Screens { yes: has("--yes") },
            "setup" => Self::Setup { yes: has("--yes") },
            "check-android" => Self::CheckAndroid { yes: has("--yes") },
            "dist" => Self::Dist(DistOptions { yes: has("--yes"), profile, packages, bin }),
            "package-test" => Self::PackageTest(DistOptions { yes: has("--yes"), profile, packages, bin }),
            "images" => Self::Images(ImageOptions { offline: has("--offline"), yes: has("--yes"), profile, bin }),
            "compose-test" => {
                Self::ComposeTest(ComposeTestOptions { yes: has("--yes"), bin, in_images: has("--in-images") })
            }
            _ => Self::Lint,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Task, String> {
        Task::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_understood_in_any_order() {
        let all = DemoOptions { headless: true, yes: true, keep: true, ..DemoOptions::default() };
        assert_eq!(parse("demo --keep --headless --yes"), Ok(Task::Demo(all)));
        assert_eq!(parse("demo"), Ok(Task::Demo(DemoOptions::default())));
        let some = DemoOptions { until: Some("login".into()), dir: Some("/x".into()), ..DemoOptions::default() };
        assert_eq!(parse("demo --until login --dir /x"), Ok(Task::Demo(some)));
        let release = DistOptions { profile: "release".to_owned(), ..DistOptions::default() };
        assert_eq!(parse("dist"), Ok(Task::Dist(release.clone())));
        assert_eq!(parse("package-test"), Ok(Task::PackageTest(release)));
        let two = DistOptions {
            yes: true,
            profile: "dev".to_owned(),
            packages: vec!["a".to_owned(), "b".to_owned()],
            bin: Some("/b".into()),
        };
        assert_eq!(parse("dist --package a --profile dev --yes --package b --bin /b"), Ok(Task::Dist(two)));
        let images = ImageOptions { offline: true, yes: false, profile: "dev".to_owned(), bin: None };
        assert_eq!(parse("images --profile dev --offline"), Ok(Task::Images(images)));
        let tried = ComposeTestOptions { yes: true, bin: Some("/b".into()), in_images: false };
        assert_eq!(parse("compose-test --bin /b --yes"), Ok(Task::ComposeTest(tried)));
        assert_eq!(parse("test --yes"), Ok(Task::Test { yes: true, arguments: Vec::new() }));
        let passed_on = Task::Test { yes: false, arguments: vec!["-p".to_owned(), "gridkey-domain".to_owned()] };
        assert_eq!(parse("test -- -p gridkey-domain"), Ok(passed_on));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in [
            "",
            "dem",
            "demo --force",
            "demo --until",
            "test --dir /x",
            "lint --yes",
            "demo -- x",
            "test --profile x",
            "package-test --package x",
            "compose-test --offline",
            "images --in-images",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        assert_eq!(parse("demo --help"), Ok(Task::Help));
    }
}
