//! The messages of the handshake.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    bytes::{ByteArray, ByteString},
    cbor::nullable,
    limits,
};

/// How a session is tied to its TLS channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binding {
    /// To the channel's exporter value (RFC 9266).
    #[serde(rename = "tls-exporter")]
    TlsExporter,
    /// Not at all: TLS ends at a proxy. A client refuses it unless its configuration allows it.
    #[serde(rename = "none")]
    None,
}

/// Server to client, in clear, first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The version, 1.
    pub v: u64,
    /// 32 random bytes.
    pub challenge: ByteArray<32>,
    /// A fresh X25519 public key.
    pub ephemeral: ByteArray<32>,
    /// The chain over the HSM's envelope key, leaf first, DER.
    pub envelope: Vec<ByteString>,
    /// How the session is tied to its TLS channel.
    pub binding: Binding,
}

/// Client to server, the answer to `hello`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authenticate {
    /// A fresh X25519 public key.
    pub ephemeral: ByteArray<32>,
    /// The [`Proof`], sealed under `k_auth`.
    pub sealed: ByteString,
}

/// Where a client left the push stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The stream's epoch as last told.
    pub epoch: ByteArray<16>,
    /// The last offset applied.
    pub offset: u64,
}

/// What proves who the client is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The USBKEY's certificates, leaf first, DER.
    pub chain: Vec<ByteString>,
    /// The USBKEY's signature over the transcript.
    pub signature: ByteArray<64>,
    /// Where to resume the push stream; null to start anew.
    #[serde(deserialize_with = "nullable")]
    pub resume: Option<Resume>,
    /// The client's name and version, at most 64 bytes.
    #[serde(deserialize_with = "label")]
    pub agent: String,
    /// The client's language (BCP 47), at most 64 bytes.
    #[serde(deserialize_with = "label")]
    pub locale: String,
}

fn label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.len() <= limits::LABEL { Ok(text) } else { Err(serde::de::Error::custom("at most 64 bytes expected")) }
}
