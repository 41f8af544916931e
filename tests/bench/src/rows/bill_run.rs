//! The bills of a month for many meters, by `gridkey-platform bill-run` on a platform's own database: 96 readings a day of each meter,
//! tariff bands, demand, power factor, lines, and an outbox event for each bill. It runs in the night of the first, so 10,000 meters may
//! take a minute. Each round begins with the same data, so no bill is there yet.

use std::{path::Path, process::Command, time::Instant};

use anyhow::{Result, ensure};

use crate::{
    bench::Bench,
    children::output,
    measure::{count, statistics::median},
    platform,
    table::{Aim, Line},
};

pub(super) const ROW: &str = "bill-run";

/// Each takes up to a minute, and there is no peer to be paired with.
const ROUNDS: usize = 3;

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for size in bench.sizes([1000, 3000, 10_000], [14, 42, 140]) {
        let filled = platform::fill(bench, ROW, size).await?;
        let mut seconds = Vec::new();
        for _ in 0..ROUNDS.min(bench.rounds()) {
            let data = bench.folder("bill-run-round")?.join("data");
            output(Command::new("cp").arg("-a").arg(&filled).arg(&data)).await?;
            seconds.push(run(bench, &data, size).await?);
        }
        let each = median(&seconds) * 1e3 / count(size);
        lines.push(
            Line::new(ROW, "one month", size, "s", &seconds)
                .aim(Aim::AtMost(60.0))
                .costs(median(&seconds), None)
                .note(format!("{each:.2} ms a bill")),
        );
    }
    Ok(lines)
}

async fn run(bench: &Bench, data: &Path, size: usize) -> Result<f64> {
    let mut command = Command::new(bench.program("gridkey-platform"));
    command.arg("--data-dir").arg(data).args(["bill-run", "--month", "2016-01"]);
    let began = Instant::now();
    let said = output(&mut command).await?;
    let seconds = began.elapsed().as_secs_f64();
    ensure!(said.contains(&size.to_string()), "the bill run said: {said}");
    Ok(seconds)
}
