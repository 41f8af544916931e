//! A session driven by hand over the layers below our session actor: one request, then its answer. What the generator spends on a
//! request is little more than what it spends on the peer's.

use anyhow::{Result, anyhow, bail, ensure};
use gridkey_client::{
    clock::Clock,
    key::UsbKey,
    random,
    transport::{Channel, Connector as _, Incoming},
};
use gridkey_protocol::{
    frame::ServerFrame,
    handshake::{ClientHandshake, ProofParts},
    limits,
    session::ClientSession,
};
use serde::Serialize;

use crate::fleet::Ways;

/// An open session.
pub(crate) struct Direct {
    channel: Box<dyn Channel>,
    session: ClientSession,
}

impl Direct {
    /// Opens the `n`th client's.
    pub(crate) async fn open(ways: &Ways, n: usize, key: &UsbKey) -> Result<Self> {
        let mut channel = ways.connector(n).connect().await?;
        let handshake = ClientHandshake::new(random::secret()?, channel.exporter(), false);
        let hello = message(channel.as_mut()).await?;
        let expected = handshake.on_hello(&hello, ways.anchor(), Clock::system().now())?;
        let signature = key.sign(expected.to_sign().to_vec()).await?;
        let (authenticate, keys) = expected.finish(ProofParts {
            chain: key.certificates().chain().to_vec(),
            signature,
            resume: None,
            agent: "gridkey-bench".to_owned(),
            locale: "en".to_owned(),
        });
        channel.send(authenticate).await?;
        let mut session = ClientSession::new(keys, None);
        let first = message(channel.as_mut()).await?;
        ensure!(matches!(session.receive(&first)?, ServerFrame::Welcome(_)), "no welcome");
        Ok(Self { channel, session })
    }

    /// Waits for the next push and opens it.
    pub(crate) async fn push(&mut self) -> Result<()> {
        loop {
            let received = message(self.channel.as_mut()).await?;
            if let ServerFrame::Push(_) = self.session.receive(&received)? {
                return Ok(());
            }
        }
    }

    /// Makes one request and waits for its answer; gives the bytes of both as they travel.
    ///
    /// # Errors
    /// If the server refuses it.
    pub(crate) async fn request<B: Serialize>(&mut self, op: &str, body: &B) -> Result<(usize, usize)> {
        let (_, sealed) = self.session.request(op, body)?;
        let sent = sealed.len();
        self.channel.send(sealed).await?;
        loop {
            let received = message(self.channel.as_mut()).await?;
            match self.session.receive(&received)? {
                ServerFrame::Response(response) => {
                    let outcome = response.outcome.map_err(|error| anyhow!("{op}: {}: {}", error.code, error.message));
                    return outcome.map(|_| (sent, received.len()));
                }
                ServerFrame::Push(_) => {}
                ServerFrame::Welcome(_) => bail!("a second welcome"),
            }
        }
    }
}

/// The next message, whatever signs of life come before it.
pub(crate) async fn message(channel: &mut dyn Channel) -> Result<Vec<u8>> {
    loop {
        if let Incoming::Message(message) = channel.receive(limits::MESSAGE).await? {
            return Ok(message);
        }
    }
}
