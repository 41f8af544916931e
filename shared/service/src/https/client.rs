//! The HTTP client of a daemon: no proxy, no redirects, every step with a time limit.

use std::time::Duration;

use reqwest::redirect::Policy;

use crate::tls;

/// Time limits of a client.
#[derive(Debug, Clone, Copy)]
pub struct ClientTimeouts {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// From the start of a request to the last byte of its answer. A single request may set another.
    pub request: Duration,
}

impl Default for ClientTimeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), request: Duration::from_secs(30) }
    }
}

/// Idle connections are given up before the server's own limit ([`super::HttpLimits::head`]) can close them under a
/// request that cannot be sent twice.
const IDLE: Duration = Duration::from_secs(5);

/// A client with the TLS configuration `tls` (see [`tls::client_config`]). It speaks plain HTTP too if the address says
/// so, which is how a sandbox on loopback is reached.
///
/// # Errors
/// If the configuration is not one that the client's library knows.
pub fn client(tls: rustls::ClientConfig, timeouts: ClientTimeouts) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .pool_idle_timeout(IDLE)
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.request)
        .tcp_nodelay(true)
        .build()
}

/// A client for plain HTTP alone: it trusts no certificate, so an `https` address fails.
///
/// # Errors
/// As [`client`].
pub fn plain_client(timeouts: ClientTimeouts) -> reqwest::Result<reqwest::Client> {
    client(tls::trusting_nobody(), timeouts)
}
