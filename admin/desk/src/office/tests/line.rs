//! A line that the test holds both ends of.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use gridkey_client::transport::{Channel, ChannelError, ConnectError, Connector, Incoming};
use gridkey_protocol::CloseCode;
use tokio::sync::mpsc;

pub(super) const EXPORTER: [u8; 32] = [3; 32];

/// The server's end of a line.
pub(super) struct Line {
    pub(super) to_client: mpsc::UnboundedSender<Result<Incoming, ChannelError>>,
    pub(super) from_client: mpsc::UnboundedReceiver<Vec<u8>>,
}

/// Gives the test the other end of every line it makes.
pub(super) struct LineConnector {
    lines: mpsc::UnboundedSender<Line>,
    unplugged: AtomicBool,
}

impl LineConnector {
    pub(super) fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<Line>) {
        let (lines, receiver) = mpsc::unbounded_channel();
        (Arc::new(Self { lines, unplugged: AtomicBool::new(false) }), receiver)
    }

    /// The network is gone, or there again.
    pub(super) fn unplug(&self, unplugged: bool) {
        self.unplugged.store(unplugged, Ordering::SeqCst);
    }
}

struct LineChannel {
    to_server: mpsc::UnboundedSender<Vec<u8>>,
    from_server: mpsc::UnboundedReceiver<Result<Incoming, ChannelError>>,
}

fn broken() -> ChannelError {
    ChannelError::Broken("end of file".into())
}

#[async_trait]
impl Connector for LineConnector {
    async fn connect(&self) -> Result<Box<dyn Channel>, ConnectError> {
        let unreachable = || ConnectError::Unreachable { authority: "test".into(), cause: "refused".into() };
        if self.unplugged.load(Ordering::SeqCst) {
            return Err(unreachable());
        }
        let (to_server, from_client) = mpsc::unbounded_channel();
        let (to_client, from_server) = mpsc::unbounded_channel();
        self.lines.send(Line { to_client, from_client }).map_err(|_| unreachable())?;
        Ok(Box::new(LineChannel { to_server, from_server }))
    }
}

#[async_trait]
impl Channel for LineChannel {
    fn exporter(&self) -> Option<[u8; 32]> {
        Some(EXPORTER)
    }

    async fn send(&mut self, message: Vec<u8>) -> Result<(), ChannelError> {
        self.to_server.send(message).map_err(|_| broken())
    }

    async fn receive(&mut self, limit: usize) -> Result<Incoming, ChannelError> {
        match self.from_server.recv().await {
            Some(Ok(Incoming::Message(message))) if message.len() > limit => Err(ChannelError::TooBig),
            Some(incoming) => incoming,
            None => Err(broken()),
        }
    }

    async fn close(&mut self, _: CloseCode) {}
}
