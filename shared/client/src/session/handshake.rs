//! From a fresh channel to `welcome`.

use std::time::Duration;

use gridkey_protocol::{
    CloseCode,
    certificate::Certificate,
    frame::{ServerFrame, Welcome},
    handshake::{ClientHandshake, ProofParts, Resume},
    limits,
    session::{ClientSession, SessionError},
};
use tokio::time::timeout;

use super::{SessionFailure, SessionSettings};
use crate::{
    key::UsbKey,
    random,
    transport::{Channel, Incoming},
};

/// The server's own limit runs from its accept; a little more here leaves the verdict to it.
const HANDSHAKE: Duration = Duration::from_secs(limits::HANDSHAKE_SECONDS + 5);

/// A session that has been welcomed.
pub(super) struct Opened {
    pub(super) session: ClientSession,
    pub(super) welcome: Welcome,
    pub(super) envelope: Certificate,
}

/// Runs the handshake on `channel`. On a failure the server is told why.
pub(super) async fn open(
    channel: &mut dyn Channel,
    key: &UsbKey,
    settings: &SessionSettings,
    resume: Option<Resume>,
) -> Result<Opened, SessionFailure> {
    let outcome = match timeout(HANDSHAKE, handshake(channel, key, settings, resume)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(SessionFailure::HandshakeTimeout),
    };
    if let Err(failure) = &outcome {
        match failure {
            SessionFailure::Handshake(error) => channel.close(error.close()).await,
            SessionFailure::Rules(error) => channel.close(error.close()).await,
            SessionFailure::Channel(_) => {}
            _ => channel.close(CloseCode::SessionEnd).await,
        }
    }
    outcome
}

async fn handshake(
    channel: &mut dyn Channel,
    key: &UsbKey,
    settings: &SessionSettings,
    resume: Option<Resume>,
) -> Result<Opened, SessionFailure> {
    let handshake = ClientHandshake::new(random::secret()?, channel.exporter(), settings.allow_unbound);
    let hello = next_message(channel, limits::MESSAGE_BEFORE_AUTHENTICATION).await?;
    let expect_signature = handshake.on_hello(&hello, &settings.anchor, settings.clock.now())?;
    let signature = key.sign(expect_signature.to_sign().to_vec()).await?;
    let envelope = expect_signature.envelope().clone();
    let (authenticate, keys) = expect_signature.finish(ProofParts {
        chain: key.certificates().chain().to_vec(),
        signature,
        resume,
        agent: label(&settings.agent),
        locale: label(&settings.locale),
    });
    channel.send(authenticate).await?;
    let mut session = ClientSession::new(keys, resume.map(|resume| resume.offset));
    let first = next_message(channel, limits::MESSAGE).await?;
    match session.receive(&first)? {
        ServerFrame::Welcome(mut welcome) => {
            // Where nothing was asked for, nothing was recovered.
            welcome.recovered &= resume.is_some();
            Ok(Opened { session, welcome, envelope })
        }
        ServerFrame::Response(_) | ServerFrame::Push(_) => Err(SessionError::Welcome.into()),
    }
}

async fn next_message(channel: &mut dyn Channel, limit: usize) -> Result<Vec<u8>, SessionFailure> {
    loop {
        match channel.receive(limit).await? {
            Incoming::Message(message) => return Ok(message),
            Incoming::Alive => {}
        }
    }
}

/// Cuts a label to what the contract allows, at a character's end.
fn label(text: &str) -> String {
    let mut end = text.len().min(limits::LABEL);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}
