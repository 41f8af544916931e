//! What travels after the handshake: sealed frames, and the requests, responses and pushes within them.

use gridkey_domain::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    bytes::ByteArray,
    cbor::{self, DecodeError, Encoded, Value, nullable},
    crypto::{self, Secret32},
    limits,
};

/// The two keys of a session, wiped when dropped.
#[derive(Clone)]
pub struct SessionKeys {
    /// Key of what the client sends.
    pub client_to_server: Secret32,
    /// Key of what the server sends.
    pub server_to_client: Secret32,
}

impl std::fmt::Debug for SessionKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKeys(…)")
    }
}

/// The other side broke the frame rules; the session ends with 4400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Tampered with, replayed, reordered, reflected or lost.
    #[error("a frame does not open")]
    DoesNotOpen,
    /// It opens to something that is no frame.
    #[error("a frame is malformed: {0}")]
    Malformed(#[from] DecodeError),
    /// 2^32 frames went one way; the session is over.
    #[error("the session has used up its frames")]
    Exhausted,
}

/// One direction of a session: a key and the next counter.
pub struct Direction {
    key: Secret32,
    counter: u64,
}

impl std::fmt::Debug for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Direction").field("counter", &self.counter).finish_non_exhaustive()
    }
}

impl Direction {
    /// A direction at its first frame.
    pub const fn new(key: Secret32) -> Self {
        Self { key, counter: 0 }
    }

    /// A direction in the middle of its life.
    #[cfg(test)]
    pub(crate) const fn at(key: Secret32, counter: u64) -> Self {
        Self { key, counter }
    }

    /// Seals the next frame.
    pub fn seal(&mut self, frame: &[u8]) -> Result<Vec<u8>, FrameError> {
        let nonce = self.nonce()?;
        let sealed = crypto::secretbox_seal(&self.key, &nonce, frame);
        self.counter += 1;
        Ok(sealed)
    }

    /// Opens the next frame; nothing but the very next one opens.
    pub fn open(&mut self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, FrameError> {
        let nonce = self.nonce()?;
        let frame = crypto::secretbox_open(&self.key, &nonce, sealed).map_err(|_| FrameError::DoesNotOpen)?;
        self.counter += 1;
        Ok(Zeroizing::new(frame))
    }

    fn nonce(&self) -> Result<[u8; 24], FrameError> {
        if self.counter >= limits::FRAMES {
            return Err(FrameError::Exhausted);
        }
        let mut nonce = [0; 24];
        nonce[16..].copy_from_slice(&self.counter.to_be_bytes());
        Ok(nonce)
    }
}

/// A request as it stands in its frame; the body is typed once the operation is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Strictly growing within the session.
    pub id: u64,
    /// The operation's name.
    pub op: String,
    /// Its body, a map.
    pub body: Value,
}

/// Why an operation was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
#[serde(deny_unknown_fields)]
pub struct OpError {
    /// A stable word; see [`crate::ops::error`].
    pub code: String,
    /// One English sentence for a log or a developer, without secrets.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retry: bool,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The request's id.
    pub id: u64,
    /// Its result or error.
    pub outcome: Result<Value, OpError>,
}

/// The kinds of push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PushKind {
    /// Arrears were raised, escalated, eased or cleared.
    Arrears,
    /// A new bill.
    Bill,
    /// A payment changed its state.
    Payment,
    /// Account data changed.
    Account,
    /// A notice in words.
    Notice,
    /// The key's certificate or binding changes.
    Key,
}

impl PushKind {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arrears => "arrears",
            Self::Bill => "bill",
            Self::Payment => "payment",
            Self::Account => "account",
            Self::Notice => "notice",
            Self::Key => "key",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Arrears, Self::Bill, Self::Payment, Self::Account, Self::Notice, Self::Key]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// A message of the customer's durable stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// Its place in the stream: 1, 2, 3 … without gaps.
    pub offset: u64,
    /// When it came about.
    pub at: Timestamp,
    /// What it is about.
    pub kind: PushKind,
    /// A map by kind.
    pub body: Value,
}

/// A push in its encoding: the same for every session that it goes to.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedPush(Vec<u8>);

impl EncodedPush {
    /// Writes the frame.
    pub fn new(push: Push) -> Self {
        Self(ServerFrame::Push(push).to_bytes())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for EncodedPush {
    /// Length only: a push may be personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EncodedPush({})", self.0.len())
    }
}

/// Who the session's peer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A customer.
    Customer,
    /// An administrator.
    Admin,
}

/// The server's first frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// The session's name, for support.
    pub session: String,
    /// The peer's role.
    pub role: Role,
    /// The customer the key is bound to; null for an administrator.
    #[serde(deserialize_with = "nullable")]
    pub customer: Option<gridkey_domain::CustomerNo>,
    /// The server's time.
    pub time: Timestamp,
    /// The stream's epoch.
    pub epoch: ByteArray<16>,
    /// The newest offset in the stream.
    pub offset: u64,
    /// Whether all missed pushes follow; if not, the client reloads what it shows.
    pub recovered: bool,
}

/// A frame from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerFrame {
    /// The first.
    Welcome(Welcome),
    /// An answer.
    Response(Response),
    /// A push.
    Push(Push),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WelcomeFrame<T> {
    welcome: T,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PushFrame<T> {
    push: T,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OkFrame<T> {
    id: u64,
    ok: T,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorFrame<T> {
    id: u64,
    error: T,
}

impl Request {
    /// Reads a request frame; its body must be a map.
    pub fn from_bytes(frame: &[u8]) -> Result<Self, DecodeError> {
        let request = Self::from_value(cbor::parse(frame)?)?;
        if matches!(request.body, Value::Map(_)) {
            Ok(request)
        } else {
            Err(DecodeError::Shape("body: a map expected".into()))
        }
    }
}

impl Request {
    /// Takes the fields out of their map; what does not fit is left to [`cbor::from_value`] to name.
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        if let Value::Map(entries) = &value
            && entries.len() == 3
            && matches!(value.get("id"), Some(Value::Unsigned(_)))
            && matches!(value.get("op"), Some(Value::Text(_)))
            && value.get("body").is_some()
        {
            let mut request = Self { id: 0, op: String::new(), body: Value::Null };
            let Value::Map(entries) = value else { return Ok(request) };
            for (name, field) in entries {
                match (name.as_str(), field) {
                    ("id", Value::Unsigned(id)) => request.id = id,
                    ("op", Value::Text(op)) => request.op = op,
                    (_, body) => request.body = body,
                }
            }
            return Ok(request);
        }
        cbor::from_value(value)
    }
}

impl ServerFrame {
    /// Writes the frame.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Welcome(welcome) => cbor::encode(&WelcomeFrame { welcome }),
            Self::Push(push) => cbor::encode(&PushFrame { push }),
            Self::Response(Response { id, outcome: Ok(ok) }) => cbor::encode(&OkFrame { id: *id, ok }),
            Self::Response(Response { id, outcome: Err(error) }) => cbor::encode(&ErrorFrame { id: *id, error }),
        }
    }

    /// Writes the answer to a request whose result is encoded already: the same bytes as of [`Self::to_bytes`].
    pub fn ok_bytes(id: u64, result: &Encoded) -> Vec<u8> {
        let mut frame = cbor::encode(&OkFrame { id, ok: () });
        // The last field's value is the frame's end: a `null` of one byte until here.
        frame.pop();
        frame.extend_from_slice(result.as_bytes());
        frame
    }

    /// Reads a frame from the server.
    pub fn from_bytes(frame: &[u8]) -> Result<Self, DecodeError> {
        let value = cbor::parse(frame)?;
        if value.get("welcome").is_some() {
            let frame: WelcomeFrame<_> = cbor::from_value(value)?;
            Ok(Self::Welcome(frame.welcome))
        } else if value.get("push").is_some() {
            let frame: PushFrame<Push> = cbor::from_value(value)?;
            if !matches!(frame.push.body, Value::Map(_)) {
                return Err(DecodeError::Shape("push.body: a map expected".into()));
            }
            Ok(Self::Push(frame.push))
        } else if value.get("error").is_some() {
            let frame: ErrorFrame<OpError> = cbor::from_value(value)?;
            Ok(Self::Response(Response { id: frame.id, outcome: Err(frame.error) }))
        } else {
            let frame: OkFrame<Value> = cbor::from_value(value)?;
            Ok(Self::Response(Response { id: frame.id, outcome: Ok(frame.ok) }))
        }
    }
}
