//! Why a session did not come about or ended, and why a request has no result.

use std::sync::Arc;

use gridkey_protocol::{
    CloseCode, cbor::DecodeError, frame::OpError, handshake::HandshakeError, session::SessionError,
};

use crate::{
    key::KeyError,
    random::NoRandomness,
    store::StoreError,
    transport::{ChannelError, ConnectError},
};

/// Why there is no session (any more).
#[derive(Debug, Clone, thiserror::Error)]
pub enum SessionFailure {
    /// No channel.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The server is not one to talk to.
    #[error("{}", distrust(.0))]
    Handshake(#[from] HandshakeError),
    /// The USBKEY did not do its part.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The server or the line ended it.
    #[error("{}", explain(.0))]
    Channel(#[from] ChannelError),
    /// The server broke the session's rules.
    #[error("the server broke the rules of the session: {0}")]
    Rules(#[from] SessionError),
    /// Nothing was heard for 75 seconds.
    #[error("nothing was heard from the server for 75 seconds")]
    Silence,
    /// The server did not finish the handshake in time.
    #[error("the server did not finish the handshake in time")]
    HandshakeTimeout,
    /// What came could not be kept.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl SessionFailure {
    /// Whether trying again by itself makes sense.
    pub const fn invites_retry(&self) -> bool {
        match self {
            Self::Connect(error) => error.invites_retry(),
            Self::Channel(error) => error.invites_retry(),
            Self::Silence | Self::HandshakeTimeout => true,
            Self::Handshake(_) | Self::Key(_) | Self::Rules(_) | Self::Store(_) | Self::Random(_) => false,
        }
    }

    /// The server's close code, if it sent one of the contract.
    pub const fn close_code(&self) -> Option<CloseCode> {
        match self {
            Self::Channel(ChannelError::Closed(code))
            | Self::Connect(ConnectError::Channel(ChannelError::Closed(code))) => Some(*code),
            _ => None,
        }
    }

    /// Whether the server said that this key is nobody's any more: lost, revoked, replaced or not bound. What was kept for it is
    /// not shown then.
    pub fn disowns_key(&self) -> bool {
        use CloseCode::{Lost, ReplacedKey, Revoked, Unbound};
        matches!(self.close_code(), Some(Lost | Revoked | ReplacedKey | Unbound))
    }

    /// Whether the server let this key in no further (4401, 4403).
    pub fn is_not_allowed_in(&self) -> bool {
        self.close_code().is_some_and(|code| matches!(code.code(), 4401 | 4403))
    }
}

/// What this program holds against the server.
fn distrust(error: &HandshakeError) -> String {
    let hint = match error {
        HandshakeError::Expired => "; check this computer's date and time",
        HandshakeError::UnknownVersion(_) => return format!("{error}; update the program"),
        _ => "",
    };
    format!("the server did not prove to be the power company's: {error}{hint}")
}

/// What the person can do about it, by close code.
fn explain(error: &ChannelError) -> String {
    let words = match error {
        ChannelError::Closed(code) => match code {
            CloseCode::SessionEnd => "the session is over; log in again",
            CloseCode::GoingAway => "the server is stopping; it will be back",
            CloseCode::TooBig => "the server refused a message as too long",
            CloseCode::Malformed => "the server could not read this program's message; update the program",
            CloseCode::NotAuthenticated => "the server does not accept this key as one of the power company's",
            CloseCode::Unbound => "this key is not bound to a customer; ask the power company",
            CloseCode::Lost => "this key was reported lost; ask the power company for a new one",
            CloseCode::Revoked => "this key's certificate was revoked; ask the power company",
            CloseCode::ReplacedKey => "another key has taken this one's place; use the new one",
            CloseCode::Expired => "this key's certificate is out of its time; ask the power company to renew it",
            CloseCode::HandshakeTimeout => "the login took too long",
            CloseCode::ReplacedSession => "a newer session of this key has taken this one's place",
            CloseCode::UnknownVersion => "server and program speak different versions; update the program",
            CloseCode::TooMany => "the server had too many attempts from here; wait a minute",
            CloseCode::Internal => "the server had a fault",
            CloseCode::Unavailable => "the service is not available at the moment",
        },
        other => return other.to_string(),
    };
    words.to_owned()
}

/// Why a request has no result.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// There is no session; nothing was sent.
    #[error("not connected")]
    NotConnected,
    /// The server refused it.
    #[error(transparent)]
    Refused(#[from] OpError),
    /// It was sent, and the session ended before the answer: it may or may not have been carried out.
    #[error("the connection ended before the answer came")]
    Lost,
    /// It was sent, and no answer came in time: it may or may not have been carried out.
    #[error("no answer came in time")]
    NoAnswer,
    /// The answer is not what the contract says.
    #[error("the server's answer is malformed: {0}")]
    BadAnswer(DecodeError),
    /// The request cannot be written.
    #[error("the request cannot be written: {0}")]
    BadRequest(DecodeError),
}

impl CallError {
    /// Whether the server may have carried it out all the same.
    pub const fn outcome_unknown(&self) -> bool {
        matches!(self, Self::Lost | Self::NoAnswer | Self::BadAnswer(_))
    }

    /// The server's word for the refusal, if it refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(error) => Some(&error.code),
            _ => None,
        }
    }
}
