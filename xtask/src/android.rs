//! Type-checks the app as a phone's, for Android on ARM, without an SDK.
//!
//! Where rustup has installed the target, it is used. Elsewhere Debian's own compiler does it, which brings the source of
//! the standard library: the library is checked along. Nothing is linked, so a cross compiler for the little C there is
//! (in `ring`) takes the place of Android's.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{
    setup::{self, Need, on_path},
    workspace::{cargo, root, succeeds, target_folder},
};

const TARGET: &str = "aarch64-linux-android";
/// The C compiler and archiver that stand in for Android's.
const C_COMPILER: &str = "aarch64-linux-gnu-gcc";
const ARCHIVER: &str = "aarch64-linux-gnu-ar";

const CROSS: &[Need] = &[
    Need::of_one_command("gcc-aarch64-linux-gnu", "a C compiler for ARM", || on_path(C_COMPILER)),
    Need::of_one_command("libc6-dev-arm64-cross", "its header files", || {
        Path::new("/usr/aarch64-linux-gnu/include/stdlib.h").exists()
    }),
];

const COMPILER: &[Need] = &[
    Need::of_one_command("rustc-web", "a Rust compiler of the same release as its library's source", || {
        Path::new(RUSTC).exists()
    }),
    Need::of_one_command("cargo-web", "the Cargo of that release", || Path::new(CARGO).exists()),
    Need::of_one_command("rust-web-src", "the source of the standard library", library_source),
];

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Checks the app; `true` if it would build.
pub(crate) fn run(yes: bool) -> Result<bool> {
    let own_c_compiler = std::env::var_os(variable("CC")).is_some();
    let mut needs: Vec<&Need> = if own_c_compiler { Vec::new() } else { CROSS.iter().collect() };
    let mut check = if rustup_has_target() {
        setup::provide(&needs, yes)?;
        println!("checking for {TARGET} with rustup's standard library");
        cargo(&["check"])
    } else {
        needs.extend(COMPILER);
        setup::provide(&needs, yes)?;
        println!("checking for {TARGET} with Debian's compiler, the standard library along");
        let mut check = Command::new(CARGO);
        // The library's source is for nightly compilers only by name; this one is its own release.
        check.args(["check", "-Zbuild-std=std,panic_abort"]).env("RUSTC_BOOTSTRAP", "1").env("RUSTC", RUSTC);
        // What rustup and the `cargo run` around this set for another compiler.
        for name in ["RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "RUSTC_WRAPPER", "RUSTFLAGS", "CARGO"] {
            check.env_remove(name);
        }
        check
    };
    check.current_dir(root()).args(["--package", "gridkey-app", "--lib", "--bin", "gridkey-phone"]);
    check.args(["--locked", "--target", TARGET, "--no-default-features", "--features", "mobile"]);
    check.env("CARGO_TARGET_DIR", target_folder("android"));
    if !own_c_compiler {
        check.env(variable("CC"), C_COMPILER).env(variable("AR"), ARCHIVER);
    }
    succeeds(&mut check)
}

/// The variable in which build scripts look for a tool of the target.
fn variable(tool: &str) -> String {
    format!("{tool}_{}", TARGET.replace('-', "_"))
}

fn rustup_has_target() -> bool {
    let asked = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    asked.is_ok_and(|answer| {
        let folder = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        answer.status.success() && std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some())
    })
}

fn library_source() -> bool {
    let asked = Command::new(RUSTC).args(["--print", "sysroot"]).output();
    asked.is_ok_and(|answer| {
        let sysroot = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock").exists()
    })
}
