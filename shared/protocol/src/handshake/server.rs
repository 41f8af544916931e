//! The server's side of the handshake. The HSM comes last: a peer that is not bound costs it nothing.

use gridkey_domain::Timestamp;
use zeroize::Zeroizing;

use super::{
    Authenticate, Binding, HandshakeError, Hello, Proof, Resume, first_transcript, proof_key, proof_message,
    session_keys,
};
use crate::{
    bytes::{ByteArray, ByteString},
    cbor,
    certificate::{Certificate, PublicKey, Purpose, TrustAnchor},
    crypto::{self, Secret32},
    frame::SessionKeys,
};

/// What the server puts into `hello`.
pub struct HelloParts<'a> {
    /// 32 random bytes.
    pub challenge: [u8; 32],
    /// 32 random bytes: the secret of the ephemeral key. Used for one handshake.
    pub ephemeral: Secret32,
    /// The chain over the newest envelope key, leaf first, DER.
    pub envelope: &'a [Vec<u8>],
    /// The TLS channel's exporter value; `None` where TLS ends elsewhere, which binds to nothing.
    pub exporter: Option<[u8; 32]>,
}

/// Awaits `authenticate`.
pub struct ServerHandshake {
    hello: Vec<u8>,
    ephemeral: Secret32,
    exporter: Option<[u8; 32]>,
}

/// Awaits X25519(HSM envelope key, [`Self::peer`]). The peer has proven who it is; whether it may in is the caller's to check
/// before the HSM is asked: revocation, then binding.
pub struct ExpectAgreement {
    th1: [u8; 32],
    authenticate: Vec<u8>,
    ee: Secret32,
    peer: [u8; 32],
    certificate: Certificate,
    chain: Vec<Vec<u8>>,
    resume: Option<Resume>,
    agent: String,
    locale: String,
}

impl ServerHandshake {
    /// Begins a handshake; gives `hello` to send.
    pub fn start(parts: HelloParts<'_>) -> (Self, Vec<u8>) {
        let binding = if parts.exporter.is_some() { Binding::TlsExporter } else { Binding::None };
        let hello = cbor::encode(&Hello {
            v: 1,
            challenge: ByteArray(parts.challenge),
            ephemeral: ByteArray(crypto::x25519_public(&parts.ephemeral)),
            envelope: parts.envelope.iter().map(|der| ByteString(der.clone())).collect(),
            binding,
        });
        (Self { hello: hello.clone(), ephemeral: parts.ephemeral, exporter: parts.exporter }, hello)
    }

    /// Judges `authenticate` in the contract's order: parse, open, chain and purpose, signature, the leaf's time.
    pub fn on_authenticate(
        self,
        message: &[u8],
        anchor: &TrustAnchor,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<ExpectAgreement, HandshakeError> {
        let Authenticate { ephemeral: ByteArray(peer), sealed } = cbor::decode(message)?;
        let channel_binding = self.exporter.as_ref().map_or(&[][..], |exporter| &exporter[..]);
        let th1 = first_transcript(&self.hello, channel_binding, &peer);
        let ee = crypto::x25519(&self.ephemeral, &peer)?;
        let proof = Zeroizing::new(crypto::secretbox_open(&proof_key(&th1, &ee), &[0; 24], sealed.as_ref())?);
        let proof: Proof = cbor::decode(&proof)?;
        let certificate = anchor.validate(&proof.chain, purpose, now)?;
        let PublicKey::Ed25519(key) = certificate.public_key() else { return Err(HandshakeError::Signature) };
        crypto::verify_ed25519(&key, &proof_message(&th1), &proof.signature.0)?;
        if !certificate.is_in_time(now) {
            return Err(HandshakeError::Expired);
        }
        Ok(ExpectAgreement {
            th1,
            authenticate: message.to_vec(),
            ee,
            peer,
            certificate,
            chain: proof.chain.into_iter().map(|der| der.0).collect(),
            resume: proof.resume,
            agent: proof.agent,
            locale: proof.locale,
        })
    }
}

impl ExpectAgreement {
    /// The public key that the HSM agrees with: the client's ephemeral.
    pub const fn peer(&self) -> &[u8; 32] {
        &self.peer
    }

    /// The peer's certificate, proven to be held by the peer.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The peer's chain as sent, DER.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// Where the peer wants to resume the push stream.
    pub const fn resume(&self) -> Option<Resume> {
        self.resume
    }

    /// The client's name and version.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// The client's language.
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// Takes the HSM's answer and gives the session's keys. The ephemerals are wiped here.
    pub fn finish(self, es: Secret32) -> Result<SessionKeys, HandshakeError> {
        let es = crypto::not_all_zero(es)?;
        Ok(session_keys(&self.th1, &self.authenticate, &self.ee, &es))
    }
}
