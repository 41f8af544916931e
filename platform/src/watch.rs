//! What alerts look at, kept fresh for `/metrics`: whether the store answers, room on the disk, payments of unknown outcome.

use std::{path::PathBuf, sync::Arc, time::Duration};

use gridkey_domain::PaymentState;
use gridkey_service::{clock::Clock, gauges};
use tokio_util::sync::CancellationToken;

use crate::store::PlatformStore;

/// Between two looks: what a scrape sees is at most this old.
const PERIOD: Duration = Duration::from_secs(15);

/// Looks until `shutdown`; `data` is the data folder.
pub async fn run(store: PlatformStore, clock: Arc<dyn Clock>, data: PathBuf, shutdown: CancellationToken) {
    metrics::counter!("gridkey_platform_payment_alarms_total").increment(0);
    loop {
        look(&store, clock.as_ref(), &data).await;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

async fn look(store: &PlatformStore, clock: &dyn Clock, data: &std::path::Path) {
    gauges::show_disk(data);
    let open = store.open_payments().await;
    metrics::gauge!("gridkey_part_up", "part" => "store").set(if open.is_ok() { 1 } else { 0 });
    let names = ("gridkey_platform_payments_unknown", "gridkey_platform_payments_unknown_oldest_seconds");
    match open {
        Ok(open) => {
            let unknown = open.iter().filter(|payment| payment.state == PaymentState::Unknown);
            gauges::show_waiting(names, unknown.map(|payment| payment.updated), clock.now());
        }
        Err(error) => tracing::warn!(%error, "payments can't be listed"),
    }
}
