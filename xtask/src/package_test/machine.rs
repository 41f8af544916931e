//! A fresh Debian 12 in a folder, and the same booted: systemd as process 1 in namespaces of its own, without a network.

use std::{
    fs,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::workspace::run as run_command;

/// What boots and what the tests look with, besides a minimal Debian.
const INCLUDED: &str = "systemd,systemd-sysv,dbus,iproute2,procps,ca-certificates,openssl,curl,softhsm2,prometheus";
/// How long it may take until systemd answers.
const BOOT: Duration = Duration::from_secs(180);

/// Makes a fresh Debian 12 in `folder`, which is emptied first.
pub(super) fn install(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder)?;
    let log = fs::File::create(folder.with_extension("log"))?;
    let mut command = Command::new("debootstrap");
    command.args(["--variant=minbase", &format!("--include={INCLUDED}"), "bookworm"]).arg(folder);
    // What a power cut would do to it does not matter.
    command.env("DPKG_FORCE", "unsafe-io");
    run_command(command.stdout(log.try_clone()?).stderr(log))
        .with_context(|| format!("see {}.log", folder.display()))?;
    fs::write(folder.join("etc/dpkg/dpkg.cfg.d/unsafe-io"), "force-unsafe-io\n")?;
    // The way to the mirrors is this machine's.
    for name in ["resolv.conf", "hosts"] {
        fs::copy(Path::new("/etc").join(name), folder.join("etc").join(name))
            .with_context(|| format!("/etc/{name}"))?;
    }
    for entry in fs::read_dir("/etc/apt/apt.conf.d")? {
        let path = entry?.path();
        if let (Some(name), Ok(text)) = (path.file_name(), fs::read_to_string(&path))
            && text.lines().any(|line| line.trim_start().starts_with("Acquire::"))
        {
            fs::write(folder.join("etc/apt/apt.conf.d").join(name), text)?;
        }
    }
    Ok(())
}

/// Runs a script of the shell in the system in `folder`, which is not booted; gives what it printed.
pub(super) fn in_folder(folder: &Path, script: &str) -> Result<String> {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--kill-child"]);
    command.arg(format!("--mount-proc={}", folder.join("proc").display()));
    printed(command.arg("chroot").arg(folder).args(["sh", "-ec", script]))
}

/// A booted system; dropping it ends every process in it.
pub(super) struct Machine {
    namespaces: Child,
    /// Its process 1, as this machine counts.
    first: Pid,
    group: PathBuf,
}

impl Machine {
    /// Boots the system in `folder` and waits until it has started everything.
    pub(super) fn boot(folder: &Path) -> Result<Self> {
        let group = control_groups()?.join(format!("gridkey-package-test-{}", std::process::id()));
        fs::create_dir_all(&group).with_context(|| format!("cannot make {}", group.display()))?;
        let members = group.join("cgroup.procs");
        let mut command = Command::new("sh");
        // Into the group first: what is unshared then begins there.
        let enter =
            "echo $$ > \"$1\"; shift; exec unshare --mount --pid --fork --uts --ipc --net --cgroup --kill-child \"$@\"";
        command.args(["-ec", enter, "sh"]).arg(&members);
        command.args(["sh", "-c", include_str!("boot.sh"), "boot"]).arg(folder).arg(&group);
        // What it says is looked at only when it does not boot.
        let log = fs::File::create(folder.with_extension("boot.log"))?;
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let namespaces = command.spawn().context("cannot run unshare")?;
        let mut machine = Self { namespaces, first: Pid::from_raw(0), group };
        let until = Instant::now() + BOOT;
        loop {
            if let Some(status) = machine.namespaces.try_wait()? {
                bail!("the system did not boot: {status}; see {}", folder.with_extension("boot.log").display());
            }
            if let Some(first) = machine.child()? {
                machine.first = first;
                if let Ok(state) = machine.run("systemctl is-system-running --wait || true")
                    && ["running", "degraded"].contains(&state.trim())
                {
                    return Ok(machine);
                }
            }
            if Instant::now() > until {
                bail!("the system did not boot within {} seconds", BOOT.as_secs());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Runs a script of the shell in the booted system; gives what it printed.
    pub(super) fn run(&self, script: &str) -> Result<String> {
        let mut command = Command::new("nsenter");
        command.arg(format!("--target={}", self.first)).arg("--all").args(["sh", "-ec", script]);
        printed(&mut command)
    }

    fn child(&self) -> Result<Option<Pid>> {
        let id = self.namespaces.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        children.split_whitespace().next().map(|text| text.parse().map(Pid::from_raw)).transpose().context("/proc")
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if self.first.as_raw() > 1 {
            // With process 1 everything in the namespace ends.
            let _ = kill(self.first, Signal::SIGKILL);
        } else {
            let _ = self.namespaces.kill();
        }
        let _ = self.namespaces.wait();
        remove_group(&self.group);
    }
}

fn remove_group(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_group(&entry.path());
        }
    }
    // A process takes a moment to be gone.
    for _ in 0..20 {
        if fs::remove_dir(folder).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Where this machine has the second version of control groups.
fn control_groups() -> Result<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mounts")?;
    let found = mounts.lines().filter_map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        (words.get(2) == Some(&"cgroup2")).then(|| PathBuf::from(words[1]))
    });
    found.min_by_key(|path| path.as_os_str().len()).context("this machine has no control groups of the second version")
}

/// What a command prints on both channels; its failure is one here.
fn printed(command: &mut Command) -> Result<String> {
    let done = command.stdin(Stdio::null()).output().context("cannot run unshare or nsenter")?;
    let text = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    if done.status.success() { Ok(text) } else { bail!("{}: {}", done.status, text.trim()) }
}
