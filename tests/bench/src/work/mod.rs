//! Work that runs in a process of its own: databases and tokens that are somebody else's measure, and stores that are filled
//! before a program of ours is measured on them.

mod bills;
mod creates;
mod derive;
mod evidence;

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

pub(crate) use bills::FillMeters;
pub(crate) use evidence::{EvidenceJob, EvidenceTime};

/// Which work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Records created in SurrealDB.
    Creates,
    /// X25519 on a SoftHSM token.
    Derive,
    /// Ended keys and audit entries in a server's store, and what is made of them.
    Evidence,
    /// Readings in a platform's store.
    Bills,
}

impl Kind {
    /// Its name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Creates => "creates",
            Self::Derive => "derive",
            Self::Evidence => "evidence",
            Self::Bills => "bills",
        }
    }
}

/// How much to do, and how much of it at once.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Amount {
    /// Operations.
    pub(crate) count: usize,
    /// Under way at a time.
    pub(crate) at_once: usize,
}

/// A job that was done.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Done {
    /// What was asked for, or came of it.
    pub(crate) count: usize,
}

/// What a process of work does with each line.
trait Work {
    type Job: for<'a> Deserialize<'a> + Send;
    type Outcome: Serialize;

    async fn carry_out(&mut self, job: Self::Job) -> Result<Self::Outcome>;
}

/// Works until standard input ends.
pub(crate) async fn serve(kind: Kind, place: PathBuf) -> Result<()> {
    match kind {
        Kind::Creates => each_line(creates::Creates::open(&place).await?).await,
        Kind::Derive => each_line(derive::Derive::open(&place)?).await,
        Kind::Evidence => each_line(evidence::Evidence::open(&place).await?).await,
        Kind::Bills => each_line(bills::Bills::open(&place)).await,
    }
}

async fn each_line<W: Work>(mut work: W) -> Result<()> {
    let mut jobs = BufReader::new(tokio::io::stdin()).lines();
    let mut out = tokio::io::stdout();
    while let Some(line) = jobs.next_line().await? {
        let outcome = work.carry_out(serde_json::from_str(&line)?).await?;
        let mut answer = serde_json::to_vec(&outcome)?;
        answer.push(b'\n');
        out.write_all(&answer).await?;
        out.flush().await?;
    }
    Ok(())
}

/// A path as the address of an embedded database.
fn embedded(path: &Path) -> String {
    format!("surrealkv://{}", path.display())
}
