//! What becomes due in a key's life by time alone: its holder is told from two thirds of it on, a renewal that nobody made use of
//! fails after a day, a key out of time expires.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{
    actor::Actor,
    core::Core,
    keys::renewal,
    notify, revoke,
    store::{KeyDue, KeyStep, StoreError},
};

/// Between two looks.
const PERIOD: Duration = Duration::from_secs(60);
/// Keys looked after at once.
const BATCH: u32 = 100;

/// Looks after the keys until `shutdown`.
pub async fn run(core: Arc<Core>, shutdown: CancellationToken) {
    loop {
        if let Err(error) = look_after(&core).await {
            tracing::warn!(%error, "the keys were not looked after");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

/// Does all that is due now.
pub async fn look_after(core: &Core) -> Result<(), StoreError> {
    loop {
        let now = core.now();
        let expired = core.store.keys_due(KeyDue::Expiry, now, BATCH).await?;
        for key in &expired {
            revoke::end_key(core, key.fingerprint, KeyStep::Expire, "out-of-time", &Actor::server()).await?;
        }
        let renewed = core.store.keys_due(KeyDue::Replacement, now, BATCH).await?;
        for key in &renewed {
            renewal::day_over(core, key).await?;
        }
        let ending = core.store.keys_due(KeyDue::Renewal, now, BATCH).await?;
        for key in &ending {
            if let Some(customer) = &key.customer {
                notify::key(core, customer, key, "expiring", Some(key.not_after)).await?;
            }
            core.store.key_told(key.fingerprint).await?;
        }
        let most = expired.len().max(renewed.len()).max(ending.len());
        if most < BATCH as usize {
            return Ok(());
        }
    }
}
