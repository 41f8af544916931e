//! The base images, made without a registry: Debian by debootstrap from the mirror that this machine's apt uses, and on top of it
//! the machine's own Rust toolchain with all crates of the lock file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use super::source;
use crate::{
    docker::Docker,
    setup::{self, Need, on_path},
    workspace::{cargo, run as run_command, target_folder},
};

const SUITE: &str = "bookworm";
/// The version that the Dockerfile names.
const TOOLCHAIN: &str = "1.95.";
/// Where the official image looks for programs, and where ours has them.
const RUST_PATH: &str =
    "PATH=/usr/local/rust/bin:/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// What the Dockerfile would install, so that its own step finds it there.
const RUN_TIME: &str = "ca-certificates,softhsm2,libpcsclite1";
const BUILD_TIME: &str = "ca-certificates,gcc,g++,make,pkg-config,libpcsclite-dev";

const NEEDS: &[Need] = &[Need::of_one_command("debootstrap", "makes Debian's base image", || {
    on_path("debootstrap") || Path::new("/usr/sbin/debootstrap").exists()
})];

/// Makes Debian's image.
pub(super) fn debian(docker: &Docker, tag: &str, yes: bool) -> Result<()> {
    let folder = bootstrap("debian", RUN_TIME, yes)?;
    import(docker, folder.path(), tag, &[])
}

/// Makes Rust's image, unless the one that is there has the crates of this lock file.
pub(super) fn rust(docker: &Docker, tag: &str, yes: bool) -> Result<()> {
    let lock = lock_digest()?;
    let label = "{{index .Config.Labels \"gridkey.lock\"}}";
    if docker.ask(&["image", "inspect", "--format", label, tag]).is_ok_and(|found| found == lock) {
        return Ok(());
    }
    let version = text(Command::new("rustc").arg("--version"))?;
    ensure!(
        version.split(' ').nth(1).is_some_and(|number| number.starts_with(TOOLCHAIN)),
        "{tag} is made of this machine's toolchain, which is {version}"
    );
    let folder = bootstrap("rust", BUILD_TIME, yes)?;
    let local = folder.path().join("usr/local");
    let (rust, home) = (local.join("rust"), local.join("cargo"));
    fs::create_dir_all(&rust)?;
    fs::create_dir_all(&home)?;
    let sysroot = PathBuf::from(text(Command::new("rustc").args(["--print", "sysroot"]))?);
    for part in ["bin", "lib", "libexec"] {
        run_command(Command::new("cp").arg("-a").arg(sysroot.join(part)).arg(&rust))?;
    }
    let mut vendor = cargo(&["vendor", "--quiet", "--locked", "--versioned-dirs"]);
    run_command(vendor.arg(home.join("vendor")).stdout(Stdio::null())).context("the crates")?;
    let config = "[source.crates-io]\nreplace-with = \"vendored\"\n\n[source.vendored]\ndirectory = \
                  \"/usr/local/cargo/vendor\"\n\n[net]\noffline = true\n";
    fs::write(home.join("config.toml"), config)?;
    let label = format!("LABEL gridkey.lock={lock}");
    import(docker, folder.path(), tag, &[&format!("ENV {RUST_PATH} CARGO_HOME=/usr/local/cargo"), &label])
}

/// A folder with a root file system, removed when it goes.
struct Tree(PathBuf);

impl Tree {
    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // debootstrap mounts it for the packages' scripts and may have left it.
        let _ = Command::new("umount").args(["--quiet"]).arg(self.0.join("proc")).stderr(Stdio::null()).status();
        let mounted = fs::read_to_string("/proc/mounts").unwrap_or_default();
        if !mounted.contains(&*self.0.to_string_lossy()) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// A smallest Debian with these packages.
fn bootstrap(name: &str, packages: &str, yes: bool) -> Result<Tree> {
    setup::provide(&NEEDS.iter().collect::<Vec<_>>(), yes)?;
    ensure!(nix::unistd::geteuid().is_root(), "debootstrap needs root: run this as root");
    let tree = Tree(target_folder("images").join(name));
    drop(Tree(tree.path().to_owned()));
    fs::create_dir_all(tree.path())?;
    println!("making a Debian with {packages}");
    let mut debootstrap = Command::new("debootstrap");
    debootstrap.env("PATH", format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default()));
    debootstrap.args(["--variant=minbase", &format!("--include={packages}"), SUITE]).arg(tree.path()).arg(mirror()?);
    run_command(debootstrap.stdout(Stdio::null())).context("see debootstrap/debootstrap.log in the folder")?;
    for rest in ["var/cache/apt/archives", "var/lib/apt/lists"] {
        let folder = tree.path().join(rest);
        fs::remove_dir_all(&folder).and_then(|()| fs::create_dir_all(&folder))?;
    }
    Ok(tree)
}

/// The mirror that apt takes Debian's packages from.
fn mirror() -> Result<String> {
    let mut ask = Command::new("apt-get");
    ask.args(["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
    let all = text(ask.arg(format!("Codename: {SUITE}"))).unwrap_or_default();
    let first = all.lines().find(|line| !line.is_empty()).map(|line| line.trim_end_matches('/').to_owned());
    // Whoever runs another Debian than this one has no such line.
    Ok(first.unwrap_or_else(|| "http://deb.debian.org/debian".to_owned()))
}

/// Imports a folder as an image.
fn import(docker: &Docker, folder: &Path, tag: &str, changes: &[&str]) -> Result<()> {
    let mut tar = Command::new("tar");
    tar.args(["--one-file-system", "--exclude=./proc/*", "--exclude=./sys/*", "-C"]).arg(folder).args(["-c", "."]);
    let mut tar = tar.stdout(Stdio::piped()).spawn().context("cannot run tar")?;
    let pipe = tar.stdout.take().context("tar has no output")?;
    let mut import = docker.docker(&["import"]);
    for change in changes {
        import.args(["--change", change]);
    }
    run_command(import.args(["-", tag]).stdin(pipe).stdout(Stdio::null()))?;
    if !tar.wait()?.success() {
        bail!("{} could not be packed", folder.display());
    }
    println!("made {tag}");
    Ok(())
}

/// What the lock file's content is known by.
fn lock_digest() -> Result<String> {
    let said = text(Command::new("sha256sum").arg(source("Cargo.lock")))?;
    Ok(said.split(' ').next().unwrap_or_default().to_owned())
}

fn text(command: &mut Command) -> Result<String> {
    crate::demo::process::output(command).map(|text| text.trim().to_owned())
}
