//! A session listener, the customers' or the administrators': TCP, TLS 1.3, WebSocket, session.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use gridkey_protocol::close::CloseCode;
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::Instant,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    attempts::Attempts,
    connection,
    gate::Gate,
    handshake::{self, Peer},
    socket::{Ended, Socket},
    upgrade::upgrade,
};
use crate::{core::Core, limits::SessionLimits};

/// RFC 9266: the exporter label of the channel binding `tls-exporter`.
const EXPORTER: &[u8] = b"EXPORTER-Channel-Binding";
/// How long a graceful stop waits for sessions to say goodbye.
const GRACE: Duration = Duration::from_secs(5);

struct Shared {
    core: Arc<Core>,
    limits: SessionLimits,
    acceptor: TlsAcceptor,
    attempts: Attempts,
    handshakes: Semaphore,
}

/// Serves sessions of those whom `limits` let in until `shutdown`; then each is closed with 1001 and given a moment to end.
pub async fn serve(
    core: Arc<Core>,
    limits: SessionLimits,
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let connections = Arc::new(Semaphore::new(limits.connections));
    let shared = Arc::new(Shared {
        acceptor: TlsAcceptor::from(tls),
        attempts: Attempts::new(limits.failures_per_minute),
        handshakes: Semaphore::new(limits.handshakes),
        core,
        limits,
    });
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly; what is open goes on.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(permit) = Arc::clone(&connections).try_acquire_owned() else {
            metrics::counter!("gridkey_connections_refused_total").increment(1);
            continue;
        };
        let shared = Arc::clone(&shared);
        tasks.spawn(async move {
            connect(&shared, stream, address).await;
            drop(permit);
        });
    }
    drop(listener);
    shared.core.registry.cut_all(CloseCode::GoingAway);
    tasks.close();
    if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::warn!("some sessions did not say goodbye");
    }
    Ok(())
}

async fn connect(shared: &Shared, stream: TcpStream, address: SocketAddr) {
    // The way in takes much more memory than the session it leads to: it is let go of before the session begins.
    if let Some((socket, peer)) = Box::pin(let_in(shared, stream, address)).await {
        connection::run(Arc::clone(&shared.core), &shared.limits, socket, peer, address.ip()).await;
    }
}

/// TLS, WebSocket and handshake; whoever does not pass is sent away.
async fn let_in(
    shared: &Shared,
    stream: TcpStream,
    address: SocketAddr,
) -> Option<(Socket<Gate<TlsStream<TcpStream>>>, Peer)> {
    let (core, limits) = (&shared.core, &shared.limits);
    let deadline = Instant::now() + limits.handshake;
    // Frames are small and answered at once; waiting to fill segments would only delay them.
    let _ = stream.set_nodelay(true);
    let prepared = tokio::time::timeout_at(deadline, async {
        // A connection that says nothing takes nobody's turn.
        stream.readable().await.ok()?;
        let _turn = shared.handshakes.acquire().await.ok()?;
        let tls = shared.acceptor.accept(stream).await.ok()?;
        let exporter = tls.get_ref().1.export_keying_material([0; 32], EXPORTER, Some(b"")).ok()?;
        let (gate, key) = Gate::new(tls);
        let socket = upgrade(gate).await.ok()?;
        Some((Socket::new(socket, key, limits.write), exporter))
    });
    let (mut socket, exporter) = match prepared.await {
        Ok(prepared) => prepared?,
        Err(_) => {
            shared.attempts.address_failed(address.ip(), core.now());
            return None;
        }
    };

    let proven = tokio::time::timeout_at(
        deadline,
        handshake::prove(core, limits, &shared.attempts, &mut socket, address.ip(), Some(exporter)),
    );
    let ended = match proven.await {
        Ok(Ok((proven, envelope, member))) => match handshake::agree(core, proven, &envelope, member).await {
            Ok(peer) => {
                socket.trust();
                return Some((socket, peer));
            }
            Err(code) => Ended::Close(code),
        },
        Ok(Err(ended)) => ended,
        Err(_) => {
            shared.attempts.address_failed(address.ip(), core.now());
            Ended::Close(CloseCode::HandshakeTimeout)
        }
    };
    if let Ended::Close(code) = ended {
        metrics::counter!("gridkey_logins_total", "outcome" => code.reason()).increment(1);
        core.notes.logins.failed(core.now());
        tracing::info!(%address, reason = code.reason(), "a handshake was refused");
        socket.close(code).await;
    }
    None
}
