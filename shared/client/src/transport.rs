//! The channel below a session: whole binary messages over a WebSocket within TLS.
//!
//! The session actor knows only the two traits here, so that tests can put a faulty line under it.

mod tls;
mod websocket;

use async_trait::async_trait;
use gridkey_protocol::CloseCode;
pub use tls::{TlsSettings, TlsSettingsError};
pub use websocket::WebSocketConnector;

/// What came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A message.
    Message(Vec<u8>),
    /// A sign of life without content (ping or pong).
    Alive,
}

/// Makes channels to one server.
#[async_trait]
pub trait Connector: Send + Sync + 'static {
    /// Connects anew.
    async fn connect(&self) -> Result<Box<dyn Channel>, ConnectError>;
}

/// A connected channel.
#[async_trait]
pub trait Channel: Send {
    /// The TLS channel's exporter value (RFC 9266).
    fn exporter(&self) -> Option<[u8; 32]>;

    /// Sends one message.
    async fn send(&mut self, message: Vec<u8>) -> Result<(), ChannelError>;

    /// Waits for what comes next; at most `limit` bytes. Dropping the future loses nothing.
    async fn receive(&mut self, limit: usize) -> Result<Incoming, ChannelError>;

    /// Says why and hangs up. Best effort.
    async fn close(&mut self, code: CloseCode);
}

/// Why no channel came about. Each asks for something else from the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The host name has no address: no network, or a wrong name.
    #[error("the address of {host} cannot be found: check the network connection and the server's name")]
    Resolve {
        /// The name.
        host: String,
    },
    /// Nobody answers there.
    #[error("the server at {authority} cannot be reached ({cause}): check the network connection")]
    Unreachable {
        /// Host and port.
        authority: String,
        /// What the operating system says.
        cause: String,
    },
    /// The attempt took too long.
    #[error("the server at {authority} did not answer in time")]
    Timeout {
        /// Host and port.
        authority: String,
    },
    /// The server's certificate is not one of this company for this host.
    #[error("the server is not the power company's: {0}")]
    Untrusted(String),
    /// The server's certificate is out of its time, or this machine's clock is wrong.
    #[error("the server's certificate is out of its time: check this computer's date and time")]
    Clock,
    /// TLS failed otherwise.
    #[error("no secure channel to the server: {0}")]
    Tls(String),
    /// The server, or something in between, does not speak the protocol.
    #[error("the server refused the connection (HTTP {0})")]
    Http(u16),
    /// The server does not offer `gridkey.v1`.
    #[error("the server does not speak gridkey.v1")]
    Subprotocol,
    /// The channel broke while it was being made.
    #[error(transparent)]
    Channel(#[from] ChannelError),
}

impl ConnectError {
    /// Whether trying again by itself makes sense.
    pub const fn invites_retry(&self) -> bool {
        match self {
            Self::Resolve { .. } | Self::Unreachable { .. } | Self::Timeout { .. } => true,
            // Too many requests, or a server or proxy in trouble.
            Self::Http(status) => matches!(status, 408 | 429 | 500..=599),
            Self::Untrusted(_) | Self::Clock | Self::Subprotocol => false,
            Self::Tls(_) => true,
            Self::Channel(error) => error.invites_retry(),
        }
    }
}

/// Why a channel ended. Not authenticated: nothing may be deleted because of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// The server closed it, with a code of the contract.
    #[error("the server ended the session: {}", .0.reason())]
    Closed(CloseCode),
    /// The server closed it, with another code or none.
    #[error("the server ended the session with code {0}")]
    ClosedOtherwise(u16),
    /// The line broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// A message above the limit.
    #[error("the server sent too long a message")]
    TooBig,
    /// A text message, or a violation of WebSocket rules.
    #[error("the server broke the rules of the channel")]
    Malformed,
}

impl ChannelError {
    /// Whether trying again by itself makes sense.
    pub const fn invites_retry(&self) -> bool {
        match self {
            Self::Closed(code) => code.invites_retry(),
            Self::ClosedOtherwise(_) | Self::Broken(_) => true,
            Self::TooBig | Self::Malformed => false,
        }
    }
}

#[cfg(test)]
mod tests;
