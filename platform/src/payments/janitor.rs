//! Follows payments by the clock: asks the gateway about those handed out, lets the unused expire, from the start of the
//! program to its end.

use std::{sync::Arc, time::Duration};

use gridkey_domain::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{Payments, schedule::Due};
use crate::store::StoreError;

/// The longest sleep: the clock may be set, and new payments ring anyway.
const LONGEST: i64 = 60;
/// Between two comparisons with the gateway's settlement files.
const COMPARE_EVERY: Duration = Duration::from_secs(3600);
/// Queries under way at a time.
const AT_ONCE: usize = 8;

impl Payments {
    /// Does all that is due now. Gives when something is due next.
    ///
    /// # Errors
    /// If the store can't list payments. A payment that could not be attended to is logged and comes up again.
    pub async fn sweep(&self) -> Result<Option<Timestamp>, StoreError> {
        use futures_util::StreamExt as _;

        let attended = futures_util::stream::iter(self.store.open_payments().await?)
            .map(|record| async move {
                let payment = record.payment;
                match self.attend(record).await {
                    Ok(Due::Wait(until)) => Some(until),
                    Ok(_) => None,
                    Err(error) => {
                        tracing::warn!(%payment, %error, "a payment could not be attended to");
                        Some(self.clock.now().plus_seconds(5))
                    }
                }
            })
            .buffer_unordered(AT_ONCE);
        Ok(attended.collect::<Vec<_>>().await.into_iter().flatten().min())
    }

    /// Sweeps whenever something is due, until `shutdown`; a sweep under way is finished first.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let mut compared: Option<tokio::time::Instant> = None;
        while !shutdown.is_cancelled() {
            self.look_at_strangers().await;
            if compared.is_none_or(|at| at.elapsed() >= COMPARE_EVERY) {
                compared = Some(tokio::time::Instant::now());
                self.reconcile_by_clock().await;
            }
            let pause = match self.sweep().await {
                Ok(next) => next.map_or(LONGEST, |next| next.seconds_since(self.clock.now()).clamp(0, LONGEST)),
                Err(error) => {
                    tracing::warn!(%error, "payments can't be listed");
                    5
                }
            };
            let pause = Duration::from_secs(pause.unsigned_abs()).max(Duration::from_millis(50));
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = self.work.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
