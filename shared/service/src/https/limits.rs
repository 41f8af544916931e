//! What one HTTP peer may take of a daemon.

use std::time::Duration;

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

/// Limits of one listener. The defaults suit small requests; a long poll needs a longer `request`.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// Connections open at a time; further ones wait in the kernel's queue.
    pub connections: usize,
    /// Time for the TLS handshake.
    pub handshake: Duration,
    /// Time for a request's head to arrive, also the longest an idle connection is kept.
    pub head: Duration,
    /// Time from a request's head to the head of its answer, the reading of the body included; then 503.
    pub request: Duration,
    /// Longest life of a connection, which bounds how long a slow reader holds its place.
    pub connection: Duration,
    /// Time for requests under way once the daemon is told to stop.
    pub grace: Duration,
    /// Largest request body in bytes; then 413.
    pub body: usize,
    /// Largest request head in bytes; then 431.
    pub head_bytes: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connections: 512,
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(15),
            request: Duration::from_secs(30),
            connection: Duration::from_secs(15 * 60),
            grace: Duration::from_secs(10),
            body: 64 * 1024,
            head_bytes: 16 * 1024,
        }
    }
}

impl HttpLimits {
    /// `router` within the limits that bind a single request.
    pub(super) fn apply(&self, router: Router) -> Router {
        router
            .layer(DefaultBodyLimit::disable())
            .layer(RequestBodyLimitLayer::new(self.body))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, self.request))
    }
}
