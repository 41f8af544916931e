//! A WebSocket as a session uses it: binary messages in and out, control frames counted, closes said in the contract's words.

use std::{io, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use gridkey_protocol::{close::CloseCode, limits};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::Instant,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Bytes, Message,
        protocol::{CloseFrame, frame::coding::CloseCode as WireCode},
    },
};

use super::gate::{self, GateKey};

/// Why nothing more comes from the peer.
#[derive(Debug)]
pub(super) enum Ended {
    /// The peer left, with or without a goodbye.
    Left,
    /// The peer must be sent away with this code.
    Close(CloseCode),
}

/// A WebSocket with the contract's limits.
pub(super) struct Socket<S> {
    /// Elsewhere, since a session's futures would hold its room several times over.
    stream: Box<WebSocketStream<S>>,
    gate: GateKey,
    longest: usize,
    write: Duration,
    control: (Instant, u32),
    heard: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// A socket whose peer is still a stranger.
    pub(super) fn new(stream: WebSocketStream<S>, gate: GateKey, write: Duration) -> Self {
        let longest = limits::MESSAGE_BEFORE_AUTHENTICATION;
        Self { stream: Box::new(stream), gate, longest, write, control: (Instant::now(), 0), heard: Instant::now() }
    }

    /// The peer has proven who it is; its messages may be longer.
    pub(super) fn trust(&mut self) {
        self.gate.open();
        self.longest = limits::MESSAGE;
    }

    /// The next binary message. Cancel safe.
    pub(super) async fn receive(&mut self) -> Result<Bytes, Ended> {
        loop {
            let next = self.stream.next().await;
            self.heard = Instant::now();
            match next {
                None => return Err(Ended::Left),
                Some(Ok(Message::Binary(bytes))) if bytes.len() > self.longest => {
                    return Err(Ended::Close(CloseCode::TooBig));
                }
                Some(Ok(Message::Binary(bytes))) => return Ok(bytes),
                Some(Ok(Message::Text(_) | Message::Frame(_))) => return Err(Ended::Close(CloseCode::Malformed)),
                Some(Ok(Message::Close(_))) => return Err(Ended::Left),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => self.count_control()?,
                Some(Err(error)) => return Err(of_error(&error)),
            }
        }
    }

    fn count_control(&mut self) -> Result<(), Ended> {
        let (since, count) = &mut self.control;
        if since.elapsed() >= Duration::from_secs(10) {
            (*since, *count) = (Instant::now(), 0);
        }
        *count += 1;
        if *count > limits::CONTROL_FRAMES_PER_TEN_SECONDS { Err(Ended::Close(CloseCode::TooMany)) } else { Ok(()) }
    }

    /// Sends a binary message; a peer that does not read in time is given up.
    pub(super) async fn send(&mut self, bytes: Vec<u8>) -> Result<(), Ended> {
        self.write(Message::Binary(bytes.into())).await
    }

    /// Pings the peer; one that has not been heard for `patience` is given up.
    pub(super) async fn ping(&mut self, patience: Duration) -> Result<(), Ended> {
        if self.heard.elapsed() > patience {
            return Err(Ended::Left);
        }
        self.write(Message::Ping(Bytes::new())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), Ended> {
        match tokio::time::timeout(self.write, self.stream.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Ended::Left),
        }
    }

    /// Says why and closes. What the peer still sends is read and thrown away for a moment, since a connection dropped with unread data
    /// is reset, and the reason with it.
    pub(super) async fn close(mut self, code: CloseCode) {
        let frame = CloseFrame { code: WireCode::from(code.code()), reason: code.reason().into() };
        // Boxed: a session has no room for this while it lives.
        let goodbye = Box::pin(async {
            let said = self.stream.as_mut().close(Some(frame)).await;
            self.gate.open();
            if said.is_err() {
                return;
            }
            let (raw, mut scratch, mut read) = (self.stream.get_mut(), [0; 4096], 0);
            while let Ok(count @ 1..) = raw.read(&mut scratch).await {
                read += count;
                if read > 2 * limits::MESSAGE || is_close(&scratch[..count]) {
                    break;
                }
            }
            let _ = raw.shutdown().await;
        });
        let _ = tokio::time::timeout(Duration::from_secs(2).min(self.write), goodbye).await;
    }
}

/// Whether these bytes are the peer's own close frame, masked, as it arrives when nothing else was on its way.
fn is_close(bytes: &[u8]) -> bool {
    matches!(bytes, [0x88, length, ..] if length & 0x80 != 0 && bytes.len() == usize::from(length & 0x7f) + 6)
}

fn of_error(error: &tungstenite::Error) -> Ended {
    match error {
        tungstenite::Error::Capacity(_) => Ended::Close(CloseCode::TooBig),
        tungstenite::Error::Io(error) if gate::is_too_much(error) => Ended::Close(CloseCode::TooBig),
        tungstenite::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => Ended::Left,
        tungstenite::Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => Ended::Left,
        tungstenite::Error::Protocol(_) | tungstenite::Error::Utf8(_) => Ended::Close(CloseCode::Malformed),
        _ => Ended::Left,
    }
}
