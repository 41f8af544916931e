//! The session listener's door: a handshake made by hand, with whatever proof, and what the server says to it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use gridkey_client::{
    clock::Clock,
    random,
    transport::{Channel, ChannelError, Connector, Incoming, WebSocketConnector},
};
use gridkey_protocol::{
    certificate::TrustAnchor,
    handshake::{ClientHandshake, ExpectSignature, ProofParts},
    limits,
};

/// How long the server may think.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server, after `hello`.
pub struct Door {
    channel: Box<dyn Channel>,
    handshake: ExpectSignature,
}

/// What the server did with a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Opened a session.
    LetIn,
    /// Closed, with the code and its word.
    Closed(u16, String),
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LetIn => f.write_str("let in"),
            Self::Closed(code, word) => write!(f, "{code} {word}"),
        }
    }
}

impl Door {
    /// Connects and takes the server's `hello`.
    ///
    /// # Errors
    /// If there is no server, or not this company's.
    pub async fn knock(connector: &WebSocketConnector, anchor: &TrustAnchor) -> Result<Self> {
        let mut channel = connector.connect().await?;
        let hello = loop {
            match tokio::time::timeout(PATIENCE, channel.receive(limits::MESSAGE)).await?? {
                Incoming::Message(message) => break message,
                Incoming::Alive => {}
            }
        };
        let handshake = ClientHandshake::new(random::secret()?, channel.exporter(), false);
        let handshake = handshake.on_hello(&hello, anchor, Clock::system().now())?;
        Ok(Self { channel, handshake })
    }

    /// What a proof signs.
    pub fn to_sign(&self) -> Vec<u8> {
        self.handshake.to_sign().to_vec()
    }

    /// Sends the proof of `chain` and `signature`; gives the message sent and what came of it.
    ///
    /// # Errors
    /// If the line breaks.
    pub async fn prove(self, chain: Vec<Vec<u8>>, signature: [u8; 64]) -> Result<(Vec<u8>, Answer)> {
        let parts = ProofParts { chain, signature, resume: None, agent: "gridkey-demo".into(), locale: "en".into() };
        let (message, _) = self.handshake.finish(parts);
        let answer = Self::send(self.channel, message.clone()).await?;
        Ok((message, answer))
    }

    /// Sends a message from elsewhere in place of a proof.
    ///
    /// # Errors
    /// If the line breaks.
    pub async fn replay(self, message: Vec<u8>) -> Result<Answer> {
        Self::send(self.channel, message).await
    }

    async fn send(mut channel: Box<dyn Channel>, message: Vec<u8>) -> Result<Answer> {
        channel.send(message).await?;
        loop {
            match tokio::time::timeout(PATIENCE, channel.receive(limits::MESSAGE)).await.context("no answer")? {
                Ok(Incoming::Message(_)) => {
                    channel.close(gridkey_protocol::CloseCode::SessionEnd).await;
                    return Ok(Answer::LetIn);
                }
                Ok(Incoming::Alive) => {}
                Err(ChannelError::Closed(code)) => return Ok(Answer::Closed(code.code(), code.reason().to_owned())),
                Err(error) => bail!(error),
            }
        }
    }
}
