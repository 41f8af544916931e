//! From a fresh WebSocket to an authenticated peer: parse, open, chain, signature, time, revocation, binding, and only then the HSM.

use std::net::IpAddr;

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::{
    certificate::PublicKey,
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
    limits::SessionLimits,
    revoke::close_of,
    store::{AdminRole, EnvelopeRecord, Fingerprint, KeyState, Role, Standing, StoreError},
};

/// Who came in.
pub(super) struct Peer {
    /// The session's keys.
    pub(super) keys: SessionKeys,
    /// SHA-256 of the certificate.
    pub(super) key: Fingerprint,
    /// The certificate's Ed25519 key.
    pub(super) public: [u8; 32],
    /// Whom the key is bound to.
    pub(super) member: Member,
    /// Last second of the certificate.
    pub(super) not_after: Timestamp,
    /// Where the push stream is to be resumed.
    pub(super) resume: Option<Resume>,
    /// The client's name and version.
    pub(super) agent: String,
}

/// Whom a session is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Member {
    /// A customer.
    Customer(CustomerNo),
    /// An administrator, and what it may do.
    Admin(AdminRole),
}

impl Member {
    /// The customer, if it is one.
    pub(super) fn customer(&self) -> Option<&CustomerNo> {
        match self {
            Self::Customer(customer) => Some(customer),
            Self::Admin(_) => None,
        }
    }
}

/// Sends `hello`, awaits `authenticate` and judges everything that costs no HSM work.
pub(super) async fn prove<S: AsyncRead + AsyncWrite + Unpin>(
    core: &Core,
    limits: &SessionLimits,
    attempts: &Attempts,
    socket: &mut Socket<S>,
    address: IpAddr,
    exporter: Option<[u8; 32]>,
) -> Result<(ExpectAgreement, EnvelopeRecord, Member), Ended> {
    if attempts.is_address_over(address, core.now()) {
        return Err(Ended::Close(CloseCode::TooMany));
    }
    let Some(envelope) = core.envelopes.newest(core.now()) else {
        tracing::error!("no envelope certificate is in its time");
        return Err(Ended::Close(CloseCode::Unavailable));
    };
    let exporter = if limits.unbound_channel { None } else { exporter };
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
    let proven = handshake.on_authenticate(&message, &core.anchor, limits.purpose, now).map_err(|error| {
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
    let (member, _) = member(core, key).await.map_err(|close| {
        if close.code() == 4403 {
            attempts.key_failed(key, now);
        }
        Ended::Close(close)
    })?;
    Ok((proven, envelope, member))
}

/// The last step: the HSM's agreement.
pub(super) async fn agree(
    core: &Core,
    proven: ExpectAgreement,
    envelope: &EnvelopeRecord,
    member: Member,
) -> Result<Peer, CloseCode> {
    let PublicKey::Ed25519(public) = proven.certificate().public_key() else { return Err(CloseCode::NotAuthenticated) };
    let es = core.hsm.agree(&envelope.key_id, proven.peer()).await.map_err(|error| close_of_hsm(&error))?;
    let key = proven.certificate().fingerprint();
    let not_after = proven.certificate().not_after();
    let (resume, agent) = (proven.resume(), proven.agent().to_owned());
    let keys = proven.finish(es).map_err(|error| error.close())?;
    Ok(Peer { keys, key, public, member, not_after, resume, agent })
}

/// Whom the key is bound to now, or why it may not be in. That the key is of the listener's kind is the certificate's to say.
pub(super) async fn member(core: &Core, key: Fingerprint) -> Result<(Member, Standing), CloseCode> {
    let standing = core.store.standing(key).await.map_err(|error| close_of_store(&error))?;
    let standing = standing.ok_or(CloseCode::Unbound)?;
    let member = match (standing.state, standing.role, &standing.customer, standing.admin) {
        (KeyState::Bound, Role::Customer, Some(customer), None) => Member::Customer(customer.clone()),
        (KeyState::Bound, Role::Admin, None, Some(role)) => Member::Admin(role),
        (state, ..) => return Err(close_of(state)),
    };
    Ok((member, standing))
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
