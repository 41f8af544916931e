//! The files of a package, where Debian puts them.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use anyhow::{Context, Result};

use super::{Package, output, source};
use crate::workspace::{cargo, run as run_command};

/// What the app's package takes as it is.
pub(super) const APP: &[(&str, &str)] = &[
    ("app/package/gridkey.desktop", "usr/share/applications/gridkey.desktop"),
    ("assets/icons/app/gridkey.svg", "usr/share/icons/hicolor/scalable/apps/gridkey.svg"),
    ("assets/icons/app/gridkey-64.png", "usr/share/icons/hicolor/64x64/apps/gridkey.png"),
    ("assets/icons/app/gridkey-128.png", "usr/share/icons/hicolor/128x128/apps/gridkey.png"),
    ("assets/icons/app/gridkey-256.png", "usr/share/icons/hicolor/256x256/apps/gridkey.png"),
    ("app/package/copyright", "usr/share/doc/gridkey/copyright"),
    ("assets/fonts/OFL.txt", "usr/share/doc/gridkey/OFL.txt"),
    ("app/cli/gridkey.example.toml", "usr/share/doc/gridkey/examples/client.toml"),
    ("app/package/autostart.desktop", "usr/share/doc/gridkey/examples/autostart.desktop"),
    ("docs/cli.md", "usr/share/doc/gridkey/cli.md"),
];
/// What the dashboard's package takes as it is.
pub(super) const DASHBOARD: &[(&str, &str)] = &[
    ("admin/package/gridkey-dashboard.desktop", "usr/share/applications/gridkey-dashboard.desktop"),
    ("assets/icons/app/gridkey.svg", "usr/share/icons/hicolor/scalable/apps/gridkey-dashboard.svg"),
    ("assets/icons/app/gridkey-64.png", "usr/share/icons/hicolor/64x64/apps/gridkey-dashboard.png"),
    ("assets/icons/app/gridkey-128.png", "usr/share/icons/hicolor/128x128/apps/gridkey-dashboard.png"),
    ("assets/icons/app/gridkey-256.png", "usr/share/icons/hicolor/256x256/apps/gridkey-dashboard.png"),
    ("admin/package/copyright", "usr/share/doc/gridkey-dashboard/copyright"),
    ("assets/fonts/OFL.txt", "usr/share/doc/gridkey-dashboard/OFL.txt"),
    ("admin/gridkey-admin.example.toml", "usr/share/doc/gridkey-dashboard/examples/admin.toml"),
    ("docs/admin.md", "usr/share/doc/gridkey-dashboard/admin.md"),
];

/// What the security server's package takes as it is.
pub(super) const SERVER: &[(&str, &str)] = &[
    ("deploy/debian/copyright", "usr/share/doc/gridkey-server/copyright"),
    ("deploy/debian/softhsm2.conf", "etc/gridkey/softhsm2.conf"),
    ("deploy/prometheus/gridkey.rules.yml", "usr/share/doc/gridkey-server/gridkey.rules.yml"),
    ("server/gridkey-server.example.toml", "usr/share/doc/gridkey-server/gridkey-server.example.toml"),
    ("docs/backup.md", "usr/share/doc/gridkey-server/backup.md"),
    ("docs/operations.md", "usr/share/doc/gridkey-server/operations.md"),
    ("docs/certificates.md", "usr/share/doc/gridkey-server/certificates.md"),
    ("docs/security.md", "usr/share/doc/gridkey-server/security.md"),
];
/// What the platform's package takes as it is.
pub(super) const PLATFORM: &[(&str, &str)] = &[
    ("deploy/debian/copyright", "usr/share/doc/gridkey-platform/copyright"),
    ("deploy/prometheus/gridkey.rules.yml", "usr/share/doc/gridkey-platform/gridkey.rules.yml"),
    ("platform/gridkey-platform.example.toml", "usr/share/doc/gridkey-platform/gridkey-platform.example.toml"),
    ("docs/backup.md", "usr/share/doc/gridkey-platform/backup.md"),
    ("docs/operations.md", "usr/share/doc/gridkey-platform/operations.md"),
    ("docs/security.md", "usr/share/doc/gridkey-platform/security.md"),
];

/// Lays everything out below `tree`; `programs` is the folder of the built programs.
pub(super) fn install(package: &Package, tree: &Path, programs: &Path) -> Result<()> {
    for (from, to) in package.copies {
        copy(&source(from), &tree.join(to), 0o644)?;
    }
    for (program, _) in package.programs {
        let installed = tree.join(package.place).join(program);
        copy(&programs.join(program), &installed, 0o755)?;
        run_command(Command::new("strip").arg("--strip-unneeded").arg(&installed))?;
    }
    if let Some(service) = &package.service {
        service.install(tree)?;
    }
    if let Some(program) = package.writes {
        manual_pages(tree, &programs.join(program))?;
        completions(tree, &programs.join(program))?;
    }
    third_party(package, tree)
}

/// Lets the client write its manual pages.
fn manual_pages(tree: &Path, client: &Path) -> Result<()> {
    let folder = tree.join("usr/share/man/man1");
    make_folder(&folder)?;
    run_command(Command::new(client).arg("man").arg(&folder).stdout(std::process::Stdio::null()))?;
    for page in fs::read_dir(&folder)? {
        let page = page?.path();
        run_command(Command::new("gzip").args(["--best", "--no-name"]).arg(&page))?;
    }
    for page in fs::read_dir(&folder)? {
        permit(&page?.path(), 0o644)?;
    }
    Ok(())
}

fn completions(tree: &Path, client: &Path) -> Result<()> {
    for (shell, to) in [
        ("bash", "usr/share/bash-completion/completions/gridkey"),
        ("zsh", "usr/share/zsh/vendor-completions/_gridkey"),
        ("fish", "usr/share/fish/vendor_completions.d/gridkey.fish"),
    ] {
        write(&tree.join(to), &output(Command::new(client).args(["completions", shell]))?)?;
    }
    Ok(())
}

/// Names each library inside the programs with its licence.
fn third_party(package: &Package, tree: &Path) -> Result<()> {
    let mut list = cargo(&["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}\t{l}"]);
    for (_, crate_name) in package.programs {
        list.args(["--package", crate_name]);
    }
    let text = output(&mut list)?;
    write(&tree.join("usr/share/doc").join(package.name).join("third-party.txt"), &libraries_of(&text))
}

/// One line for each library of `cargo tree`'s output, without those of this repository.
fn libraries_of(tree: &str) -> String {
    let mut lines: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split_once('\t'))
        // A path in parentheses means a crate of this repository; a mark after it means "shown above".
        .filter(|(package, _)| !package.contains('/'))
        .map(|(package, licence)| {
            let package = package.replace(" (*)", "").replace(" (proc-macro)", "");
            format!("{package}: {}\n", licence.replace(" (*)", ""))
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines.concat()
}

pub(super) fn copy(from: &Path, to: &Path, mode: u32) -> Result<()> {
    make_folder(to.parent().unwrap_or(to))?;
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    permit(to, mode)
}

pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    write_with(path, text, 0o644)
}

/// The same as a script that everybody may run.
pub(super) fn write_script(path: &Path, text: &str) -> Result<()> {
    write_with(path, text, 0o755)
}

fn write_with(path: &Path, text: &str, mode: u32) -> Result<()> {
    make_folder(path.parent().unwrap_or(path))?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    permit(path, mode)
}

/// Folders and files of a package are readable by everybody, whatever this person's habit is.
fn make_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_folder(parent)?;
    }
    fs::create_dir(path).with_context(|| format!("cannot make {}", path.display()))?;
    permit(path, 0o755)
}

fn permit(path: &Path, mode: u32) -> Result<()> {
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(path, permissions).with_context(|| format!("cannot set the permissions of {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{super::PACKAGES, libraries_of, source};

    #[test]
    fn every_file_of_the_package_is_in_the_repository() {
        for (from, _) in PACKAGES.iter().flat_map(|package| package.copies) {
            assert!(source(from).is_file(), "{from}");
        }
    }

    #[test]
    fn each_library_is_named_once_and_our_own_crates_are_not() {
        let tree = "gridkey-app v0.1.0 (/home/me/app)\tMIT OR Apache-2.0\nserde v1.0.0\tMIT\nthiserror-impl v2.0.0 (proc-macro)\tMIT\n\
                    serde v1.0.0 (*)\tMIT\n";
        assert_eq!(libraries_of(tree), "serde v1.0.0: MIT\nthiserror-impl v2.0.0: MIT\n");
    }
}
