//! A stream that lets a stranger send only so much: before authentication nobody may make the server buffer more.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Upgrade request, one message of 16 KiB, and a few control frames.
const STRANGER: usize = 16 * 1024 + 16 * 1024 + 4 * 1024;

/// Opens the gate of one connection.
#[derive(Clone)]
pub(super) struct GateKey(Arc<AtomicUsize>);

impl GateKey {
    /// From now on any amount may be read.
    pub(super) fn open(&self) {
        self.0.store(usize::MAX, Ordering::Relaxed);
    }
}

/// The stream behind the gate.
pub(super) struct Gate<S> {
    stream: S,
    left: Arc<AtomicUsize>,
}

impl<S> Gate<S> {
    /// A closed gate and its key.
    pub(super) fn new(stream: S) -> (Self, GateKey) {
        let left = Arc::new(AtomicUsize::new(STRANGER));
        (Self { stream, left: Arc::clone(&left) }, GateKey(left))
    }
}

/// Whether a read failed because a stranger sent too much.
pub(super) fn is_too_much(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::QuotaExceeded
}

impl<S: AsyncRead + Unpin> AsyncRead for Gate<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Poll::Ready(Err(io::ErrorKind::QuotaExceeded.into()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if left != usize::MAX {
            let read = buf.filled().len().saturating_sub(before);
            // Only this task lowers the count; a key may have opened the gate meanwhile, which must stay so.
            let lowered = left.saturating_sub(read);
            let _ = self.left.compare_exchange(left, lowered, Ordering::Relaxed, Ordering::Relaxed);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gate<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn a_stranger_is_stopped_and_a_member_is_not() {
        let flood = vec![0; STRANGER * 2];
        let (mut gate, _key) = Gate::new(&flood[..]);
        let error = gate.read_to_end(&mut Vec::new()).await.unwrap_err();
        assert!(is_too_much(&error));

        let (mut gate, key) = Gate::new(&flood[..]);
        key.open();
        assert_eq!(gate.read_to_end(&mut Vec::new()).await.unwrap(), flood.len());
    }
}
