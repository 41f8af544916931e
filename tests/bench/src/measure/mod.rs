//! What is measured, and what is reckoned from it.

pub(crate) mod machine;
pub(crate) mod process;
pub(crate) mod statistics;

use std::time::{Duration, Instant};

use anyhow::Result;

/// What a stretch of work took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Batch {
    /// How many operations.
    pub(crate) operations: usize,
    /// From the first to the last.
    pub(crate) wall: Duration,
    /// User and system time of the process under test, its threads and children.
    pub(crate) cpu: Duration,
    /// Of each operation, as far as they were taken.
    pub(crate) latencies: Vec<Duration>,
}

impl Batch {
    /// Server time for one operation, microseconds.
    pub(crate) fn cpu_micros(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count(self.operations)
    }

    /// Operations a second by the clock.
    pub(crate) fn rate(&self) -> f64 {
        count(self.operations) / self.wall.as_secs_f64().max(1e-9)
    }

    /// Operations in a second of server time.
    pub(crate) fn capacity(&self) -> f64 {
        count(self.operations) / self.cpu.as_secs_f64().max(1e-9)
    }
}

/// Does `work`, which gives how many operations it did and how long each took, while the process `pid` is watched.
pub(crate) async fn watch(pid: u32, work: impl Future<Output = Result<(usize, Vec<Duration>)>>) -> Result<Batch> {
    let (before, began) = (process::cpu(pid)?, Instant::now());
    let (operations, latencies) = work.await?;
    let wall = began.elapsed();
    let cpu = process::cpu(pid)?.saturating_sub(before);
    Ok(Batch { operations, wall, cpu, latencies })
}

/// Measures ours and a peer in turn, `rounds` times, each going first every other time.
pub(crate) async fn alternate<T>(
    rounds: usize,
    mut ours: impl AsyncFnMut(usize) -> Result<T>,
    mut peer: impl AsyncFnMut(usize) -> Result<T>,
) -> Result<(Vec<T>, Vec<T>)> {
    let (mut all_ours, mut all_peer) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        if round % 2 == 0 {
            all_ours.push(ours(round).await?);
            all_peer.push(peer(round).await?);
        } else {
            all_peer.push(peer(round).await?);
            all_ours.push(ours(round).await?);
        }
    }
    Ok((all_ours, all_peer))
}

/// A count as a number to reckon with.
pub(crate) fn count(of: usize) -> f64 {
    f64::from(u32::try_from(of).unwrap_or(u32::MAX))
}
