//! Where things are, and running `cargo` in it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// The app in a phone's form beside the one for computers.
pub(crate) const PHONE: &str = "gridkey-app/mobile";
/// What everything is built with for tests: the phone's form, and places at which a program can be killed.
pub(crate) const TESTED: &str = "gridkey-app/mobile,gridkey-service/failpoints";

/// How what is shipped is compiled, here and in the `Dockerfile`: Poly1305 in plain integers. The crate's AVX2 code can't be inlined in
/// a program for any x86-64, and takes several times as long for a small message (docs/performance.md).
const SHIPPED: &str = "--cfg poly1305_force_soft";

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    // This crate lies directly below it. Cargo says where when it runs this, which counts more than where it was built: two
    // clones may share a folder for building.
    let crate_folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&crate_folder).parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// A folder below Cargo's for building, for a task that builds differently and must not make the usual build start anew.
pub(crate) fn target_folder(name: &str) -> PathBuf {
    let usual =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder));
    usual.join(name)
}

/// `cargo` with these arguments, in the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    // Set for this program by the `cargo run` that started it. Passed on, they would have crates built again whose build
    // scripts watch them, here and once more in the next `cargo build`.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|prefix| text.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
    command
}

/// [`cargo`] for a build of what is shipped. To be used with a target folder of its own: other flags build everything anew.
pub(crate) fn cargo_shipped(arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    let given = std::env::var("RUSTFLAGS").unwrap_or_default();
    command.env("RUSTFLAGS", format!("{given} {SHIPPED}").trim());
    command
}

/// Runs `command` and fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    if succeeds(command)? { Ok(()) } else { bail!("{} failed", shown(command)) }
}

/// Runs `command` and tells whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    Ok(command.status().with_context(|| format!("cannot run {}", shown(command)))?.success())
}

/// Whether `command` runs and succeeds; what it prints is dropped.
pub(crate) fn quietly(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
