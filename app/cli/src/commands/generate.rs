//! `gridkey completions`, `gridkey man`.

use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::{
    args::Cli,
    exit::{Done, Failure},
    output,
};

/// Prints a completion script.
pub(super) fn completions(shell: Shell) -> Result<Done, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "gridkey", &mut script);
    output::bytes(&script)?;
    Ok(Done::Ok)
}

/// Writes `gridkey.1` and a page for each command.
pub(super) fn manual(dir: &Path) -> Result<Done, Failure> {
    std::fs::create_dir_all(dir)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), dir))
        .map_err(|error| Failure::file(dir, &error))?;
    Ok(Done::Ok)
}
