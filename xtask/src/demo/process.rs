//! Starting and stopping the daemons of the stack.

use std::{
    ffi::OsString,
    fs::{self, File},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use super::stack::Stack;

/// Time for a daemon to open its database and tokens and to say so; debug builds on a busy machine are slow.
const READY: Duration = Duration::from_secs(120);
/// Time to stop when asked to, before it is made to.
const STOP: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(50);
/// How many of a failed daemon's last log lines are shown.
const TAIL: usize = 3;

/// A daemon that can be started any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Daemon {
    /// `server`, `platform` or `sandbox`.
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(&'static str, OsString)>,
    /// The folder in which it writes `runtime.json`.
    pub(crate) state: PathBuf,
    pub(crate) log: PathBuf,
    /// Whether Ctrl-C at the terminal is to pass it by.
    pub(crate) outlives: bool,
}

/// A daemon that runs.
#[derive(Debug)]
pub(crate) struct Running {
    daemon: Daemon,
    child: Child,
}

impl Daemon {
    /// Starts the daemon; it is ready once [`Running::wait_until_ready`] says so.
    pub(crate) fn spawn(&self) -> Result<Running> {
        let log = File::options().append(true).create(true).open(&self.log);
        let log = log.with_context(|| format!("cannot write {}", self.log.display()))?;
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        if self.outlives {
            command.process_group(0);
        }
        let child = command.spawn().with_context(|| format!("cannot run {}", self.program.display()))?;
        Ok(Running { daemon: self.clone(), child })
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(TAIL).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }
}

impl Running {
    pub(crate) fn name(&self) -> &'static str {
        self.daemon.name
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks the daemon to stop, makes it if it does not, and waits for its end.
    pub(crate) fn stop(&mut self) -> Result<()> {
        let pid = pid_of(self.child.id())?;
        let since = Instant::now();
        let mut made = false;
        kill(pid, Signal::SIGTERM).ok();
        while self.child.try_wait()?.is_none() {
            if since.elapsed() > STOP && !made {
                made = true;
                self.child.kill()?;
            }
            thread::sleep(PAUSE);
        }
        if made { bail!("{} did not stop when asked to", self.daemon.name) } else { Ok(()) }
    }

    /// Waits until the daemon announces its addresses, or fails.
    pub(crate) fn wait_until_ready(&mut self) -> Result<()> {
        let name = self.daemon.name;
        let since = Instant::now();
        while since.elapsed() < READY {
            if let Some(status) = self.child.try_wait()? {
                bail!("{name} ended at once ({status}): {}", self.daemon.last_words());
            }
            if announced(&self.daemon.state) == Some(self.child.id()) {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
        bail!("{name} was not ready within {} s: {}", READY.as_secs(), self.daemon.last_words())
    }
}

/// The process that the `runtime.json` in `state` speaks of; after a crash it may be the one before.
fn announced(state: &Path) -> Option<u32> {
    let runtime: Value = serde_json::from_slice(&fs::read(state.join("runtime.json")).ok()?).ok()?;
    runtime["pid"].as_u64()?.try_into().ok()
}

/// Stops the daemons that an earlier run recorded. A process that does not carry the daemon's own configuration file in its
/// command line has merely got the same number, and is left alone.
pub(crate) fn stop_recorded(stack: &Stack) -> Result<()> {
    // Callers before those they call, so that nobody spends its last seconds on a peer that is gone.
    for name in ["meter-feed", "server", "platform", "sandbox"] {
        let (Some(pid), Some(config)) = (stack.pids.get(name), stack.config_of(name)) else { continue };
        let ours = || carries(*pid, config);
        if !ours() {
            continue;
        }
        println!("stopping the {name} of an earlier run");
        kill(pid_of(*pid)?, Signal::SIGTERM).ok();
        if !within(STOP, || !ours()) {
            kill(pid_of(*pid)?, Signal::SIGKILL).ok();
            if !within(STOP, || !ours()) {
                bail!("process {pid}, the {name} of an earlier run, cannot be stopped");
            }
        }
    }
    Ok(())
}

/// Whether the process `pid` has the file `config` in its command line.
fn carries(pid: u32, config: &Path) -> bool {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    line.split(|byte| *byte == 0).any(|argument| argument == config.as_os_str().as_encoded_bytes())
}

fn within(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let since = Instant::now();
    while since.elapsed() < limit {
        if done() {
            return true;
        }
        thread::sleep(PAUSE);
    }
    done()
}

/// The number of a process, as the system takes it.
pub(crate) fn pid_of(pid: u32) -> Result<Pid> {
    // 0 and negative numbers would mean groups of processes.
    let pid = i32::try_from(pid).ok().filter(|pid| *pid > 1).context("not a process id")?;
    Ok(Pid::from_raw(pid))
}

/// Runs `command` to its end; what it prints to standard output is the result, the end of its standard error the reason.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {name}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).with_context(|| format!("{name} printed something else than text"));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = said.lines().rev().take(TAIL).collect();
    bail!("{name} ended with {}: {}", output.status, last.into_iter().rev().collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::stack::tests::sample;

    fn daemon(folder: &Path, script: &str) -> Daemon {
        Daemon {
            name: "server",
            program: "/bin/sh".into(),
            arguments: ["-c".into(), script.into(), folder.join("server.toml").into_os_string()].to_vec(),
            environment: vec![("STATE", folder.into())],
            state: folder.to_owned(),
            log: folder.join("log"),
            outlives: true,
        }
    }

    const READY: &str = r#"echo "{\"pid\": $$}" > "$STATE/runtime.json"; "#;

    #[test]
    fn a_daemon_that_says_it_is_ready_runs_until_it_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("{READY} while :; do sleep 0.05; done");
        let mut running = daemon(folder.path(), &script).spawn().unwrap();
        running.wait_until_ready().unwrap();
        let (pid, config) = (running.pid(), folder.path().join("server.toml"));
        assert!(carries(pid, &config));
        assert!(!carries(pid, &folder.path().join("other.toml")));
        running.stop().unwrap();
        assert!(!carries(pid, &config));
    }

    #[test]
    fn an_earlier_run_is_stopped_and_a_stranger_with_its_number_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("{READY} while :; do sleep 0.05; done");
        let mut left = daemon(folder.path(), &script).spawn().unwrap();
        // Only then its command line is there to be seen for sure.
        left.wait_until_ready().unwrap();
        let mut stack = sample(folder.path());
        // This test's own process stands for the stranger.
        stack.pids = [("server".to_owned(), left.pid()), ("platform".to_owned(), std::process::id())].into();
        stop_recorded(&stack).unwrap();
        assert!(!left.child.wait().unwrap().success());
    }

    #[test]
    fn a_daemon_that_ends_at_once_is_a_failure_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let mut running = daemon(folder.path(), "echo no token >&2; exit 3").spawn().unwrap();
        let error = running.wait_until_ready().unwrap_err().to_string();
        assert!(error.contains("no token") && error.contains('3'), "{error}");
    }

    #[test]
    fn what_a_crashed_predecessor_announced_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("runtime.json"), "{\"pid\": 1}").unwrap();
        assert!(daemon(folder.path(), "exit 1").spawn().unwrap().wait_until_ready().is_err());
    }

    #[test]
    fn a_programs_failure_carries_what_it_said() {
        assert_eq!(output(Command::new("sh").args(["-c", "echo yes"])).unwrap(), "yes\n");
        let error = output(Command::new("sh").args(["-c", "echo wrong PIN >&2; exit 4"])).unwrap_err().to_string();
        assert!(error.contains("wrong PIN"), "{error}");
    }
}
