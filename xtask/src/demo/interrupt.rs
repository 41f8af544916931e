//! Ctrl-C while something runs that has to be stopped in order.

use anyhow::{Context, Result};
use nix::sys::{
    signal::{SigSet, Signal},
    signalfd::{SfdFlags, SignalFd},
};

/// Catches SIGINT and SIGTERM from now on, instead of ending by them. Programs started later are not affected.
#[derive(Debug)]
pub(crate) struct Interrupt(SignalFd);

impl Interrupt {
    /// Begins to catch. To be called before any thread is started.
    pub(crate) fn catch() -> Result<Self> {
        let signals = SigSet::from_iter([Signal::SIGINT, Signal::SIGTERM]);
        signals.thread_block().context("signals cannot be caught")?;
        let caught = SignalFd::with_flags(&signals, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC);
        caught.map(Self).context("signals cannot be caught")
    }

    /// Whether a signal has come since the last look.
    pub(crate) fn came(&self) -> bool {
        matches!(self.0.read_signal(), Ok(Some(_)))
    }
}
