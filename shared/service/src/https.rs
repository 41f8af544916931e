//! HTTP/1.1 over TLS or, on loopback, without it: serving an `axum` router within limits, and the client.

mod client;
mod connection;
mod limits;

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use rustls::ServerConfig;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use self::{
    client::{ClientTimeouts, client, plain_client},
    limits::HttpLimits,
};

/// How long the listener rests when the machine cannot give it another connection.
const REST: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `shutdown`; then no new connection is taken, requests under way are finished
/// within `limits.grace`, and what is left is cut. Handlers find the peer in `ConnectInfo<SocketAddr>`.
///
/// Each handshake and each connection runs in a task of its own, so that a slow or hostile peer delays nobody else.
///
/// # Errors
/// If the listener has no local address any more, i.e. is unusable.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    router: Router,
    limits: HttpLimits,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let router = limits.apply(router);
    let acceptor = tls.map(TlsAcceptor::from);
    let slots = Arc::new(Semaphore::new(limits.connections));
    let tasks = TaskTracker::new();
    let cut = CancellationToken::new();

    loop {
        let slot = tokio::select! {
            () = shutdown.cancelled() => break,
            Ok(slot) = Arc::clone(&slots).acquire_owned() => slot,
        };
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // A peer that went away before it was taken, or no file handle left: neither ends the listener.
                tracing::debug!(%address, %error, "cannot take a connection");
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        let connection = connection::Connection { peer, router: router.clone(), limits, shutdown: shutdown.clone() };
        let (acceptor, cut) = (acceptor.clone(), cut.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = cut.cancelled() => {}
                () = connection.run(stream, acceptor) => {}
            }
            drop(slot);
        });
    }

    drop(listener);
    tasks.close();
    if tokio::time::timeout(limits.grace, tasks.wait()).await.is_err() {
        tracing::warn!(%address, left = tasks.len(), "requests did not finish in time");
        cut.cancel();
        tasks.wait().await;
    }
    Ok(())
}
