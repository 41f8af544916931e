//! One connection from its handshake to its end.

use std::{net::SocketAddr, pin::pin};

use axum::{Router, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::HttpLimits;

/// Enough for browsers and gateways; each costs memory before a handler sees it.
const HEADERS: usize = 64;

pub(super) struct Connection {
    pub(super) peer: SocketAddr,
    pub(super) router: Router,
    pub(super) limits: HttpLimits,
    pub(super) shutdown: CancellationToken,
}

impl Connection {
    pub(super) async fn run(self, stream: TcpStream, acceptor: Option<TlsAcceptor>) {
        let peer = self.peer;
        // Without it small answers wait for the peer's delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = acceptor else { return self.speak(stream).await };
        let handshake = timeout(self.limits.handshake, acceptor.accept(stream));
        let accepted = tokio::select! {
            () = self.shutdown.cancelled() => return,
            accepted = handshake => accepted,
        };
        match accepted {
            Ok(Ok(stream)) => self.speak(stream).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
            Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
        }
    }

    async fn speak<S: AsyncRead + AsyncWrite + Unpin>(self, stream: S) {
        let peer = self.peer;
        let router = self.router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let serving = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .max_headers(HEADERS)
            .max_header_size(self.limits.head_bytes)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
        let mut serving = pin!(serving);
        let served = tokio::select! {
            served = serving.as_mut() => Ok(served),
            () = self.lived() => {
                serving.as_mut().graceful_shutdown();
                timeout(self.limits.grace, serving).await
            }
        };
        match served {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%peer, %error, "HTTP connection ended early"),
            Err(_) => tracing::debug!(%peer, "HTTP connection cut at its end of life"),
        }
    }

    /// Until no further request may begin on this connection.
    async fn lived(&self) {
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            () = tokio::time::sleep(self.limits.connection) => {}
        }
    }
}
