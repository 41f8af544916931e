//! The intranet API, JSON over HTTPS; the security server is its only client.
//!
//! One file per topic. Records are those of `gridkey-domain` in their readable form; an error is
//! `{"code", "message", "retry"}` ([`ApiError`]). Payments bring a router of their own, which [`crate::serve`] merges.

mod account;
mod arrears;
mod audit;
mod bills;
mod customers;
mod error;
mod outbox;
mod payments;
mod read;
mod usage;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::Response,
    routing::{any, get, patch, post},
};
use gridkey_service::clock::Clock;
use tokio_util::sync::CancellationToken;

pub use self::{
    error::ApiError,
    read::{Body, Id, Ids, Query},
};
use crate::store::PlatformStore;

pub(crate) use self::outbox::LONGEST_WAIT;

/// What the handlers work on.
#[derive(Clone)]
pub struct Api {
    /// The store.
    pub store: PlatformStore,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ends waiting requests when the platform stops.
    pub shutdown: CancellationToken,
}

/// Every route but those of payments.
pub fn router(api: Api) -> Router {
    Router::new()
        .route("/v1/ping", get(ping))
        .route("/v1/customers", get(customers::search))
        .route("/v1/customers/{customer}", get(account::get).merge(patch(account::update)).put(customers::create))
        .route("/v1/customers/{customer}/usage/summary", get(usage::summary))
        .route("/v1/customers/{customer}/usage/series", get(usage::series))
        .route("/v1/customers/{customer}/bills", get(bills::list))
        .route("/v1/customers/{customer}/bills/{bill}", get(bills::get))
        .route("/v1/customers/{customer}/bills/{bill}/document", get(bills::document))
        .route("/v1/customers/{customer}/arrears", get(arrears::get))
        .route("/v1/customers/{customer}/arrears/history", get(arrears::history))
        .route("/v1/arrears", get(customers::in_arrears))
        .route("/v1/outbox", get(outbox::get))
        .route("/v1/payments", get(payments::since))
        .route("/v1/crl", get(audit::newest_crl).put(audit::keep_crl))
        .route("/v1/audit/heads", post(audit::lodge))
        .route("/v1/audit/heads/newest", get(audit::newest))
        .with_state(api)
}

/// Stands in for the payments' routes while no gateway is configured: a passing refusal, since an order must not be refused for good because
/// of a setting.
pub fn without_gateway() -> Router {
    let later =
        async || ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "gateway-unavailable", "no gateway is configured");
    Router::new().route("/v1/payments/{*path}", any(later)).route("/v1/unionpay/notify", any(later))
}

/// What applies to every route, those of payments too: answers for unknown paths, and counting.
pub fn finish(router: Router) -> Router {
    router
        .fallback(async || ApiError::new(StatusCode::NOT_FOUND, "unknown-path", "no such path"))
        .method_not_allowed_fallback(async || {
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "unknown-path", "no such method on this path")
        })
        .layer(middleware::from_fn(count))
}

async fn ping(State(api): State<Api>) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "time": api.clock.now() }))
}

async fn count(request: Request, next: Next) -> Response {
    // The pattern, never the path itself: numbers of customers belong in no metric.
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().to_string();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("gridkey_platform_requests_total", "method" => method, "path" => path, "status" => status)
        .increment(1);
    response
}

#[cfg(test)]
mod tests;
