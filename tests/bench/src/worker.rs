//! The controller's side of work in a process of its own: a line of JSON in, a line of JSON out.

use std::{path::Path, process::Stdio};

use anyhow::{Context as _, Result};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{stack::softhsm_conf, work::Kind};

/// A process that waits for work. It ends with this value: its standard input closes, and it is killed if it does not notice.
pub(crate) struct Worker {
    child: Child,
    jobs: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    /// Starts one that works on `place`. If there is a SoftHSM configuration in `folder`, it is that one's.
    pub(crate) fn start(kind: Kind, place: &Path, folder: &Path) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("worker")
            .arg(kind.name())
            .arg(place)
            .env("SOFTHSM2_CONF", softhsm_conf(folder))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start a worker")?;
        let jobs = child.stdin.take().context("a worker without input")?;
        let answers = BufReader::new(child.stdout.take().context("a worker without output")?).lines();
        Ok(Self { child, jobs, answers })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> Result<u32> {
        self.child.id().context("the worker has ended")
    }

    /// Has it do a job and waits for the outcome.
    ///
    /// # Errors
    /// If it ends instead; it has then said why on standard error.
    pub(crate) async fn ask<T: DeserializeOwned>(&mut self, job: &impl Serialize) -> Result<T> {
        let mut line = serde_json::to_vec(job)?;
        line.push(b'\n');
        self.jobs.write_all(&line).await.context("the worker has ended")?;
        let answer = self.answers.next_line().await?.context("the worker has ended")?;
        Ok(serde_json::from_str(&answer)?)
    }
}
