//! Stopping in good order: SIGINT and SIGTERM cancel one token that every task of a daemon holds.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that is cancelled by the first SIGINT or SIGTERM. A second one ends the process at once, for an operator who
/// will not wait; what was promised to a customer is on disk before it is promised.
///
/// # Errors
/// If the signals cannot be listened for; must be called inside a tokio runtime.
pub fn on_signals() -> io::Result<CancellationToken> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        let signal = next(&mut interrupt, &mut terminate).await;
        tracing::info!(signal, "stopping");
        stop.cancel();
        let signal = next(&mut interrupt, &mut terminate).await;
        tracing::warn!(signal, "stopping at once");
        std::process::exit(130);
    });
    Ok(token)
}

async fn next(interrupt: &mut Signal, terminate: &mut Signal) -> &'static str {
    tokio::select! {
        _ = interrupt.recv() => "SIGINT",
        _ = terminate.recv() => "SIGTERM",
    }
}
