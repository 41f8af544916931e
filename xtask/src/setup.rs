//! Installing what the workspace needs of the system, on Debian and its kin.

use std::{
    ffi::OsStr,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::workspace::{quietly, run as run_command};

/// What is going to be done. Each use needs what those before it need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// The stack and the client on a terminal.
    Terminal,
    /// The app, built and run.
    Window,
    /// Every test, on a screen of its own.
    Tests,
}

/// Something of the system that is needed, and the Debian package it comes in.
pub(crate) struct Need {
    package: &'static str,
    why: &'static str,
    /// From which use on.
    from: Use,
    present: fn() -> bool,
}

/// Looked for as files and programs, so that what was installed by hand counts as well.
const NEEDS: &[Need] = &[
    need("build-essential", "a C compiler for the cryptography", Use::Terminal, || on_path("cc")),
    need("pkg-config", "finds libraries to link with", Use::Terminal, || on_path("pkg-config")),
    need("libpcsclite-dev", "smart card readers", Use::Terminal, || library("libpcsclite")),
    need("softhsm2", "the demo's tokens and HSM", Use::Terminal, || softhsm_module().is_some()),
    need("ca-certificates", "downloads over TLS", Use::Terminal, || exists("/etc/ssl/certs/ca-certificates.crt")),
    need("libgtk-3-dev", "the app's window", Use::Window, || library("gtk+-3.0")),
    need("libwebkit2gtk-4.1-dev", "what the app draws with", Use::Window, || library("webkit2gtk-4.1")),
    need("libxdo-dev", "keys of the app's window", Use::Window, || exists("/usr/include/xdo.h")),
    need("libssl-dev", "a part of the window's library", Use::Window, || library("openssl")),
    need("libayatana-appindicator3-1", "the app's icon in the tray", Use::Window, || {
        in_libraries("libayatana-appindicator3.so.1")
    }),
    need("xdg-utils", "opens the bank's page in the browser", Use::Window, || on_path("xdg-open")),
    need("fonts-noto-cjk", "Chinese characters", Use::Window, || {
        exists("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc") || has_chinese_font()
    }),
    need("openssl", "a second opinion on certificates in the tests", Use::Tests, || on_path("openssl")),
    need("gnutls-bin", "a third one", Use::Tests, || on_path("certtool")),
    need("xvfb", "a screen for the app in the tests", Use::Tests, || on_path("Xvfb")),
    need("dbus", "a session bus for the app in the tests", Use::Tests, || on_path("dbus-daemon")),
    need("at-spi2-core", "the tests find buttons as a screen reader does", Use::Tests, || {
        exists("/usr/libexec/at-spi2-registryd") || in_libraries("at-spi2-core/at-spi2-registryd")
    }),
    need("gsettings-desktop-schemas", "settings that the accessibility service reads", Use::Tests, || {
        exists("/usr/share/glib-2.0/schemas/org.gnome.desktop.interface.gschema.xml")
    }),
    need("xdotool", "the tests press keys", Use::Tests, || on_path("xdotool")),
    need("imagemagick", "the tests take pictures", Use::Tests, || on_path("import")),
    need("chromium", "the tests look for barriers in the app's pages", Use::Tests, || {
        ["chromium", "chromium-browser", "google-chrome"].iter().any(on_path)
    }),
];

const fn need(package: &'static str, why: &'static str, from: Use, present: fn() -> bool) -> Need {
    Need { package, why, from, present }
}

impl Need {
    /// Something that only one command needs, for [`provide`].
    pub(crate) const fn of_one_command(package: &'static str, why: &'static str, present: fn() -> bool) -> Self {
        need(package, why, Use::Tests, present)
    }
}

/// Installs what `needed` lacks: after a question on a terminal, at once with `yes`, otherwise it says what to run.
pub(crate) fn run(needed: Use, yes: bool) -> Result<()> {
    let needs: Vec<&Need> = NEEDS.iter().filter(|need| need.from <= needed).collect();
    provide(&needs, yes)
}

/// Installs what is missing of `needs`, in the same way.
pub(crate) fn provide(needs: &[&Need], yes: bool) -> Result<()> {
    let look = || needs.iter().filter(|need| !(need.present)()).collect::<Vec<_>>();
    let missing = look();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this machine:");
    for need in &missing {
        println!("  {:<26} {}", need.package, need.why);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if !on_path("apt-get") {
        bail!("no apt-get here: install what corresponds to these Debian packages: {}", packages.join(" "));
    }
    let root = nix::unistd::geteuid().is_root();
    let line = install_line(&packages, root);
    if !yes && !agreed(&line)? {
        bail!("not installed; to do it yourself:\n{line}");
    }
    if !root && !may_sudo() {
        bail!("neither root nor sudo here; have this run:\n{}", install_line(&packages, true));
    }
    println!("+ {line}");
    let prefix: &[&str] = if root { &[] } else { &["sudo"] };
    let apt = |arguments: &[&str]| {
        let words = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments].concat();
        let (program, rest) = words.split_first().context("no program")?;
        run_command(Command::new(program).args(rest))
    };
    apt(&["update"])
        .and_then(|()| apt(&[&["install", "-y", "--no-install-recommends"], &packages[..]].concat()))
        .with_context(|| format!("installing did not work; to do it yourself:\n{line}"))?;

    let still: Vec<&str> = look().iter().map(|need| need.package).collect();
    if still.is_empty() { Ok(()) } else { bail!("installed, yet not found: {}", still.join(" ")) }
}

/// The SoftHSM2 module, wherever the distribution puts it.
pub(crate) fn softhsm_module() -> Option<PathBuf> {
    library_places("softhsm/libsofthsm2.so").into_iter().find(|place| place.exists())
}

/// Where the distributions put a file of a library.
fn library_places(file: &str) -> Vec<PathBuf> {
    let mut places = vec![Path::new("/usr/lib").join(file), Path::new("/usr/local/lib").join(file)];
    if let Ok(folders) = std::fs::read_dir("/usr/lib") {
        places.extend(folders.flatten().map(|folder| folder.path().join(file)));
    }
    places
}

fn in_libraries(file: &str) -> bool {
    library_places(file).iter().any(|place| place.exists())
}

/// Whether `pkg-config` knows the library.
fn library(name: &str) -> bool {
    quietly(Command::new("pkg-config").args(["--exists", name]))
}

fn has_chinese_font() -> bool {
    let listed = Command::new("fc-list").args([":lang=zh-cn", "family"]).output();
    listed.is_ok_and(|output| !output.stdout.is_empty())
}

fn exists(path: &str) -> bool {
    Path::new(path).exists()
}

/// Whether the app can be built here.
pub(crate) fn has_window_libraries() -> bool {
    missing(Use::Window).iter().all(|need| need.from != Use::Window || !need.package.ends_with("-dev"))
}

fn missing(needed: Use) -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| need.from <= needed && !(need.present)()).collect()
}

fn install_line(packages: &[&str], root: bool) -> String {
    let sudo = if root { "" } else { "sudo " };
    let packages = packages.join(" ");
    format!("{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {packages}")
}

fn agreed(line: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Install now with `{line}`? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Without a terminal sudo must not stop to ask for a password.
fn may_sudo() -> bool {
    on_path("sudo") && (std::io::stdin().is_terminal() || quietly(Command::new("sudo").args(["-n", "true"])))
}

pub(crate) fn on_path(program: impl AsRef<OsStr>) -> bool {
    let program = Path::new(program.as_ref());
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_to_run_is_whole() {
        assert_eq!(
            install_line(&["softhsm2", "pkg-config"], false),
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends softhsm2 pkg-config"
        );
        assert!(!install_line(&["softhsm2"], true).contains("sudo"));
    }

    #[test]
    fn a_terminal_needs_no_window() {
        let packages = |needed| NEEDS.iter().filter(move |need| need.from <= needed).map(|need| need.package);
        assert!(!packages(Use::Terminal).any(|package| package.contains("webkit")));
        assert!(packages(Use::Window).any(|package| package.contains("webkit")));
        assert_eq!(packages(Use::Tests).count(), NEEDS.len());
    }

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program-anywhere"));
    }
}
