//! Installing what the workspace needs of the system, on Debian and its kin.

use std::{
    ffi::OsStr,
    io::{IsTerminal, Write},
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::workspace::{quietly, run as run_command};

/// Something of the system that is needed, and the Debian package it comes in.
struct Need {
    package: &'static str,
    why: &'static str,
    present: fn() -> bool,
}

/// Looked for as files and programs, so that what was installed by hand counts as well.
const NEEDS: &[Need] = &[
    Need { package: "build-essential", why: "a C compiler for the cryptography", present: || on_path("cc") },
    Need { package: "pkg-config", why: "finds libraries to link with", present: || on_path("pkg-config") },
    Need {
        package: "libpcsclite-dev",
        why: "smart card readers",
        present: || quietly(Command::new("pkg-config").args(["--exists", "libpcsclite"])),
    },
    Need { package: "softhsm2", why: "the demo's tokens and HSM", present: || softhsm_module().is_some() },
    Need { package: "openssl", why: "a second opinion on certificates in the tests", present: || on_path("openssl") },
    Need {
        package: "ca-certificates",
        why: "downloads over TLS",
        present: || Path::new("/etc/ssl/certs/ca-certificates.crt").exists(),
    },
];

/// Installs what is missing: after a question on a terminal, at once with `yes`, otherwise it says what to run.
pub(crate) fn run(yes: bool) -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this machine:");
    for need in &missing {
        println!("  {:<18} {}", need.package, need.why);
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

    let still: Vec<&str> = self::missing().iter().map(|need| need.package).collect();
    if still.is_empty() { Ok(()) } else { bail!("installed, yet not found: {}", still.join(" ")) }
}

/// The SoftHSM2 module, wherever the distribution puts it.
pub(crate) fn softhsm_module() -> Option<std::path::PathBuf> {
    let mut places = vec!["/usr/lib/softhsm/libsofthsm2.so".into(), "/usr/local/lib/softhsm/libsofthsm2.so".into()];
    if let Ok(folders) = std::fs::read_dir("/usr/lib") {
        places.extend(folders.flatten().map(|folder| folder.path().join("softhsm/libsofthsm2.so")));
    }
    places.into_iter().find(|place: &std::path::PathBuf| place.exists())
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.present)()).collect()
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

fn on_path(program: impl AsRef<OsStr>) -> bool {
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
    fn programs_are_found_on_the_path() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program-anywhere"));
    }
}
