//! From a fresh WebSocket to an authenticated peer: parse, open, chain, signature, time, revocation, binding, and only then the HSM.

use std::net::IpAddr;

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::{
    close::CloseCode,
    frame::SessionKeys,
    handshake::{ExpectAgreement, HandshakeError, HelloParts, Resume, ServerHandshake},
};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    attempts::Attempts,
    socket::{Ended, Socket},
};
use crate::{
    core::{Core, random, random_secret},
    hsm::HsmError,
    revoke::close_of,
    store::{EnvelopeRecord, Fingerprint, KeyState, Role, StoreError},
};

/// Who came in.
pub(super) struct Peer {
    /// The session's keys.
    pub(super) keys: SessionKeys,
    /// SHA-256 of the certificate.
    pub(super) key: Fingerprint,
    /// The customer the key is bound to.
    pub(super) customer: CustomerNo,
    /// Last second of the certificate.
    pub(super) not_after: Timestamp,
    /// Where the push stream is to be resumed.
    pub(super) resume: Option<Resume>,
    /// The client's name and version.
    pub(super) agent: String,
}

/// Sends `hello`, awaits `authenticate` and judges everything that costs no HSM work.
pub(super) async fn prove<S: AsyncRead + AsyncWrite + Unpin>(
    core: &Core,
    attempts: &Attempts,
    socket: &mut Socket<S>,
    address: IpAddr,
    exporter: Option<[u8; 32]>,
) -> Result<(ExpectAgreement, EnvelopeRecord, CustomerNo), Ended> {
    if attempts.is_address_over(address, core.now()) {
        return Err(Ended::Close(CloseCode::TooMany));
    }
    let Some(envelope) = core.envelopes.newest(core.now()) else {
        tracing::error!("no envelope certificate is in its time");
        return Err(Ended::Close(CloseCode::Unavailable));
    };
    let exporter = if core.session.unbound_channel { None } else { exporter };
    let (handshake, hello) = ServerHandshake::start(HelloParts {
        challenge: random(),
        ephemeral: random_secret(),
        envelope: &envelope.chain,
        exporter,
    });
    socket.send(hello).await?;
    let message = socket.receive().await.inspect_err(|ended| {
        if matches!(ended, Ended::Close(_)) {
            attempts.address_failed(address, core.now());
        }
    })?;
    let now = core.now();
    let proven = handshake.on_authenticate(&message, &core.anchor, core.session.purpose, now).map_err(|error| {
        tracing::info!(%address, %error, "a peer did not prove who it is");
        // A signature was good if only the time was not; then it is no stranger's attempt.
        if error != HandshakeError::Expired {
            attempts.address_failed(address, now);
        }
        Ended::Close(error.close())
    })?;
    let key = proven.certificate().fingerprint();
    if attempts.is_key_over(&key, now) {
        return Err(Ended::Close(CloseCode::TooMany));
    }
    let customer = bound_customer(core, key).await.map_err(|close| {
        if close.code() == 4403 {
            attempts.key_failed(key, now);
        }
        Ended::Close(close)
    })?;
    Ok((proven, envelope, customer))
}

/// The last step: the HSM's agreement.
pub(super) async fn agree(
    core: &Core,
    proven: ExpectAgreement,
    envelope: &EnvelopeRecord,
    customer: CustomerNo,
) -> Result<Peer, CloseCode> {
    let es = core.hsm.agree(&envelope.key_id, proven.peer()).await.map_err(|error| close_of_hsm(&error))?;
    let key = proven.certificate().fingerprint();
    let not_after = proven.certificate().not_after();
    let (resume, agent) = (proven.resume(), proven.agent().to_owned());
    let keys = proven.finish(es).map_err(|error| error.close())?;
    Ok(Peer { keys, key, customer, not_after, resume, agent })
}

/// The customer that the key is bound to now, or why it may not be in.
pub(super) async fn bound_customer(core: &Core, key: Fingerprint) -> Result<CustomerNo, CloseCode> {
    let record = core.store.key(key).await.map_err(|error| close_of_store(&error))?;
    let record = record.ok_or(CloseCode::Unbound)?;
    match (record.state, record.role, record.customer) {
        (KeyState::Bound, Role::Customer, Some(customer)) => Ok(customer),
        (state, ..) => Err(close_of(state)),
    }
}

fn close_of_hsm(error: &HsmError) -> CloseCode {
    tracing::error!(%error, "the HSM did not agree on a session key");
    if error.is_transient() { CloseCode::Unavailable } else { CloseCode::Internal }
}

/// The close code that a failure of the store calls for.
pub(super) fn close_of_store(error: &StoreError) -> CloseCode {
    tracing::error!(%error, cause = ?std::error::Error::source(error), "the store did not answer");
    match error {
        StoreError::Unavailable(_) | StoreError::Busy => CloseCode::Unavailable,
        _ => CloseCode::Internal,
    }
}
