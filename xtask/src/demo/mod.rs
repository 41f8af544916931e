//! `cargo xtask demo`: the whole stack on loopback, and the customer's journey through it.
//!
//! All state lies under `target/demo` of the workspace. A run begins by stopping and removing what an earlier one left,
//! so that each starts from nothing.

mod calendar;
mod config;
mod http;
mod journey;
mod layout;
mod process;
mod stack;
mod step;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use self::{journey::Journey, layout::Layout, stack::Stack, step::Report};
use crate::{build, options::DemoOptions, setup, workspace};

/// Runs the demo and tells whether every step held.
pub(crate) fn run(options: DemoOptions) -> Result<bool> {
    if !options.headless {
        bail!("there is no window to open yet: use cargo xtask demo --headless");
    }
    setup::run(options.yes)?;
    let module = setup::softhsm_module().context("the SoftHSM2 module is not there")?;
    let programs = match options.bin {
        Some(programs) => programs,
        None => build::programs(false)?,
    };

    let layout = Layout::under(&options.dir.unwrap_or_else(|| workspace::root().join("target/demo")));
    clear(&layout)?;
    let mut journey = Journey::new(layout, &module, programs, options.keep)?;
    let mut report = Report::on(std::io::stdout());
    journey::walk(&mut journey, &mut report, options.until.as_deref())?;
    let ended = journey.end();
    // The count comes last, whatever became of the stack.
    let held = report.finish();
    ended.map(|()| held)
}

/// Stops what an earlier run left running and removes its state.
fn clear(layout: &Layout) -> Result<()> {
    match Stack::read(&layout.stack()) {
        Ok(Some(stack)) => process::stop_recorded(&stack)?,
        Ok(None) => {}
        Err(error) => bail!("{error:#}; look what still runs, then remove {}", layout.root().display()),
    }
    remove(layout.root())?;
    layout.make()
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
