//! How many customers are in arrears, and with how much: added up from the platform's list beside the sessions, since that may take
//! a while, and only when somebody wants to know.

use std::{sync::Arc, time::Duration};

use gridkey_domain::{Fen, Timestamp};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::{core::Core, intranet::PlatformError};

/// How old the figures may be when they are asked for, seconds …
const OLD: i64 = 300;
/// … and if something changed meanwhile.
const CHANGED: i64 = 5;
/// How long who asks waits for new ones.
const PATIENCE: Duration = Duration::from_secs(2);
/// Pages of the platform's list in one round, so that a list without an end has one.
const PAGES: usize = 10_000;

/// Customers in arrears, at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrears {
    /// How many.
    pub customers: u64,
    /// What is overdue.
    pub open: Fen,
    /// Late-payment charges on it.
    pub late: Fen,
    /// When this was so.
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    arrears: Option<Arrears>,
    /// Whether something happened since that may have changed it.
    changed: bool,
    /// How many rounds there were, good or not.
    rounds: u64,
}

/// The figures known last.
pub struct ArrearsWatch {
    known: watch::Sender<Known>,
    wanted: Notify,
}

impl Default for ArrearsWatch {
    fn default() -> Self {
        Self { known: watch::channel(Known::default()).0, wanted: Notify::new() }
    }
}

impl ArrearsWatch {
    /// Something happened that may change the figures.
    pub fn changed(&self) {
        self.known.send_modify(|known| known.changed = true);
    }

    /// The figures; fresh ones if they can be had within moments, else those known last.
    pub async fn get(&self, now: Timestamp) -> Option<Arrears> {
        let mut seen = self.known.subscribe();
        let known = *seen.borrow_and_update();
        let good_for = if known.changed { CHANGED } else { OLD };
        if known.arrears.is_none_or(|arrears| now.seconds_since(arrears.at) >= good_for) {
            self.wanted.notify_one();
            let round = seen.wait_for(|newer| newer.rounds != known.rounds);
            return match tokio::time::timeout(PATIENCE, round).await {
                Ok(Ok(newer)) => newer.arrears,
                _ => known.arrears,
            };
        }
        known.arrears
    }

    fn learn(&self, arrears: Option<Arrears>) {
        self.known.send_modify(|known| {
            known.arrears = arrears;
            known.rounds += 1;
        });
    }
}

/// Adds the figures up whenever they are wanted, until `shutdown`.
pub async fn run(core: Arc<Core>, shutdown: CancellationToken) {
    let watch = &core.notes.arrears;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = watch.wanted.notified() => {}
        }
        // Said before the list is read: what changes meanwhile counts as a change.
        watch.known.send_modify(|known| known.changed = false);
        let added = tokio::select! {
            () = shutdown.cancelled() => return,
            added = add_up(&core) => added,
        };
        let arrears = added.map_err(|error| tracing::warn!(%error, "customers in arrears were not counted"));
        watch.learn(arrears.ok());
    }
}

async fn add_up(core: &Core) -> Result<Arrears, PlatformError> {
    let (mut customers, mut open, mut late) = (0, Fen::ZERO, Fen::ZERO);
    let (at, mut after) = (core.now(), None);
    for _ in 0..PAGES {
        let page = core.platform.in_arrears(after.as_deref()).await?;
        for line in &page.customers {
            customers += 1;
            // Sums beyond what an amount can be show the most that one can.
            open = open.checked_add(line.arrears.open).unwrap_or(Fen::MAX);
            late = late.checked_add(line.arrears.late).unwrap_or(Fen::MAX);
        }
        match page.next {
            Some(next) => after = Some(next.to_string()),
            None => break,
        }
    }
    Ok(Arrears { customers, open, late, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrears(at: i64) -> Arrears {
        Arrears { customers: 1, open: Fen::ZERO, late: Fen::ZERO, at: Timestamp::from_seconds(at) }
    }

    #[tokio::test(start_paused = true)]
    async fn figures_are_asked_for_again_once_they_are_old_or_something_changed() {
        let watch = ArrearsWatch::default();
        watch.learn(Some(arrears(1_000)));
        let after = |seconds: i64| Timestamp::from_seconds(1_000 + seconds);
        let asked = |watch: &ArrearsWatch| {
            let notified = std::pin::pin!(watch.wanted.notified());
            notified.enable()
        };
        assert_eq!(watch.get(after(299)).await, Some(arrears(1_000)));
        assert!(!asked(&watch));
        watch.changed();
        assert_eq!(watch.get(after(4)).await, Some(arrears(1_000)));
        assert!(!asked(&watch), "many changes at once don't make many rounds");
        assert_eq!(
            watch.get(after(5)).await,
            Some(arrears(1_000)),
            "nobody answered, what is known is better than nothing"
        );
        assert!(asked(&watch));
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_gets_what_the_round_found() {
        let watch = ArrearsWatch::default();
        let now = Timestamp::from_seconds(1_000);
        let (found, ()) = tokio::join!(watch.get(now), async {
            watch.wanted.notified().await;
            watch.learn(Some(arrears(1_000)));
        });
        assert_eq!(found, Some(arrears(1_000)));
        let (lost, ()) = tokio::join!(watch.get(now.plus_seconds(300)), async {
            watch.wanted.notified().await;
            watch.learn(None);
        });
        assert_eq!(lost, None, "a platform that is away is not hidden behind old figures");
    }
}
