//! `cargo xtask demo`: the whole stack on loopback, with the app of a customer and the dashboard of an administrator on it; or,
//! without a window, the customer's journey through it.
//!
//! All state lies under `target/demo` of the workspace. A run begins by stopping and removing what an earlier one left,
//! so that each starts from nothing.

mod calendar;
pub(crate) mod config;
pub(crate) mod http;
pub(crate) mod interrupt;
pub(crate) mod journey;
mod layout;
pub(crate) mod process;
mod stack;
pub(crate) mod step;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use self::{interrupt::Interrupt, journey::Journey, layout::Layout, stack::Stack, step::Report};
use crate::{
    build::{self, Programs},
    options::DemoOptions,
    setup, workspace,
};

/// Runs the demo and tells whether every step held.
pub(crate) fn run(options: DemoOptions) -> Result<bool> {
    let needed = if options.headless { setup::Use::Terminal } else { setup::Use::Window };
    if !options.headless && !has_display() {
        bail!(
            "there is no display to open windows on. With --headless the journey is walked without it; on a machine \
             reached over the network, `xvfb-run cargo xtask demo` opens them where nobody looks, and ssh -X where you do"
        );
    }
    setup::run(needed, options.yes)?;
    let module = setup::softhsm_module().context("the SoftHSM2 module is not there")?;
    let programs = match options.bin {
        Some(programs) => programs,
        None => build::programs(if options.headless { Programs::AsPossible } else { Programs::All })?,
    };

    // Programs in other folders are told of it, so it is whole.
    let folder = options.dir.map_or_else(|| Ok(workspace::root().join("target/demo")), std::path::absolute)?;
    let layout = Layout::under(&folder);
    clear(&layout)?;
    let mut report = Report::on(std::io::stdout());
    if options.headless {
        let mut journey = Journey::new(layout, &module, programs, options.keep)?;
        journey::walk(&mut journey, &mut report, options.until.as_deref())?;
        let ended = journey.end();
        // The count comes last, whatever became of the stack.
        let held = report.finish();
        return ended.map(|()| held);
    }
    // Ctrl-C reaches whatever was started from this terminal. It is for the windows; the daemons stop after them.
    let interrupt = Interrupt::catch()?;
    let mut journey = Journey::new(layout, &module, programs, true)?;
    journey::set_scene(&mut journey, &mut report);
    let held = report.finish();
    let shown = if held { journey.show_windows(&interrupt) } else { Ok(()) };
    let ended = if options.keep { journey.end() } else { journey.stop() };
    shown.and(ended).map(|()| held)
}

/// Whether a window can be opened.
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
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
