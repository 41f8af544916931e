//! A helper program that never outlives the test: killed with its whole process group on drop, and by the kernel if the
//! test itself is killed.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, ExitStatus},
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};

/// A running program.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    program: String,
}

impl Process {
    /// `program` as a command that dies with the thread that starts it.
    pub(super) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program).process_group(0);
        command
    }

    /// Starts what [`Self::command`] made.
    pub(super) fn start(mut command: Command) -> Result<Self> {
        let program = command.get_args().nth(3).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let child = command.spawn().with_context(|| format!("cannot start {program} through setpriv"))?;
        Ok(Self { child, program })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn program(&self) -> &str {
        &self.program
    }

    pub(super) fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks it to end, as a logout does.
    pub(super) fn ask_to_end(&self) -> Result<()> {
        kill(self.pid()?, Signal::SIGTERM).context("cannot signal it")
    }

    fn pid(&self) -> Result<Pid> {
        Ok(Pid::from_raw(i32::try_from(self.child.id())?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Also after the program itself has ended: its children may go on.
        if let Ok(group) = self.pid() {
            let _ = killpg(group, Signal::SIGKILL);
        }
        let _ = self.child.wait();
    }
}
