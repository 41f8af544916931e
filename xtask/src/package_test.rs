//! `cargo xtask package-test`: the services' packages on a fresh Debian 12, booted, set up and looked after by the very commands of
//! `docs/operations.md`, watched by Prometheus with the shipped rules.
//!
//! It needs root, since it makes a system and boots it; it touches nothing outside its folder. One line a check, then a count.

mod alerts;
mod care;
mod machine;
mod page;
mod start;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use self::{machine::Machine, page::Page};
use crate::{
    dist,
    options::DistOptions,
    setup::{self, Need, on_path},
    workspace::target_folder,
};

const NEEDS: &[Need] = &[
    Need::of_one_command("debootstrap", "makes a fresh Debian", || on_path("debootstrap")),
    Need::of_one_command("util-linux", "boots it in namespaces of its own", || {
        on_path("unshare") && on_path("nsenter")
    }),
];
const SERVICES: [&str; 2] = ["gridkey-server", "gridkey-platform"];

/// Makes the packages and tries them; whether every check held.
pub(crate) fn run(options: &DistOptions) -> Result<bool> {
    if !nix::unistd::geteuid().is_root() {
        bail!("a system is made and booted: run this as root");
    }
    setup::provide(&NEEDS.iter().collect::<Vec<_>>(), options.yes)?;
    let packages = SERVICES.map(str::to_owned).to_vec();
    let packages = dist::run(&DistOptions { packages, ..options.clone() })?;
    let folder = target_folder("package-test");
    let system = folder.join("debian");
    let held = try_on(&system, &packages)?;
    if held {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    } else {
        println!("the system is left in {}", system.display());
    }
    Ok(held)
}

fn try_on(system: &Path, packages: &[PathBuf]) -> Result<bool> {
    let page = Page::read()?;
    let mut report = Report::default();
    machine::install(system)?;
    report.check("debian", Ok(fs::read_to_string(system.join("etc/debian_version"))?));
    for package in packages {
        let name = package.file_name().context("a package has a name")?;
        fs::copy(package, system.join("root").join(name))?;
    }
    report.check("the alerts' rules", alerts::rules(system));
    report.check("install", start::install(system));
    for service in SERVICES {
        report.check(&format!("exposure of {service}"), start::exposure(system, service));
    }

    let machine = Machine::boot(system)?;
    report.check("not started before it is set up", start::waits(&machine));
    report.check("first start", start::first_start(&machine, &page));
    for service in SERVICES {
        report.check(&format!("{service} is active"), start::active(&machine, service));
    }
    report.check("healthy", start::healthy(&machine));
    report.check("secrets are closed to others", start::closed(&machine));
    report.check("Prometheus has every metric", alerts::watched(&machine, &page));
    report.check("logs in JSON", care::json_logs(&machine));
    report.check("backups", care::backups(&machine, &page));
    report.check("certificates change under load", care::rotation(&machine, &page));
    report.check("intranet certificates change", care::intranet(&machine, &page));
    report.check("a crash is mended", care::crash(&machine));
    report.check("a refused PIN is tried once", care::refused_pin(&machine));
    report.check("the PIN sealed by systemd", care::sealed_pin(&machine, &page));
    report.check("an alert comes and goes", alerts::fires(&machine));
    drop(machine);

    // As after a power cut.
    let machine = Machine::boot(system)?;
    for service in SERVICES {
        report.check(&format!("{service} starts with the machine"), start::active(&machine, service));
    }
    report.check("installed again", care::again(&machine));
    report.check("removed and installed", care::removed(&machine));
    report.check("purge keeps the store", care::purge(&machine));
    Ok(report.end())
}

/// One line a check.
#[derive(Default)]
struct Report {
    held: u32,
    failed: u32,
}

impl Report {
    fn check(&mut self, name: &str, outcome: Result<String>) {
        match outcome {
            Ok(seen) => {
                self.held += 1;
                println!("ok    {name:<38} {}", seen.trim());
            }
            Err(error) => {
                self.failed += 1;
                println!("FAIL  {name:<38} {error:#}");
            }
        }
    }

    fn end(&self) -> bool {
        println!("{} passed, {} failed", self.held, self.failed);
        self.failed == 0
    }
}

/// Asks again and again until it holds, for `limit` at most.
fn wait_until(what: &str, limit: Duration, mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    let until = Instant::now() + limit;
    while !holds()? {
        if Instant::now() > until {
            bail!("not within {} seconds: {what}", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

fn last_line(text: impl AsRef<str>) -> String {
    text.as_ref().lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned()
}

/// What was printed, on one line.
fn one_line(text: impl AsRef<str>) -> String {
    text.as_ref().split_whitespace().collect::<Vec<_>>().join(" ")
}
