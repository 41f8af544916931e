//! `key.renew`.

use serde::{Deserialize, Serialize};

use crate::bytes::{ByteArray, ByteString};

/// A request for new certificates over new keys, made by the holder of the old ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewBody {
    /// A PKCS#10 request (RFC 2986) signed by the new Ed25519 key, DER.
    pub request: ByteString,
    /// The new X25519 public key of the offline store; absent keeps none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<ByteArray<32>>,
}

/// The new certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// The authentication certificate's chain, leaf first, DER.
    pub chain: Vec<ByteString>,
    /// The X25519 certificate, DER; null when no key was sent.
    pub agreement: Option<ByteString>,
}
