//! The published revocation list: made anew at once when a key ends, and before the old one's time is over.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use gridkey_protocol::ops::admin::status::CrlState;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use gridkey_service::clock::Clock;

use crate::{ca::Issuer, store::Store};

/// Pause after a list could not be made.
const AGAIN: Duration = Duration::from_secs(5);

/// A list that was made.
#[derive(Clone)]
struct Made {
    der: Arc<Vec<u8>>,
    state: CrlState,
}

/// The newest list.
#[derive(Default)]
pub struct Published {
    newest: RwLock<Option<Made>>,
    wanted: Notify,
}

impl Published {
    /// The list, DER; `None` until the first was made.
    pub fn newest(&self) -> Option<Arc<Vec<u8>>> {
        self.made().map(|made| made.der)
    }

    /// What the newest list is; `None` until the first was made.
    pub fn state(&self) -> Option<CrlState> {
        self.made().map(|made| made.state)
    }

    fn made(&self) -> Option<Made> {
        self.newest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for a new list now.
    pub fn renew(&self) {
        self.wanted.notify_one();
    }
}

/// What a list is made from.
pub struct Source {
    /// The keys that ended.
    pub store: Arc<dyn Store>,
    /// Signs the list.
    pub issuer: Arc<Issuer>,
    /// Decides what time it is.
    pub clock: Arc<dyn Clock>,
}

/// Keeps the list fresh until `shutdown`; each is good for `hours`.
pub async fn run(published: Arc<Published>, source: Source, hours: u32, shutdown: CancellationToken) {
    let life = i64::from(hours) * 3600;
    let half = Duration::from_secs(u64::from(hours) * 1800);
    loop {
        let pause = match source.make(life).await {
            Ok(made) => {
                *published.newest.write().unwrap_or_else(PoisonError::into_inner) = Some(made);
                half
            }
            Err(error) => {
                tracing::warn!(error = %format!("{error:#}"), "the revocation list was not renewed");
                AGAIN
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = published.wanted.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

impl Source {
    async fn make(&self, life: i64) -> anyhow::Result<Made> {
        let now = self.clock.now();
        let revoked = self.store.revoked_keys(now).await?;
        // A number that grows with each list, over restarts too (RFC 5280, 5.2.3); two in one second have the same content.
        let number =
            u64::try_from(now.seconds()).unwrap_or(0) << 16 | u64::try_from(revoked.len() & 0xffff).unwrap_or(0);
        let next = now.plus_seconds(life);
        let der = self.issuer.crl(number, now, next, &revoked).await?;
        let entries = u64::try_from(revoked.len()).unwrap_or(u64::MAX);
        Ok(Made { der: Arc::new(der), state: CrlState { number, made: now, next, entries } })
    }
}
