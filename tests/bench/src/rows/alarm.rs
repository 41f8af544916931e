//! One alarm to many live sessions, beside nats-server with the same payload.
//!
//! Ours begins when the platform hands the alarm out and ends when the last session has opened it: fetched over mutual TLS, stored and
//! chained in one durable transaction, then read, sealed and sent for each session. nats-server's begins when the publisher has written it
//! and ends when the last subscriber has read it; it keeps nothing. The sessions are all of one customer, four with each key, since
//! an alarm is a customer's. The platform is a stand-in, so that the moment is known and the alarm can come again.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use gridkey_client::clock::Clock;
use gridkey_domain::{
    CustomerNo, Fen,
    arrears::{ArrearsChange, ArrearsEvent, Level},
};
use gridkey_protocol::cbor;
use gridkey_server::intranet::OutboxEvent;
use tokio::{sync::Notify, task::JoinSet, time::timeout};

use super::memory::PER_KEY;
use crate::{
    bench::Bench,
    direct::Direct,
    fleet::{Ways, customer, issue_keys, open_each},
    measure::{Batch, alternate, statistics::median, watch},
    peers::{
        nats::{self, Connection, Nats},
        platform::{Bound, StandIn},
    },
    stack::Stack,
    table::{Aim, Line},
};

pub(super) const ROW: &str = "alarm";

/// An alarm that has not come everywhere by then never will.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Line>> {
    nats::ensure_installed()?;
    let sizes = bench.sizes([1000, 5000, 9000], [20, 60, 180]);
    let bound = Bound::anywhere().await?;
    let mut stack = Stack::provision(bench, ROW, Some(bound.address()?)).await?;
    let platform = bound.serve(&stack)?;
    let ways = Ways::to(stack.start().await?, &stack.anchor)?;
    let whose = customer(0)?;
    let keys = issue_keys(&stack, sizes[2].div_ceil(PER_KEY), |_| Ok(whose.clone())).await?;
    let (nats, server) = (Nats::start(bench).await?, stack.pid()?);
    let mut publisher = nats.connect(0).await?;
    let (mut ours, mut theirs) = (Audience::default(), Audience::default());
    let (mut listening, mut number) = (0, 0);
    let mut lines = Vec::new();
    for size in sizes {
        let open = async |n, key| Direct::open(&ways, n, &key).await;
        open_each(&keys, listening..size, PER_KEY, open).await?.into_iter().for_each(|session| ours.session(session));
        nats.subscribe_many(listening..size).await?.into_iter().for_each(|connection| theirs.connection(connection));
        listening = size;
        let mut alarm = async || {
            number += 1;
            ours.expect(size);
            watch(server, raise(&platform, &ours, &whose, number)).await
        };
        let mut message = async || {
            theirs.expect(size);
            let payload = cbor::encode(&event(0));
            let told = async {
                let began = Instant::now();
                publisher.publish(&payload).await?;
                theirs.last(began).await
            };
            watch(nats.pid(), told).await
        };
        // Once before it is measured.
        alarm().await?;
        message().await?;
        let (alarms, messages) = alternate(bench.rounds(), async |_| alarm().await, async |_| message().await).await?;
        lines.push(line(size, &alarms, &messages));
    }
    Ok(lines)
}

async fn raise(
    platform: &StandIn,
    audience: &Audience,
    customer: &CustomerNo,
    number: u64,
) -> Result<(usize, Vec<Duration>)> {
    let arrears = event(number);
    let body = serde_json::to_value(&arrears)?;
    let (kind, source) = ("arrears".to_owned(), format!("arrears:{number}"));
    let began = Instant::now();
    platform.tell(OutboxEvent { number, at: arrears.at, customer: customer.clone(), kind, source, body })?;
    audience.last(began).await
}

fn event(number: u64) -> ArrearsEvent {
    let fen = |fen| Fen::new(fen).unwrap_or_default();
    ArrearsEvent {
        alarm: format!("2200000000-{number:08}"),
        at: Clock::system().now(),
        change: ArrearsChange::Raised,
        level: Level::Warning,
        open: fen(123_456_789),
        late: fen(98_765),
    }
}

fn line(size: usize, ours: &[Batch], theirs: &[Batch]) -> Line {
    // Of an alarm only the last receiver's time was taken.
    let last = |batches: &[Batch]| -> Vec<f64> {
        let latencies = batches.iter().flat_map(|batch| &batch.latencies);
        latencies.map(|latency| latency.as_secs_f64() * 1e3).collect()
    };
    let cpu = |batches: &[Batch]| median(&batches.iter().map(Batch::cpu_micros).collect::<Vec<_>>());
    let (of_ours, of_theirs) = (last(ours), last(theirs));
    Line::new(ROW, "last receiver", size, "ms", &of_ours)
        .beside("nats-server", &of_ours, &of_theirs)
        .aim(Aim::RatioAtMost(1.0))
        .costs(median(&of_ours), Some(median(&of_theirs)))
        .note(format!("server CPU for each receiver: ours {:.1} µs, nats-server {:.1} µs", cpu(ours), cpu(theirs)))
}

/// Everybody who listens, and when the last of them heard.
#[derive(Default)]
struct Audience {
    heard: Arc<Heard>,
    listeners: JoinSet<()>,
}

#[derive(Default)]
struct Heard {
    missing: AtomicUsize,
    expected: AtomicUsize,
    last: Mutex<Option<Instant>>,
    all: Notify,
}

impl Audience {
    fn session(&mut self, mut session: Direct) {
        let heard = Arc::clone(&self.heard);
        self.listeners.spawn(async move {
            while session.push().await.is_ok() {
                heard.one();
            }
        });
    }

    fn connection(&mut self, mut connection: Connection) {
        let heard = Arc::clone(&self.heard);
        self.listeners.spawn(async move {
            while connection.next().await.is_ok() {
                heard.one();
            }
        });
    }

    /// The next message is for so many.
    fn expect(&self, size: usize) {
        self.heard.expected.store(size, Ordering::SeqCst);
        self.heard.missing.store(size, Ordering::SeqCst);
    }

    /// How many heard it, and how long after `began` the last of them did.
    async fn last(&self, began: Instant) -> Result<(usize, Vec<Duration>)> {
        let heard = timeout(PATIENCE, self.heard.all.notified()).await;
        heard.with_context(|| format!("{} never heard of it", self.heard.missing.load(Ordering::SeqCst)))?;
        let last = self.heard.last.lock().unwrap_or_else(PoisonError::into_inner).take().context("nobody heard")?;
        Ok((self.heard.expected.load(Ordering::SeqCst), vec![last.saturating_duration_since(began)]))
    }
}

impl Heard {
    fn one(&self) {
        if self.missing.fetch_sub(1, Ordering::SeqCst) == 1 {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            self.all.notify_one();
        }
    }
}
