//! What the package says of itself, and what it needs.

use std::{fs, path::Path, process::Command};

use anyhow::Result;

use super::{Package, files::write as write_file, output};

/// What a package asks of other packages, besides the libraries that its programs are linked with.
pub(super) struct Wishes {
    /// What it can't do without.
    pub(super) depends: &'static [&'static str],
    /// What nearly everybody wants.
    pub(super) recommends: &'static [&'static str],
    /// What some want.
    pub(super) suggests: &'static [&'static str],
}

/// Programs with a window: the tray's library is opened while they run; Chinese characters, smart card readers, the browser for the
/// bank's page, menus and icons; drivers of keys.
pub(super) const WINDOWED: Wishes = Wishes {
    depends: &["libayatana-appindicator3-1"],
    recommends: &[
        "fonts-noto-cjk",
        "pcscd",
        "xdg-utils",
        "hicolor-icon-theme",
        "default-dbus-session-bus | dbus-session-bus",
    ],
    suggests: &["opensc-pkcs11", "softhsm2"],
};
/// Services: their users and folders are made by systemd's programs, also where systemd does not run, and their clocks must be right.
pub(super) const SERVICE: Wishes = Wishes {
    depends: &[
        "init-system-helpers (>= 1.52)",
        "systemd | systemd-standalone-sysusers",
        "systemd | systemd-standalone-tmpfiles",
        "util-linux",
    ],
    recommends: &["systemd-timesyncd | time-daemon"],
    suggests: &["softhsm2", "prometheus"],
};

/// What the app's package says of itself.
pub(super) const APP: &str = "electricity account with the power company's USB key\n \
    Shows consumption, bills and arrears, pays bills by orders that are signed\n \
    on the USB key, keeps what it knows encrypted for times without network,\n \
    and notifies of new bills and arrears. With the app for the desktop comes\n \
    gridkey, the same for the terminal.\n \
    .\n \
    The power company's server and root certificate go into\n \
    /etc/gridkey/client.toml; an example is in /usr/share/doc/gridkey/examples.\n";
/// What the dashboard's package says of itself.
pub(super) const DASHBOARD: &str = "administration of Gridkey: keys, customers, payments, evidence\n \
    Makes customers' USB keys and takes lost ones out of use within a second,\n \
    shows sessions, arrears and payments, and verifies the chain of evidence,\n \
    with an administrator's own USB key. With the dashboard for the desktop comes\n \
    gridkey-admin, the same for the terminal.\n \
    .\n \
    The server's address for administrators and the root certificate go into\n \
    /etc/gridkey/admin.toml; an example is in\n \
    /usr/share/doc/gridkey-dashboard/examples.\n";

/// What the security server's package says of itself.
pub(super) const SERVER: &str = "security server of Gridkey\n \
    Ends the sessions of customers' and administrators' USB keys on a hardware\n \
    security module, takes signed payment orders in, pushes bills and results,\n \
    and keeps the chain of evidence. Belongs into the DMZ; its one peer inside is\n \
    gridkey-platform.\n \
    .\n \
    It starts once `gridkey-server init` has set it up;\n \
    /usr/share/doc/gridkey-server/operations.md says how.\n";
/// What the platform's package says of itself.
pub(super) const PLATFORM: &str = "payment platform of Gridkey\n \
    Holds customers, meters, tariffs, bills and payments, and collects through the\n \
    UnionPay gateway. Belongs into the intranet: it accepts the security server\n \
    alone.\n \
    .\n \
    It starts once its intranet certificate is there;\n \
    /usr/share/doc/gridkey-platform/operations.md says how.\n";

/// The packages of the libraries that the programs are linked with, as Debian reckons them.
pub(super) fn libraries(package: &Package, stage: &Path, tree: &Path) -> Result<Vec<String>> {
    // It wants to be called where a source package lies.
    write_file(
        &stage.join("debian/control"),
        &format!("Source: {0}\n\nPackage: {0}\nArchitecture: any\n", package.name),
    )?;
    let mut command = Command::new("dpkg-shlibdeps");
    command.current_dir(stage).arg("-O");
    for (program, _) in package.programs {
        command.arg("-e").arg(tree.join(package.place).join(program));
    }
    let mut depends = depends_of(&output(&mut command)?);
    depends.extend(package.wishes.depends.iter().map(|&package| package.to_owned()));
    depends.sort();
    Ok(depends)
}

/// The list in a line such as `shlibs:Depends=libc6 (>= 2.36), libgtk-3-0 (>= 3.24)`.
fn depends_of(printed: &str) -> Vec<String> {
    let list = printed.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    list.into_iter().flat_map(|list| list.split(", ")).map(str::to_owned).collect()
}

/// Writes `control` and the sums of all files.
pub(super) fn write(package: &Package, tree: &Path, architecture: &str, depends: &[String]) -> Result<()> {
    let mut kibibytes = 0;
    let mut sums = String::new();
    let mut files = Vec::new();
    walk(tree, &mut files)?;
    // The maintainer's scripts are not installed.
    files.retain(|file| !file.starts_with(tree.join("DEBIAN")));
    files.sort();
    for file in files {
        kibibytes += fs::metadata(&file)?.len().div_ceil(1024);
        let name = file.strip_prefix(tree).unwrap_or(&file).display().to_string();
        let printed = output(Command::new("md5sum").arg(&file))?;
        let sum = printed.split_whitespace().next().unwrap_or_default();
        sums.push_str(&format!("{sum}  {name}\n"));
    }
    write_file(&tree.join("DEBIAN/control"), &text(package, architecture, kibibytes, depends))?;
    write_file(&tree.join("DEBIAN/md5sums"), &sums)
}

fn walk(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn text(package: &Package, architecture: &str, kibibytes: u64, depends: &[String]) -> String {
    format!(
        "Package: {name}\n\
         Version: {version}\n\
         Architecture: {architecture}\n\
         Maintainer: The Gridkey contributors <gridkey@localhost>\n\
         Installed-Size: {kibibytes}\n\
         Depends: {depends}\n\
         Recommends: {recommended}\n\
         Suggests: {suggested}\n\
         Section: {section}\n\
         Priority: optional\n\
         Description: {about}",
        name = package.name,
        version = env!("CARGO_PKG_VERSION"),
        depends = depends.join(", "),
        recommended = package.wishes.recommends.join(", "),
        suggested = package.wishes.suggests.join(", "),
        section = if package.service.is_some() { "net" } else { "misc" },
        about = package.about,
    )
}

#[cfg(test)]
mod tests {
    use super::{super::PACKAGES, depends_of, text};

    #[test]
    fn the_libraries_are_read_from_what_dpkg_prints() {
        let printed = "dpkg-shlibdeps: warning: x\nshlibs:Depends=libc6 (>= 2.36), libxdo3 (>= 1:3.20160805.1)\n";
        assert_eq!(depends_of(printed), ["libc6 (>= 2.36)", "libxdo3 (>= 1:3.20160805.1)"]);
        assert!(depends_of("").is_empty());
    }

    #[test]
    fn each_line_of_the_control_file_is_a_field_or_continues_one() {
        for package in &PACKAGES {
            let control = text(package, "amd64", 20_000, &["libc6".to_owned()]);
            for line in control.lines() {
                let field = line.split_once(": ").is_some_and(|(name, value)| !name.contains(' ') && !value.is_empty());
                assert!(field || line.starts_with(' '), "{line:?}");
            }
            assert!(control.ends_with('\n'));
        }
    }
}
