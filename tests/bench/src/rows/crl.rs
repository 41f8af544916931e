//! A revocation list of many entries: the ended keys read from the database, the list built and signed by the HSM. It is made anew at each
//! revocation, and until it is published the revoked certificate is not on it, so a list of 10,000 may take a second.

use anyhow::Result;

use crate::{
    bench::Bench,
    measure::statistics::median,
    stack::Stack,
    table::{Aim, Line},
    work::{EvidenceJob, EvidenceTime, Kind},
    worker::Worker,
};

pub(super) const ROW: &str = "crl";

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let stack = Stack::provision(bench, ROW, None).await?;
    let mut worker = Worker::start(Kind::Evidence, &stack.config, &stack.folder)?;
    let mut lines = Vec::new();
    for size in bench.sizes([1000, 3000, 10_000], [20, 60, 200]) {
        worker.ask::<EvidenceTime>(&EvidenceJob::EndedKeys(size)).await?;
        let (mut seconds, mut bytes) = (Vec::new(), 0);
        for _ in 0..bench.rounds() {
            let took: EvidenceTime = worker.ask(&EvidenceJob::RevocationList).await?;
            seconds.push(took.wall.as_secs_f64());
            bytes = took.bytes;
        }
        lines.push(
            Line::new(ROW, "list made", size, "s", &seconds)
                .aim(Aim::AtMost(1.0))
                .costs(median(&seconds), None)
                .note(format!("{bytes} bytes")),
        );
    }
    Ok(lines)
}
