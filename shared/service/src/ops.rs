//! The operators' listener, on loopback: `/healthz` for supervisors and `/metrics` for Prometheus.

use std::{io, sync::Arc, sync::OnceLock, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use metrics_exporter_prometheus::PrometheusHandle;

use crate::https::{self, HttpLimits};

/// Seconds; from a single signature on the HSM to a bank's page.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// How often histograms are folded when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// Whether a daemon can do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// All parts work.
    pub ok: bool,
    /// What was looked at.
    pub parts: Vec<Part>,
}

/// One thing a daemon depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// A short stable word, e.g. `hsm`.
    pub name: &'static str,
    /// It works.
    pub ok: bool,
    /// What an operator should know; nothing secret.
    pub detail: String,
}

impl Health {
    /// Health that is good if every part is.
    pub fn of(parts: Vec<Part>) -> Self {
        Self { ok: parts.iter().all(|part| part.ok), parts }
    }
}

impl Part {
    /// A part and its state.
    pub fn new(name: &'static str, ok: bool, detail: impl Into<String>) -> Self {
        Self { name, ok, detail: detail.into() }
    }
}

/// Looks at what a daemon depends on.
#[async_trait::async_trait]
pub trait HealthCheck: Send + Sync + 'static {
    /// The health now; should answer within a second or two.
    async fn health(&self) -> Health;
}

/// Makes the process's metrics go to a Prometheus recorder and gives the handle that shows them. Later calls give the
/// same handle, so tests may start several daemons in one process.
pub fn install_metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let builder = PrometheusBuilder::new();
            // Refused only for an empty list of buckets; summaries instead of buckets would be no reason to stop.
            let builder = builder
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
                .unwrap_or_else(|_| PrometheusBuilder::new());
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another metrics recorder was installed first; /metrics stays empty");
            }
            handle
        })
        .clone()
}

struct Ops {
    metrics: PrometheusHandle,
    health: Arc<dyn HealthCheck>,
}

/// Serves `/healthz` (200 or 503, JSON of [`Health`]) and `/metrics` until `shutdown`.
///
/// # Errors
/// If the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    metrics: PrometheusHandle,
    health: Arc<dyn HealthCheck>,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let router = Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics_text))
        .with_state(Arc::new(Ops { metrics: metrics.clone(), health }));
    let limits = HttpLimits { connections: 64, body: 1024, ..HttpLimits::default() };
    let upkeep = async {
        let mut tick = tokio::time::interval(UPKEEP);
        loop {
            tick.tick().await;
            metrics.run_upkeep();
        }
    };
    tokio::select! {
        served = https::serve(listener, None, router, limits, shutdown) => served,
        () = upkeep => Ok(()),
    }
}

async fn healthz(State(ops): State<Arc<Ops>>) -> impl IntoResponse {
    let health = ops.health.health().await;
    let status = if health.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health))
}

async fn metrics_text(State(ops): State<Arc<Ops>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], ops.metrics.render())
}
