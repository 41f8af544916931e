//! What alerts look at, kept fresh for `/metrics`: whether each part answers, room on the disk, the envelope's end, orders that wait.

use std::{path::PathBuf, sync::Arc, time::Duration};

use gridkey_domain::PaymentState;
use gridkey_service::{gauges, ops::HealthCheck as _, tls::show_end};
use tokio_util::sync::CancellationToken;

use crate::{core::Core, health::ServerHealth};

/// Between two looks: what a scrape sees is at most this old.
const PERIOD: Duration = Duration::from_secs(15);
/// Orders looked at; more than these are shown as these.
const MOST: u32 = 1000;

/// Looks until `shutdown`; `state` is the state folder.
pub async fn run(core: Arc<Core>, health: Arc<ServerHealth>, state: PathBuf, shutdown: CancellationToken) {
    begin();
    loop {
        look(&core, &health, &state).await;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

/// A counter that nothing was counted in yet is shown as 0, so that its first step is seen as one.
fn begin() {
    for outcome in ["ok", "not-authenticated"] {
        metrics::counter!("gridkey_logins_total", "outcome" => outcome).increment(0);
    }
    metrics::counter!("gridkey_hsm_sessions_lost_total").increment(0);
    metrics::counter!("gridkey_hsm_late_total").increment(0);
    metrics::counter!("gridkey_outbox_failures_total").increment(0);
    metrics::counter!("gridkey_connections_refused_total").increment(0);
}

async fn look(core: &Core, health: &ServerHealth, state: &std::path::Path) {
    // Shows each part's gauge as it asks.
    health.health().await;
    gauges::show_disk(state);
    let now = core.now();
    if let Some(end) = core.envelopes.last_end() {
        show_end("envelope", end);
    }
    for (states, names) in [
        (PaymentState::Submitted, ("gridkey_orders_waiting", "gridkey_orders_waiting_oldest_seconds")),
        (PaymentState::Unknown, ("gridkey_orders_unknown", "gridkey_orders_unknown_oldest_seconds")),
    ] {
        match core.store.orders_in(&[states], MOST).await {
            Ok(orders) => gauges::show_waiting(names, orders.iter().map(|order| order.updated), now),
            Err(error) => tracing::debug!(%error, "orders that wait were not counted"),
        }
    }
}
