//! The audit chain verified as `gridkey-server audit verify` does it: each entry read from the database, hashed, and held against the one
//! before. An administrator waits for it, so 100,000 entries may take five seconds.

use anyhow::{Result, ensure};

use crate::{
    bench::Bench,
    measure::statistics::median,
    stack::Stack,
    table::{Aim, Line},
    work::{EvidenceJob, EvidenceTime, Kind},
    worker::Worker,
};

pub(super) const ROW: &str = "audit";

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let stack = Stack::provision(bench, ROW, None).await?;
    let mut worker = Worker::start(Kind::Evidence, &stack.config, &stack.folder)?;
    let mut lines = Vec::new();
    for size in bench.sizes([10_000, 30_000, 100_000], [200, 600, 2000]) {
        let wanted = u64::try_from(size)?;
        worker.ask::<EvidenceTime>(&EvidenceJob::Entries(wanted)).await?;
        let mut seconds = Vec::new();
        for _ in 0..bench.rounds() {
            let took: EvidenceTime = worker.ask(&EvidenceJob::Verify).await?;
            ensure!(took.entries == wanted, "{} entries were verified", took.entries);
            seconds.push(took.wall.as_secs_f64());
        }
        lines.push(
            Line::new(ROW, "chain verified", size, "s", &seconds).aim(Aim::AtMost(5.0)).costs(median(&seconds), None),
        );
    }
    Ok(lines)
}
