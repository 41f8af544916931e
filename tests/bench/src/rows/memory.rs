//! Memory for an idle session, beside nats-server's for a TLS connection.
//!
//! What the process holds above what it held after some sessions had come and gone, divided by the sessions that are open
//! (`Pss` of `smaps_rollup`; the kernel's own memory for sockets is in neither figure). Each round is a fresh process on both sides. Four
//! sessions come with each key, as many as a key may have. A gigabyte is to carry 50,000 sessions, so a session may take
//! 20 kB, however many there are.

use std::time::Duration;

use anyhow::{Result, ensure};
use gridkey_client::key::UsbKey;

use crate::{
    bench::Bench,
    fleet::{Ways, customer, issue_keys},
    measure::{alternate, count, process, statistics::median},
    peers::nats::{self, Nats},
    stack::Stack,
    table::{Aim, Line},
};

pub(super) const ROW: &str = "memory";

/// Sessions of each key.
pub(super) const PER_KEY: usize = 4;
/// Sessions that come and go before anything is measured.
const FIRST: usize = 50;
/// The most that a session may take, kB.
const MOST: f64 = 20.0;

/// Bytes above the base at each of three sizes.
type Held = [f64; 3];

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Line>> {
    nats::ensure_installed()?;
    let sizes = bench.sizes([1000, 5000, 9000], [20, 60, 180]);
    let settle = Duration::from_millis(bench.sizes([3000; 3], [500; 3])[0].try_into()?);
    let mut stack = Stack::provision(bench, ROW, None).await?;
    stack.start().await?;
    let keys = issue_keys(&stack, sizes[2].div_ceil(PER_KEY).max(FIRST), customer).await?;
    let (ours, theirs) = alternate(
        bench.rounds(),
        async |_| of_server(&mut stack, &keys, sizes, settle).await,
        async |_| of_nats(bench, sizes, settle).await,
    )
    .await?;
    let mut lines = Vec::new();
    for (at, size) in sizes.into_iter().enumerate() {
        let each = |rounds: &[Held]| rounds.iter().map(|held| held[at] / count(size) / 1e3).collect::<Vec<_>>();
        let (of_ours, of_theirs) = (each(&ours), each(&theirs));
        lines.push(
            Line::new(ROW, "idle session", size, "kB", &of_ours)
                .beside("nats-server", &of_ours, &of_theirs)
                .aim(Aim::AtMost(MOST))
                .costs(median(&of_ours) * count(size), Some(median(&of_theirs) * count(size))),
        );
    }
    Ok(lines)
}

async fn of_server(stack: &mut Stack, keys: &[UsbKey], sizes: [usize; 3], settle: Duration) -> Result<Held> {
    let ways = Ways::to(stack.start().await?, &stack.anchor)?;
    let pid = stack.pid()?;
    drop(ways.open_many(keys, 0..FIRST, 1).await?);
    let base = settled(pid, settle).await?;
    let (mut sessions, mut held) = (Vec::new(), Held::default());
    for (size, held) in sizes.into_iter().zip(&mut held) {
        sessions.extend(ways.open_many(keys, sessions.len()..size, PER_KEY).await?);
        *held = settled(pid, settle).await? - base;
        ensure!(sessions.iter().all(|session| session.current().is_some()), "a session was lost");
    }
    Ok(held)
}

async fn of_nats(bench: &Bench, sizes: [usize; 3], settle: Duration) -> Result<Held> {
    let nats = Nats::start(bench).await?;
    drop(nats.subscribe_many(0..FIRST).await?);
    let base = settled(nats.pid(), settle).await?;
    let (mut connections, mut held) = (Vec::new(), Held::default());
    for (size, held) in sizes.into_iter().zip(&mut held) {
        connections.extend(nats.subscribe_many(connections.len()..size).await?);
        *held = settled(nats.pid(), settle).await? - base;
    }
    Ok(held)
}

/// What the process holds once it had time to let go of what it does not need, bytes.
async fn settled(pid: u32, settle: Duration) -> Result<f64> {
    tokio::time::sleep(settle).await;
    let kilobytes = process::memory(pid)?.proportional / 1024;
    Ok(f64::from(u32::try_from(kilobytes)?) * 1024.0)
}
