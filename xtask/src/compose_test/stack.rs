//! The stack under a project and ports of its own.

use std::{
    os::unix::process::CommandExt as _,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::{
    demo::{config::free_ports, interrupt::Interrupt, process::output},
    docker::Docker,
    images::DEBIAN,
};

/// One name, so that a run finds what a killed one left.
const PROJECT: &str = "gridkey-compose-test";
/// What goes on running.
pub(super) const SERVICES: [&str; 5] = ["server", "platform", "unionpay-sandbox", "server-db", "platform-db"];
/// For all containers to be well; debug builds on a busy machine are slow.
const WELL: Duration = Duration::from_secs(180);
const PAUSE: Duration = Duration::from_millis(200);
/// What containers have that are no part of the stack.
const BESIDE: &str = "gridkey.compose-test";
const OF_CONTAINERS: &[&str] = &["ps", "--all", "--quiet", "--no-trunc"];

/// The stack.
pub(super) struct Stack<'docker> {
    pub(super) docker: &'docker Docker,
    pub(super) interrupt: &'docker Interrupt,
    pub(super) session: u16,
    pub(super) public: u16,
    pub(super) bank: u16,
}

impl<'docker> Stack<'docker> {
    /// Chooses ports and removes what an earlier run left.
    pub(super) fn plan(docker: &'docker Docker, interrupt: &'docker Interrupt) -> Result<Self> {
        let [session, public, bank] = free_ports()?.map(|address| address.port());
        let stack = Self { docker, interrupt, session, public, bank };
        stack.remove().context("what an earlier run left")?;
        Ok(stack)
    }

    /// Brings it up and waits until each container says that it is well.
    pub(super) fn up(&self) -> Result<String> {
        let since = Instant::now();
        output(self.compose().args(["up", "--detach", "--no-build"]))?;
        self.wait_well()?;
        Ok(format!("{} containers healthy after {} s", SERVICES.len(), since.elapsed().as_secs()))
    }

    /// Takes it down; the volumes stay.
    pub(super) fn down(&self) -> Result<()> {
        output(self.compose().arg("down")).map(drop)
    }

    /// `docker compose` on this project.
    pub(super) fn compose(&self) -> Command {
        let mut command = self.docker.compose();
        command.args(["--project-name", PROJECT]).env("GRIDKEY_PUBLISH", "127.0.0.1");
        for (name, port) in [("SESSION", self.session), ("PUBLIC", self.public), ("BANK", self.bank)] {
            command.env(format!("GRIDKEY_{name}_PORT"), port.to_string());
        }
        command
    }

    /// A network's name.
    pub(super) fn network(&self, name: &str) -> String {
        format!("{PROJECT}_{name}")
    }

    /// The id of a service's container.
    pub(super) fn container(&self, service: &str) -> Result<String> {
        let service_label = format!("label=com.docker.compose.service={service}");
        let filters = ["--filter", &project_label(), "--filter", &service_label];
        let all = self.docker.ask(&[OF_CONTAINERS, &filters].concat())?;
        let mut lines = all.lines();
        match (lines.next(), lines.next()) {
            (Some(id), None) => Ok(id.to_owned()),
            _ => bail!("{service} has {} containers", all.lines().count()),
        }
    }

    /// What Docker knows of a service's container.
    pub(super) fn inspect(&self, service: &str) -> Result<Value> {
        let text = self.docker.ask(&["inspect", "--type", "container", &self.container(service)?])?;
        let mut all: Value = serde_json::from_str(&text).context("docker inspect")?;
        let found = all[0].take();
        ensure!(found.is_object(), "{service} has no container");
        Ok(found)
    }

    /// Waits until all containers are well.
    pub(super) fn wait_well(&self) -> Result<()> {
        for service in SERVICES {
            self.until(&format!("a healthy {service}"), WELL, || {
                let state = self.inspect(service)?["State"].take();
                Ok(state["Status"] == "running" && state["Health"]["Status"] == "healthy")
            })?;
        }
        Ok(())
    }

    /// Waits until `done`, or the limit, or Ctrl-C.
    pub(super) fn until(&self, what: &str, limit: Duration, mut done: impl FnMut() -> Result<bool>) -> Result<()> {
        let since = Instant::now();
        while !done()? {
            ensure!(!self.interrupt.came(), "interrupted");
            ensure!(since.elapsed() < limit, "{what} did not come within {} s", limit.as_secs());
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Runs a program in a service's container.
    pub(super) fn exec(&self, service: &str, arguments: &[&str]) -> Result<String> {
        self.docker.ask(&[&["exec", &self.container(service)?], arguments].concat())
    }

    /// Runs a script in a container of its own, in the namespaces that `place` says, and removes that.
    pub(super) fn beside(&self, place: &[&str], script: &str, arguments: &[&str]) -> Result<String> {
        let head = ["run", "--rm", "--label", BESIDE, "--entrypoint", "bash"];
        self.docker.ask(&[&head, place, &[DEBIAN, "-c", script, "script"], arguments].concat())
    }

    /// What a service's container said so far.
    pub(super) fn logs(&self, service: &str) -> Result<String> {
        let said = self.docker.docker(&["logs", &self.container(service)?]).output().context("docker logs")?;
        Ok(String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned())
    }

    /// The chain of evidence, verified by the server itself, which also asks the platform for the newest lodged head.
    pub(super) fn evidence(&self) -> Result<String> {
        let config = ["gridkey-server", "--config", "/etc/gridkey/server.toml", "audit", "verify"];
        let said = self.exec("server", &config)?;
        let report: Value = serde_json::from_str(&said).with_context(|| said.clone())?;
        ensure!(report["ok"] == true && report["lodged"]["hash"] == report["head"], "{said}");
        Ok(format!("{} entries, their chain unbroken, its head lodged at the platform", report["entries"]))
    }

    /// All that the containers said, for whoever looks for the cause of a failure.
    pub(super) fn last_words(&self) -> Option<String> {
        let said = self.compose().args(["logs", "--no-color"]).process_group(0).output().ok()?;
        Some(String::from_utf8_lossy(&said.stdout).into_owned())
    }

    /// Removes containers, networks and volumes of this project, and says so.
    pub(super) fn remove(&self) -> Result<String> {
        let (beside, ours) = (format!("label={BESIDE}"), project_label());
        let kinds: [(&[&str], &str, &[&str]); 4] = [
            (OF_CONTAINERS, &beside, &["rm", "--force", "--volumes"]),
            (OF_CONTAINERS, &ours, &["rm", "--force", "--volumes"]),
            (&["network", "ls", "--quiet"], &ours, &["network", "rm"]),
            (&["volume", "ls", "--quiet"], &ours, &["volume", "rm", "--force"]),
        ];
        let mut counts = Vec::new();
        for (list, label, remove) in kinds {
            let list = [list, &["--filter", label]].concat();
            let found = self.unstoppable(&list)?;
            let found: Vec<&str> = found.lines().collect();
            if !found.is_empty() {
                self.unstoppable(&[remove, &found].concat())?;
            }
            let left = self.unstoppable(&list)?;
            ensure!(left.is_empty(), "still there: {left}");
            counts.push(found.len());
        }
        let [_, containers, networks, volumes] = counts[..] else { bail!("four kinds were removed") };
        Ok(format!("{containers} containers, {networks} networks, {volumes} volumes"))
    }

    /// `docker` where a second Ctrl-C does not reach it.
    fn unstoppable(&self, arguments: &[&str]) -> Result<String> {
        let mut command = self.docker.docker(arguments);
        output(command.process_group(0)).map(|text| text.trim().to_owned())
    }
}

fn project_label() -> String {
    format!("label=com.docker.compose.project={PROJECT}")
}
