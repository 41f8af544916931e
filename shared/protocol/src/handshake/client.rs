//! The client's side of the handshake.

use gridkey_domain::Timestamp;

use super::{
    Authenticate, Binding, HandshakeError, Hello, Proof, Resume, first_transcript, proof_key, proof_message,
    session_keys,
};
use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, DecodeError, Value},
    certificate::{Certificate, PublicKey, Purpose, TrustAnchor},
    crypto::{self, Secret32},
    frame::SessionKeys,
};

/// Awaits `hello`.
pub struct ClientHandshake {
    ephemeral: Secret32,
    exporter: Option<[u8; 32]>,
    allow_unbound: bool,
}

/// Awaits the USBKEY's signature over [`Self::to_sign`].
pub struct ExpectSignature {
    th1: [u8; 32],
    ee: Secret32,
    es: Secret32,
    ephemeral: [u8; 32],
    envelope: Certificate,
    to_sign: Vec<u8>,
}

/// What the client puts into its proof.
pub struct ProofParts {
    /// The USBKEY's chain, leaf first, DER.
    pub chain: Vec<Vec<u8>>,
    /// The USBKEY's signature over [`ExpectSignature::to_sign`].
    pub signature: [u8; 64],
    /// Where to resume the push stream.
    pub resume: Option<Resume>,
    /// The client's name and version, at most 64 bytes.
    pub agent: String,
    /// The client's language, at most 64 bytes.
    pub locale: String,
}

impl ClientHandshake {
    /// A handshake with the secret of a fresh ephemeral key, the TLS channel's exporter value, and whether a server that binds
    /// to no channel is acceptable.
    pub const fn new(ephemeral: Secret32, exporter: Option<[u8; 32]>, allow_unbound: bool) -> Self {
        Self { ephemeral, exporter, allow_unbound }
    }

    /// Judges `hello`: version, envelope chain and purpose before anything else, then the binding.
    pub fn on_hello(
        self,
        message: &[u8],
        anchor: &TrustAnchor,
        now: Timestamp,
    ) -> Result<ExpectSignature, HandshakeError> {
        let value = cbor::parse(message).map_err(DecodeError::from)?;
        match value.get("v") {
            Some(Value::Unsigned(1)) => {}
            Some(Value::Unsigned(version)) => return Err(HandshakeError::UnknownVersion(*version)),
            _ => return Err(DecodeError::Shape("v: an integer expected".into()).into()),
        }
        let hello: Hello = cbor::from_value(value)?;
        let envelope = anchor.validate(&hello.envelope, Purpose::Envelope, now)?;
        if !envelope.is_in_time(now) {
            return Err(HandshakeError::Expired);
        }
        let PublicKey::X25519(envelope_key) = envelope.public_key() else { return Err(HandshakeError::DoesNotOpen) };
        let channel_binding = match (hello.binding, &self.exporter) {
            (Binding::TlsExporter, Some(exporter)) => &exporter[..],
            (Binding::TlsExporter, None) => return Err(HandshakeError::NoExporter),
            (Binding::None, _) if self.allow_unbound => &[],
            (Binding::None, _) => return Err(HandshakeError::Unbound),
        };
        let ephemeral = crypto::x25519_public(&self.ephemeral);
        let th1 = first_transcript(message, channel_binding, &ephemeral);
        let ee = crypto::x25519(&self.ephemeral, &hello.ephemeral.0)?;
        let es = crypto::x25519(&self.ephemeral, &envelope_key)?;
        Ok(ExpectSignature { th1, ee, es, ephemeral, envelope, to_sign: proof_message(&th1) })
    }
}

impl ExpectSignature {
    /// What the USBKEY's Ed25519 key signs.
    pub fn to_sign(&self) -> &[u8] {
        &self.to_sign
    }

    /// The envelope certificate of this session; orders are sealed to it.
    pub const fn envelope(&self) -> &Certificate {
        &self.envelope
    }

    /// Gives `authenticate` to send, and the session's keys.
    pub fn finish(self, parts: ProofParts) -> (Vec<u8>, SessionKeys) {
        let proof = zeroize::Zeroizing::new(cbor::encode(&Proof {
            chain: parts.chain.into_iter().map(ByteString).collect(),
            signature: ByteArray(parts.signature),
            resume: parts.resume,
            agent: parts.agent,
            locale: parts.locale,
        }));
        let sealed = crypto::secretbox_seal(&proof_key(&self.th1, &self.ee), &[0; 24], &proof);
        let authenticate =
            cbor::encode(&Authenticate { ephemeral: ByteArray(self.ephemeral), sealed: ByteString(sealed) });
        let keys = session_keys(&self.th1, &authenticate, &self.ee, &self.es);
        (authenticate, keys)
    }
}
