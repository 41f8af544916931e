//! A sealed request and its answer beside a plain echo.
//!
//! Ours: the frame is opened, the key's binding read from the database, the operation carried out, the answer sealed. The echo's: a
//! WebSocket message over TLS of the same length, answered with one of the length of our answer. Two things are asked for: an
//! operation that does nothing (`mandate.list`, its page's name filled up so that the request travels in 256 bytes or 2 KiB), and
//! `account.get`, warm, which the server fetches from the real platform over mutual TLS. Each session waits for an
//! answer before it asks again; the size is the number of sessions.
//!
//! The rate is taken twice: in a second of the server's CPU time, which the generator on the same cores does not blur, and by the
//! clock, which it does.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use gridkey_client::transport::{Channel, Connector as _};
use gridkey_protocol::ops::{AccountGet, Empty, MandateList, Operation as _, Page};

use crate::{
    bench::Bench,
    direct::{Direct, message},
    fleet::{Ways, customer, issue_keys},
    measure::{Batch, alternate, count, statistics::median, watch},
    peers::echo::{self, Echo},
    platform,
    stack::Stack,
    table::{Aim, Line},
};

pub(super) const ROW: &str = "request";

/// Requests in a round, of all sessions together: so many that the ticks CPU time is counted in do not matter.
const REQUESTS: usize = 48_000;
/// So many times more of the echo, which is quicker.
const ECHOES: usize = 2;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Case {
    /// Nothing, in a request of so many bytes on the wire.
    Nothing(usize),
    /// The account.
    Account,
}

impl Case {
    const ALL: [Self; 3] = [Self::Nothing(256), Self::Nothing(2048), Self::Account];

    fn name(self) -> String {
        match self {
            Self::Nothing(bytes) => format!("empty operation, {bytes} B"),
            Self::Account => AccountGet::NAME.to_owned(),
        }
    }

    /// The least part of the echo's rate.
    const fn aim(self) -> f64 {
        match self {
            Self::Nothing(_) => 0.9,
            Self::Account => 0.5,
        }
    }
}

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let sizes = bench.sizes([4, 12, 36], [2, 4, 8]);
    let in_a_round = bench.sizes([REQUESTS; 3], [160; 3])[0];
    let address = platform::address()?;
    let mut stack = Stack::provision(bench, ROW, Some(address)).await?;
    let data = platform::fill(bench, "request-platform", sizes[2]).await?;
    let _platform = platform::start(bench, &stack, address, &data).await?;
    let ways = Ways::to(stack.start().await?, &stack.anchor)?;
    let keys = issue_keys(&stack, sizes[2], customer).await?;
    let (echo, server) = (Echo::start(bench, &stack).await?, stack.pid()?);
    let to_echo = Ways::to(echo.address, &stack.anchor)?;
    let mut lines = Vec::new();
    for case in Case::ALL {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for size in sizes {
            let requests = in_a_round / size;
            for (n, key) in keys.iter().enumerate().take(size).skip(ours.len()) {
                ours.push(Asking::open(&ways, n, key, case).await?);
            }
            let (sent, received) = ours.first().context("no session")?.travelled;
            for n in theirs.len()..size {
                let channel = to_echo.connector(n).connect().await?;
                theirs.push(Echoing { channel, message: echo::message(sent, received) });
            }
            let (our_batches, their_batches) = alternate(
                bench.rounds(),
                async |_| watch(server, all(&mut ours, requests)).await,
                async |_| watch(echo.pid(), all(&mut theirs, requests * ECHOES)).await,
            )
            .await?;
            let travelled = format!("{sent} B there, {received} B back");
            lines.extend(compare(case, size, &our_batches, &their_batches, travelled));
        }
    }
    Ok(lines)
}

fn compare(case: Case, size: usize, ours: &[Batch], theirs: &[Batch], travelled: String) -> [Line; 2] {
    let figures = |batches: &[Batch], figure: fn(&Batch) -> f64| batches.iter().map(figure).collect::<Vec<_>>();
    let aim = Aim::RatioAtLeast(case.aim());
    let (our_capacity, their_capacity) = (figures(ours, Batch::capacity), figures(theirs, Batch::capacity));
    let (our_rate, their_rate) = (figures(ours, Batch::rate), figures(theirs, Batch::rate));
    let cost = |batches: &[Batch]| median(&figures(batches, Batch::cpu_micros)) * count(size);
    let name = case.name();
    [
        Line::new(ROW, &format!("{name}, per second of server CPU"), size, "/s", &our_capacity)
            .beside("echo", &our_capacity, &their_capacity)
            .aim(aim)
            .costs(cost(ours), Some(cost(theirs)))
            .note(travelled)
            .note(super::rates("ours", ours))
            .note(super::rates("echo", theirs)),
        Line::new(ROW, &format!("{name}, by the clock"), size, "/s", &our_rate)
            .beside("echo", &our_rate, &their_rate)
            .aim(aim),
    ]
}

/// Somebody who asks and waits for the answer.
trait Exchange: Send + 'static {
    fn exchange(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// Has everybody make `requests` exchanges one after the other, all of them at once.
async fn all<E: Exchange>(everybody: &mut Vec<E>, requests: usize) -> Result<(usize, Vec<Duration>)> {
    let tasks: Vec<_> = everybody
        .drain(..)
        .map(|mut one| {
            tokio::spawn(async move {
                let mut latencies = Vec::with_capacity(requests);
                for _ in 0..requests {
                    let began = Instant::now();
                    one.exchange().await?;
                    latencies.push(began.elapsed());
                }
                Ok::<_, anyhow::Error>((one, latencies))
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        let (one, latencies) = task.await??;
        everybody.push(one);
        all.extend(latencies);
    }
    Ok((all.len(), all))
}

/// A session of ours.
struct Asking {
    session: Direct,
    case: Case,
    page: Page,
    /// Bytes of a request and its answer on the wire.
    travelled: (usize, usize),
}

impl Asking {
    async fn open(ways: &Ways, n: usize, key: &gridkey_client::key::UsbKey, case: Case) -> Result<Self> {
        let session = Direct::open(ways, n, key).await?;
        let filling = if let Case::Nothing(bytes) = case { bytes } else { 0 };
        let page = Page { next: Some("p".repeat(filling)) };
        let mut asking = Self { session, case, page, travelled: (0, 0) };
        asking.travelled = asking.ask().await?;
        if filling > 0 {
            // What frame and seal add is taken off again.
            let name = "p".repeat((2 * filling).saturating_sub(asking.travelled.0));
            asking.page = Page { next: Some(name) };
            asking.travelled = asking.ask().await?;
        }
        Ok(asking)
    }

    async fn ask(&mut self) -> Result<(usize, usize)> {
        match self.case {
            Case::Nothing(_) => self.session.request(MandateList::NAME, &self.page).await,
            Case::Account => self.session.request(AccountGet::NAME, &Empty {}).await,
        }
    }
}

impl Exchange for Asking {
    async fn exchange(&mut self) -> Result<()> {
        self.ask().await.map(drop)
    }
}

/// A connection to the echo, through our own connector.
struct Echoing {
    channel: Box<dyn Channel>,
    message: Vec<u8>,
}

impl Exchange for Echoing {
    async fn exchange(&mut self) -> Result<()> {
        self.channel.send(self.message.clone()).await?;
        message(self.channel.as_mut()).await.map(drop)
    }
}
