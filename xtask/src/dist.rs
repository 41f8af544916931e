//! Debian packages: of the app with the client for terminals, of the administrators' dashboard with theirs, and of the two services.
//! Programs, menu entries, icons, manual pages, units, examples, licences.
//!
//! Nothing of a company is in them. Server address and root come as `/etc/gridkey/client.toml` or `admin.toml` with the company's
//! own package or by hand; an example lies beside the documentation.

mod control;
mod files;
#[cfg(test)]
mod keys;
mod service;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use self::{control::Wishes, service::Service};
use crate::{
    options::DistOptions,
    setup::{self, Need, Use, on_path},
    workspace::{cargo_shipped, root, run as run_command, target_folder},
};

/// A package.
struct Package {
    name: &'static str,
    /// The programs in it, and the crates that they come from.
    programs: &'static [(&'static str, &'static str)],
    /// The folder of the programs in the package.
    place: &'static str,
    /// Files that are taken as they are: from the repository, to the package.
    copies: &'static [(&'static str, &'static str)],
    /// The program that writes its own manual pages and completions, if one does.
    writes: Option<&'static str>,
    /// What it says of itself: a line, then more lines.
    about: &'static str,
    /// What it asks of other packages.
    wishes: Wishes,
    /// The service that it is, if it is one.
    service: Option<Service>,
}

static PACKAGES: [Package; 4] = [
    Package {
        name: "gridkey",
        programs: &[("gridkey-app", "gridkey-app"), ("gridkey", "gridkey-cli")],
        place: "usr/bin",
        copies: files::APP,
        writes: Some("gridkey"),
        about: control::APP,
        wishes: control::WINDOWED,
        service: None,
    },
    Package {
        name: "gridkey-dashboard",
        programs: &[("gridkey-dashboard", "gridkey-dashboard"), ("gridkey-admin", "gridkey-admin-cli")],
        place: "usr/bin",
        copies: files::DASHBOARD,
        writes: None,
        about: control::DASHBOARD,
        wishes: control::WINDOWED,
        service: None,
    },
    Package {
        name: "gridkey-server",
        programs: &[("gridkey-server", "gridkey-server")],
        place: service::PLACE,
        copies: files::SERVER,
        writes: None,
        about: control::SERVER,
        wishes: control::SERVICE,
        service: Some(service::SERVER),
    },
    Package {
        name: "gridkey-platform",
        programs: &[("gridkey-platform", "gridkey-platform")],
        place: service::PLACE,
        copies: files::PLATFORM,
        writes: None,
        about: control::PLATFORM,
        wishes: control::SERVICE,
        service: Some(service::PLATFORM),
    },
];

const NEEDS: &[Need] = &[
    Need::of_one_command("dpkg-dev", "finds which libraries the programs need", || on_path("dpkg-shlibdeps")),
    Need::of_one_command("binutils", "takes symbols out of the programs", || on_path("strip")),
    Need::of_one_command("gzip", "compresses the manual pages", || on_path("gzip")),
];

/// Makes the packages that `options` name, or all, and gives their files.
pub(crate) fn run(options: &DistOptions) -> Result<Vec<PathBuf>> {
    if !on_path("dpkg-deb") {
        bail!("a Debian package is made on Debian or its kin: dpkg-deb is not here");
    }
    let chosen = chosen(&options.packages)?;
    let windowed = chosen.iter().any(|package| package.service.is_none());
    setup::run(if windowed { Use::Window } else { Use::Terminal }, options.yes)?;
    setup::provide(&NEEDS.iter().collect::<Vec<_>>(), options.yes)?;
    let programs = match &options.bin {
        Some(folder) => root().join(folder),
        None => build(&chosen, &options.profile)?,
    };
    chosen.into_iter().map(|package| make(package, &programs, options.profile == "dev")).collect()
}

fn chosen(names: &[String]) -> Result<Vec<&'static Package>> {
    if let Some(unknown) = names.iter().find(|name| !PACKAGES.iter().any(|package| package.name == **name)) {
        let all: Vec<_> = PACKAGES.iter().map(|package| package.name).collect();
        bail!("no package {unknown}; there are {}", all.join(", "));
    }
    let wanted = |package: &&Package| names.is_empty() || names.iter().any(|name| name == package.name);
    Ok(PACKAGES.iter().filter(wanted).collect())
}

fn make(package: &Package, programs: &Path, quickly: bool) -> Result<PathBuf> {
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
    // Packing programs of the dev profile well takes longer than anything one does with them.
    let packed: &[&str] = if quickly { &["-Zgzip", "-z1"] } else { &["-Zxz"] };
    pack.arg("--root-owner-group").args(packed).arg("--build").arg(&tree).arg(&file);
    run_command(&mut pack)?;
    println!("{}", file.display());
    Ok(file)
}

/// Builds the programs; gives the folder they are in.
fn build(chosen: &[&Package], profile: &str) -> Result<PathBuf> {
    let mut command = cargo_shipped(&["build", "--locked", "--profile", profile]);
    for (program, package) in chosen.iter().flat_map(|package| package.programs) {
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
