//! A complete login beside a bare handshake.
//!
//! Ours: TCP, TLS 1.3, WebSocket, the key's certificate and its signature, the binding in the database, the HSM's agreement,
//! `welcome`, goodbye. nginx's: TCP and TLS 1.3 with a client certificate, goodbye; no request. Both are judged by the server's
//! CPU time for one. All keys are Ed25519, nothing is resumed. At month end everybody logs in at once, so what a login
//! costs decides how long they wait.

use std::time::Instant;

use anyhow::Result;
use gridkey_client::key::UsbKey;

use crate::{
    bench::Bench,
    fleet::{Ways, customer, issue_keys, timed},
    measure::{Batch, alternate, count, watch},
    peers::nginx::{self, Nginx},
    stack::Stack,
    table::{Aim, Line},
};

pub(super) const ROW: &str = "login";

/// Logins under way at once.
const AT_ONCE: usize = 16;
/// Different customers.
const KEYS: usize = 64;

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Line>> {
    nginx::ensure_installed()?;
    let mut stack = Stack::provision(bench, ROW, None).await?;
    let ways = Ways::to(stack.start().await?, &stack.anchor)?;
    let keys = issue_keys(&stack, KEYS, customer).await?;
    let (nginx, server) = (Nginx::start(bench).await?, stack.pid()?);
    let ours = async |logins: usize| watch(server, timed(logins, AT_ONCE, |n| login(&ways, &keys, n))).await;
    let theirs = async |handshakes: usize| {
        let handshake = |n| {
            let nginx = &nginx;
            async move {
                let began = Instant::now();
                nginx.handshake(n).await?;
                Ok(began.elapsed())
            }
        };
        watch(nginx.pid(), timed(handshakes, AT_ONCE, handshake)).await
    };
    // Everything has been used once before it is measured.
    ours(KEYS).await?;
    theirs(KEYS).await?;
    let mut lines = Vec::new();
    for size in bench.sizes([200, 800, 2000], [20, 40, 80]) {
        let (ours, theirs) =
            alternate(bench.rounds(), async |_| ours(size).await, async |_| theirs(size).await).await?;
        lines.push(line(size, &ours, &theirs));
    }
    Ok(lines)
}

async fn login(ways: &Ways, keys: &[UsbKey], n: usize) -> Result<std::time::Duration> {
    let began = Instant::now();
    let session = ways.open(n, keys[n % keys.len()].clone()).await?;
    let welcomed = began.elapsed();
    session.close().await;
    Ok(welcomed)
}

fn line(size: usize, ours: &[Batch], theirs: &[Batch]) -> Line {
    let micros = |batches: &[Batch]| batches.iter().map(Batch::cpu_micros).collect::<Vec<_>>();
    let (of_ours, of_theirs) = (micros(ours), micros(theirs));
    let total = |figures: &[f64]| crate::measure::statistics::median(figures) * count(size);
    Line::new(ROW, "server CPU, one login", size, "µs", &of_ours)
        .beside("nginx, mTLS only", &of_ours, &of_theirs)
        .aim(Aim::RatioAtMost(1.0))
        .costs(total(&of_ours), Some(total(&of_theirs)))
        .note(super::rates("ours", ours))
        .note(super::rates("nginx", theirs))
}
