//! Close codes of the WebSocket and their stable words.

/// Why a session is closed. The word travels as the close reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// 1000: the session's twelve hours are over.
    SessionEnd,
    /// 1001: the server stops.
    GoingAway,
    /// 1009: a frame or message above the limit.
    TooBig,
    /// 4400: malformed CBOR, shape, frame, or a text message.
    Malformed,
    /// 4401: the peer did not prove who it is.
    NotAuthenticated,
    /// 4403: the key is not bound, or no longer.
    Unbound,
    /// 4403: the key was reported lost.
    Lost,
    /// 4403: the certificate was revoked.
    Revoked,
    /// 4403: another key took this one's place.
    ReplacedKey,
    /// 4403: the certificate's time is over or has not come.
    Expired,
    /// 4408: the handshake took too long.
    HandshakeTimeout,
    /// 4409: a newer session of the same key took this one's place.
    ReplacedSession,
    /// 4426: sent by a client that does not know `hello.v`.
    UnknownVersion,
    /// 4429: too many attempts or control frames.
    TooMany,
    /// 4500: a fault of the server.
    Internal,
    /// 4503: HSM or store unavailable; try again with back-off.
    Unavailable,
}

impl CloseCode {
    /// Every code.
    pub const ALL: [Self; 16] = [
        Self::SessionEnd,
        Self::GoingAway,
        Self::TooBig,
        Self::Malformed,
        Self::NotAuthenticated,
        Self::Unbound,
        Self::Lost,
        Self::Revoked,
        Self::ReplacedKey,
        Self::Expired,
        Self::HandshakeTimeout,
        Self::ReplacedSession,
        Self::UnknownVersion,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The code in the close frame.
    pub const fn code(self) -> u16 {
        match self {
            Self::SessionEnd => 1000,
            Self::GoingAway => 1001,
            Self::TooBig => 1009,
            Self::Malformed => 4400,
            Self::NotAuthenticated => 4401,
            Self::Unbound | Self::Lost | Self::Revoked | Self::ReplacedKey | Self::Expired => 4403,
            Self::HandshakeTimeout => 4408,
            Self::ReplacedSession => 4409,
            Self::UnknownVersion => 4426,
            Self::TooMany => 4429,
            Self::Internal => 4500,
            Self::Unavailable => 4503,
        }
    }

    /// The stable word in the close frame.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::SessionEnd => "session-end",
            Self::GoingAway => "going-away",
            Self::TooBig => "too-big",
            Self::Malformed => "malformed",
            Self::NotAuthenticated => "not-authenticated",
            Self::Unbound => "unbound",
            Self::Lost => "lost",
            Self::Revoked => "revoked",
            Self::ReplacedKey | Self::ReplacedSession => "replaced",
            Self::Expired => "expired",
            Self::HandshakeTimeout => "handshake-timeout",
            Self::UnknownVersion => "unknown-version",
            Self::TooMany => "too-many",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
        }
    }

    /// The close code of a frame received; an unknown word of a known code falls back to the code.
    pub fn from_frame(code: u16, reason: &str) -> Option<Self> {
        let same_code = || Self::ALL.into_iter().filter(|close| close.code() == code);
        same_code().find(|close| close.reason() == reason).or_else(|| same_code().next())
    }

    /// Whether a client should connect again by itself.
    pub const fn invites_retry(self) -> bool {
        matches!(
            self,
            Self::SessionEnd
                | Self::GoingAway
                | Self::HandshakeTimeout
                | Self::TooMany
                | Self::Internal
                | Self::Unavailable
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for close in CloseCode::ALL {
            assert_eq!(CloseCode::from_frame(close.code(), close.reason()), Some(close));
        }
        assert_eq!(CloseCode::from_frame(4403, "novel"), Some(CloseCode::Unbound));
        assert_eq!(CloseCode::from_frame(3000, ""), None);
    }
}
