//! The workspace's programs, as tests run them.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Where `cargo xtask test` says that the programs are.
pub const BIN_DIR: &str = "GRIDKEY_BIN_DIR";

/// The path of a program, built by `cargo xtask test` or beside the test that asks.
///
/// # Errors
/// If nobody has built it.
pub fn path(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os(BIN_DIR) {
        Some(folder) => PathBuf::from(folder),
        None => {
            // A test lies in `deps` below the folder of the programs.
            let test = std::env::current_exe().context("this program's own path")?;
            test.ancestors().nth(2).context("this program lies nowhere")?.to_owned()
        }
    };
    let program = folder.join(name);
    if program.is_file() { Ok(program) } else { bail!("{} is not built: use cargo xtask test", program.display()) }
}
