//! Processes that end with the value that holds them.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// Time to stop when asked to, before it is made to: a server says goodbye to thousands of sessions.
const STOP: Duration = Duration::from_secs(20);
/// Time to start.
const START: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// A running process. Dropping it stops it.
pub(crate) struct Child {
    name: &'static str,
    child: std::process::Child,
    log: PathBuf,
}

impl Child {
    /// Starts `command` with its output in `NAME.log` of `folder`.
    pub(crate) fn spawn(name: &'static str, command: &mut Command, folder: &Path) -> Result<Self> {
        let path = folder.join(format!("{name}.log"));
        let log = File::options().append(true).create(true).open(&path)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("cannot run {name}"))?;
        Ok(Self { name, child, log: path })
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `ready` gives something.
    ///
    /// # Errors
    /// With its last words if the process ends first, or is not ready in time.
    pub(crate) async fn wait_for<T>(&mut self, mut ready: impl AsyncFnMut() -> Option<T>) -> Result<T> {
        let since = Instant::now();
        loop {
            if let Some(value) = ready().await {
                return Ok(value);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended while it started ({status}): {}", self.name, self.last_words());
            }
            if since.elapsed() > START {
                bail!("{} was not ready in time: {}", self.name, self.last_words());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What it printed last.
    pub(crate) fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(5)..].join(" | ")
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let Ok(pid) = i32::try_from(self.child.id()) else { return };
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        let since = Instant::now();
        while since.elapsed() < STOP {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(PAUSE);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs `command` to its end and gives what it printed; its failure is one here.
pub(crate) async fn output(command: &mut Command) -> Result<String> {
    let program = Path::new(command.get_program()).display().to_string();
    let mut command = tokio::process::Command::from(std::mem::replace(command, Command::new("true")));
    let done = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    let done = done.with_context(|| format!("cannot run {program}"))?;
    if !done.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
