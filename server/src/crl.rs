//! The published revocation list: made anew at once when a key ends, and before the old one's time is over.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use gridkey_protocol::ops::admin::status::CrlState;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use gridkey_service::clock::Clock;

use crate::{ca::Issuer, core::Core, store::Store};

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
    /// Where the newest list is kept on this machine, for a restore to compare with.
    pub file: PathBuf,
    /// Who keeps it on another.
    pub keeper: Arc<Core>,
}

/// Keeps the list fresh until `shutdown`; each is good for `hours`.
pub async fn run(published: Arc<Published>, source: Source, hours: u32, shutdown: CancellationToken) {
    let life = i64::from(hours) * 3600;
    let half = Duration::from_secs(u64::from(hours) * 1800);
    loop {
        let pause = match source.make(life).await {
            Ok(made) => {
                source.keep(&made).await;
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
    /// Keeps a list where a restored store can be compared with it. It is published in any case.
    async fn keep(&self, made: &Made) {
        let fresh = self.file.with_extension("der.new");
        let kept = std::fs::write(&fresh, made.der.as_slice()).and_then(|()| std::fs::rename(&fresh, &self.file));
        if let Err(error) = kept {
            tracing::warn!(%error, file = %self.file.display(), "the revocation list was not kept");
        }
        if let Err(error) = self.keeper.platform.lodge_crl(made.state.number, &made.der).await {
            tracing::warn!(%error, "the platform did not take the revocation list");
        }
    }

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
