//! Docker as the images and the stack need it: a daemon, its client, and `docker compose` or docker-compose.

use std::{
    fs::{self, File},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};

use crate::{
    demo::process::pid_of,
    setup::{self, Need, on_path},
    workspace::{quietly, root, target_folder},
};

/// Time for a daemon to open what it keeps.
const READY: Duration = Duration::from_secs(60);
/// Time for a daemon to stop its containers and itself.
const STOP: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);

const NEEDS: &[Need] = &[
    Need::of_one_command("docker.io", "builds and runs containers", || on_path("docker")),
    Need::of_one_command("docker-compose", "brings the stack up", || has_plugin() || on_path("docker-compose")),
    Need::of_one_command("iptables", "the walls between networks", || on_path("iptables") || sbin("iptables").exists()),
];

/// A reachable daemon. One that was started here stops when this goes.
#[derive(Debug)]
pub(crate) struct Docker {
    /// What `DOCKER_HOST` has to be; none for the machine's own.
    host: Option<String>,
    daemon: Option<Child>,
}

impl Docker {
    /// The machine's daemon; or, where none answers, one started for the occasion with all that it keeps in `target/docker`.
    pub(crate) fn reach(yes: bool) -> Result<Self> {
        setup::provide(&NEEDS.iter().collect::<Vec<_>>(), yes)?;
        if answers(&mut Command::new("docker")) {
            return Ok(Self { host: None, daemon: None });
        }
        if !nix::unistd::geteuid().is_root() {
            bail!("no Docker daemon answers, and only root can start one: start it, or run this as root");
        }
        let program = [Path::new("dockerd").to_owned(), sbin("dockerd")]
            .into_iter()
            .find(|path| quietly(Command::new(path).arg("--version")));
        let program = program.context("no Docker daemon answers and dockerd is not installed (Debian: docker.io)")?;
        let mut last = None;
        // A kernel without nftables still has the older tables.
        for legacy in [false, true] {
            match start(&program, legacy) {
                Ok(docker) => return Ok(docker),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("no way to start dockerd was tried")?)
    }

    /// `docker` with these arguments. The classic builder: it needs no plugin, and what it caches serves docker-compose as well.
    pub(crate) fn docker(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        self.at(&mut command).args(arguments);
        command
    }

    /// `docker compose` or docker-compose in the repository's root.
    pub(crate) fn compose(&self) -> Command {
        let mut command = if has_plugin() {
            let mut command = Command::new("docker");
            command.arg("compose");
            command
        } else {
            Command::new("docker-compose")
        };
        self.at(&mut command).current_dir(root());
        command
    }

    /// What `docker` prints.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<String> {
        crate::demo::process::output(&mut self.docker(arguments)).map(|text| text.trim().to_owned())
    }

    /// Whether a registry gives this image.
    pub(crate) fn pulls(&self, tag: &str) -> bool {
        quietly(&mut self.docker(&["pull", "--quiet", tag]))
    }

    /// Whether an image is there.
    pub(crate) fn has_image(&self, tag: &str) -> bool {
        quietly(&mut self.docker(&["image", "inspect", tag]))
    }

    fn at<'command>(&self, command: &'command mut Command) -> &'command mut Command {
        command.env("DOCKER_BUILDKIT", "0").env("COMPOSE_DOCKER_CLI_BUILD", "0").stdin(Stdio::null());
        if let Some(host) = &self.host {
            command.env("DOCKER_HOST", host);
        }
        command
    }
}

impl Drop for Docker {
    fn drop(&mut self) {
        let Some(mut daemon) = self.daemon.take() else { return };
        if let Ok(pid) = pid_of(daemon.id()) {
            kill(pid, Signal::SIGTERM).ok();
        }
        let since = Instant::now();
        while matches!(daemon.try_wait(), Ok(None)) && since.elapsed() < STOP {
            thread::sleep(PAUSE);
        }
        if matches!(daemon.try_wait(), Ok(None)) {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
        // What it leaves there is of no use to the next one.
        let place = run_place(&target_folder("docker"));
        let mounted = fs::read_to_string("/proc/mounts").map_or(true, |all| all.contains(&*place.to_string_lossy()));
        if !mounted {
            let _ = fs::remove_dir_all(&place);
        }
    }
}

/// Where a daemon of this folder has its socket and what else it needs while it runs: in the target folder a socket's name may become
/// too long. The same in each run, so that what a killed one left is found.
fn run_place(folder: &Path) -> PathBuf {
    let bytes = folder.as_os_str().as_encoded_bytes().iter();
    let sum = bytes.fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    PathBuf::from(format!("/run/gridkey-docker-{sum:08x}"))
}

/// Stops the daemon that a killed run left.
fn stop_left(pid_file: &Path, folder: &Path) -> Result<()> {
    let Ok(text) = fs::read_to_string(pid_file) else { return Ok(()) };
    let Ok(number) = text.trim().parse::<u32>() else { return Ok(()) };
    let ours = || {
        let line = fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|word| word == folder.join("data").as_os_str().as_encoded_bytes())
    };
    if !ours() {
        return Ok(());
    }
    println!("stopping the dockerd of an earlier run");
    kill(pid_of(number)?, Signal::SIGTERM)?;
    let since = Instant::now();
    while ours() {
        if since.elapsed() > STOP {
            bail!("process {number}, the dockerd of an earlier run, does not stop");
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// Starts a daemon of our own. It picks a storage driver that works here.
fn start(program: &Path, legacy: bool) -> Result<Docker> {
    let folder = target_folder("docker");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let log = folder.join("dockerd.log");
    let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let run = run_place(&folder);
    stop_left(&run.with_extension("pid"), &folder)?;
    let host = format!("unix://{}.sock", run.display());
    let mut command = Command::new(program);
    command
        .arg("--data-root")
        .arg(folder.join("data"))
        .arg("--exec-root")
        .arg(&run)
        .arg("--pidfile")
        .arg(run.with_extension("pid"))
        .args(["--host", &host])
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        // Ctrl-C is for the task, which stops the daemon last.
        .process_group(0);
    command.env("PATH", path_for(&folder, legacy)?);
    let daemon = command.spawn().with_context(|| format!("cannot run {}", program.display()))?;
    let mut docker = Docker { host: Some(host), daemon: Some(daemon) };
    let since = Instant::now();
    while since.elapsed() < READY {
        if answers(&mut docker.docker(&[])) {
            println!("started dockerd; it keeps its data in {}", folder.join("data").display());
            return Ok(docker);
        }
        if let Some(daemon) = &mut docker.daemon
            && let Some(status) = daemon.try_wait()?
        {
            docker.daemon = None;
            let said = fs::read_to_string(&log).unwrap_or_default();
            bail!("dockerd ended ({status}): {}", said.lines().last().unwrap_or("it said nothing"));
        }
        thread::sleep(PAUSE);
    }
    bail!("dockerd was not ready within {} s; see {}", READY.as_secs(), log.display())
}

/// `PATH` for the daemon: with the folders of system programs, and with the older iptables in front where `legacy`.
fn path_for(folder: &Path, legacy: bool) -> Result<String> {
    let usual = std::env::var("PATH").unwrap_or_default();
    let path = format!("{usual}:/usr/local/sbin:/usr/sbin:/sbin");
    if !legacy {
        return Ok(path);
    }
    let shims = folder.join("bin");
    fs::create_dir_all(&shims)?;
    for name in ["iptables", "ip6tables"] {
        let shim = shims.join(name);
        if !shim.exists() {
            std::os::unix::fs::symlink(sbin(&format!("{name}-legacy")), &shim)?;
        }
    }
    Ok(format!("{}:{path}", shims.display()))
}

fn sbin(program: &str) -> PathBuf {
    Path::new("/usr/sbin").join(program)
}

/// Whether a daemon answers, and not only the client.
fn answers(command: &mut Command) -> bool {
    let asked = command.args(["version", "--format", "{{.Server.Version}}"]).stdin(Stdio::null()).output();
    asked.is_ok_and(|output| output.status.success() && !output.stdout.trim_ascii().is_empty())
}

/// Whether the client has the plugin `compose`.
fn has_plugin() -> bool {
    quietly(Command::new("docker").args(["compose", "version"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_has_a_short_name_that_each_folder_has_for_itself() {
        let deep = PathBuf::from("/").join("deep/".repeat(60));
        assert!(run_place(&deep).as_os_str().len() < 60);
        assert_eq!(run_place(&deep), run_place(&deep));
        assert_ne!(run_place(&deep), run_place(&deep.join("er")));
    }

    #[test]
    fn a_stranger_with_the_number_of_an_old_daemon_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        // This test's own process stands for the stranger: it would not live to say so.
        fs::write(&file, std::process::id().to_string()).unwrap();
        stop_left(&file, folder.path()).unwrap();
        stop_left(&folder.path().join("none"), folder.path()).unwrap();
    }
}
