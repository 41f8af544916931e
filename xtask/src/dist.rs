//! Debian packages: of the app with the client for terminals, and of the administrators' dashboard with theirs. Programs, menu
//! entries, icons, manual pages, examples, licences.
//!
//! Nothing of a company is in them. Server address and root come as `/etc/gridkey/client.toml` or `admin.toml` with the company's
//! own package or by hand; an example lies beside the documentation.

mod control;
mod files;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    setup::{self, Need, Use, on_path},
    workspace::{cargo, root, run as run_command, target_folder},
};

/// A package.
struct Package {
    name: &'static str,
    /// The programs in it, and the crates that they come from.
    programs: [(&'static str, &'static str); 2],
    /// Files that are taken as they are: from the repository, to the package.
    copies: &'static [(&'static str, &'static str)],
    /// The program that writes its own manual pages and completions, if one does.
    writes: Option<&'static str>,
    /// What it says of itself: a line, then more lines.
    about: &'static str,
}

const PACKAGES: [Package; 2] = [
    Package {
        name: "gridkey",
        programs: [("gridkey-app", "gridkey-app"), ("gridkey", "gridkey-cli")],
        copies: files::APP,
        writes: Some("gridkey"),
        about: control::APP,
    },
    Package {
        name: "gridkey-dashboard",
        programs: [("gridkey-dashboard", "gridkey-dashboard"), ("gridkey-admin", "gridkey-admin-cli")],
        copies: files::DASHBOARD,
        writes: None,
        about: control::DASHBOARD,
    },
];

const NEEDS: &[Need] = &[
    Need::of_one_command("dpkg-dev", "finds which libraries the programs need", || on_path("dpkg-shlibdeps")),
    Need::of_one_command("binutils", "takes symbols out of the programs", || on_path("strip")),
    Need::of_one_command("gzip", "compresses the manual pages", || on_path("gzip")),
];

/// Makes the packages with programs built by `profile`.
pub(crate) fn run(yes: bool, profile: &str) -> Result<()> {
    if !on_path("dpkg-deb") {
        bail!("a Debian package is made on Debian or its kin: dpkg-deb is not here");
    }
    setup::run(Use::Window, yes)?;
    setup::provide(&NEEDS.iter().collect::<Vec<_>>(), yes)?;
    let programs = build(profile)?;
    PACKAGES.iter().try_for_each(|package| make(package, &programs))
}

fn make(package: &Package, programs: &Path) -> Result<()> {
    let out = target_folder("dist");
    let stage = out.join("stage").join(package.name);
    if stage.exists() {
        fs::remove_dir_all(&stage).with_context(|| format!("cannot empty {}", stage.display()))?;
    }
    let tree = stage.join("tree");
    files::install(package, &tree, programs)?;
    let architecture = output(Command::new("dpkg").arg("--print-architecture"))?;
    let depends = control::libraries(package, &stage, &tree)?;
    control::write(package, &tree, architecture.trim(), &depends)?;
    let file = out.join(format!("{}_{}_{}.deb", package.name, env!("CARGO_PKG_VERSION"), architecture.trim()));
    let mut pack = Command::new("dpkg-deb");
    pack.args(["--root-owner-group", "-Zxz", "--build"]).arg(&tree).arg(&file);
    run_command(&mut pack)?;
    println!("{}", file.display());
    Ok(())
}

/// Builds the programs; gives the folder they are in.
fn build(profile: &str) -> Result<PathBuf> {
    let mut command = cargo(&["build", "--locked", "--profile", profile]);
    for (program, package) in PACKAGES.iter().flat_map(|package| package.programs) {
        command.args(["--package", package, "--bin", program]);
    }
    // A daily build of the whole workspace has other features of shared libraries; neither must undo the other's work.
    let target = if profile == "dev" { target_folder("") } else { target_folder("dist-build") };
    run_command(command.env("CARGO_TARGET_DIR", &target))?;
    Ok(target.join(if profile == "dev" { "debug" } else { profile }))
}

/// What a program prints; its failure is one here.
fn output(command: &mut Command) -> Result<String> {
    let program = Path::new(command.get_program()).display().to_string();
    let done = command.output().with_context(|| format!("cannot run {program}"))?;
    if !done.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    String::from_utf8(done.stdout).with_context(|| format!("{program} printed no text"))
}

/// A file of the repository.
fn source(path: &str) -> PathBuf {
    root().join(path)
}
