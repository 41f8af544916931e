//! `key.prepare` and `key.renew`: a customer renews its key by itself, with new pairs on the same token.
//!
//! New pairs rather than new certificates for the old ones: what a stolen or weak old key could do ends with its certificate, one
//! certificate is one key everywhere in Gridkey, and the offline store is sealed anew. The old key stays good until the new one is
//! used, so that a token pulled out in the middle locks nobody out.

use gridkey_protocol::{
    ByteString,
    certificate::{Certificate, PublicKey},
    crypto,
    frame::OpError,
    ops::{
        error,
        key::{Challenge, RenewBody, Renewed},
    },
    possession,
};

use super::challenge::{Answer, ProofError, Subject};
use crate::{
    actor::Actor,
    core::{Core, random, random_secret},
    fault::{internal, not_found},
    notify,
    ops::Caller,
    revoke,
    store::{Goes, KeyRecord, KeyState, KeyStep, RENEWED, StoreError},
};
use gridkey_protocol::cbor::Value;

/// How long the old key stays good beside the new one, seconds.
const BESIDE_SECONDS: i64 = 86_400;

/// Opens a challenge for the holder of the session's key.
pub(crate) async fn prepare(core: &Core, caller: &Caller) -> Result<Challenge, OpError> {
    let subject = Subject::Customer(caller.customer.clone());
    open(core, subject, caller.key)
}

/// Opens a challenge.
pub(crate) fn open(core: &Core, subject: Subject, asker: [u8; 32]) -> Result<Challenge, OpError> {
    core.challenges
        .open((random(), random_secret()), subject, asker, core.now())
        .ok_or_else(|| OpError::passing(error::BUSY, "too many challenges are open"))
}

/// Certifies and binds the holder's new pairs.
pub(crate) async fn renew(core: &Core, caller: &Caller, body: RenewBody) -> Result<Renewed, OpError> {
    let now = core.now();
    let answer = Answer { request: body.request.as_ref(), agreement: Some((body.agreement.0, body.answer.0)) };
    let (subject, pairs) = core.challenges.prove(answer, &caller.key, now).map_err(refused)?;
    if subject != Subject::Customer(caller.customer.clone()) {
        return Err(refused(ProofError::Unknown));
    }
    let old = core.store.key(caller.key).await?.ok_or_else(|| not_found("key"))?;
    let request = possession::read_request(body.request.as_ref()).map_err(|error| refused(error.into()))?;
    let message = possession::renewal_message(&request.challenge, body.request.as_ref(), &body.agreement.0);
    let public = signing_key(&old).ok_or_else(internal)?;
    crypto::verify_ed25519(&public, &message, &body.signature.0)
        .map_err(|_| OpError::fatal(error::PROOF_REFUSED, "signature: the old key's signature expected"))?;

    let proof = vec![
        ("request".to_owned(), Value::Bytes(body.request.0.clone())),
        ("renewal".to_owned(), Value::Bytes(message)),
        ("signature".to_owned(), Value::Bytes(body.signature.0.to_vec())),
    ];
    let actor = Actor::holder(&caller.key, proof);
    let new = core.desk.renew(&old, pairs, &actor, now.plus_seconds(BESIDE_SECONDS), now).await?;
    core.crl.renew();
    tracing::info!(customer = %caller.customer, until = %new.not_after, "a key was renewed");
    if let Err(error) = notify::key(core, &caller.customer, &new, "renewed", Some(new.not_after)).await {
        tracing::error!(%error, "the renewal of a key was not pushed");
    }
    Ok(Renewed {
        chain: new.chain.iter().cloned().map(ByteString).collect(),
        agreement: ByteString(new.agreement.ok_or_else(internal)?),
    })
}

/// A key logs in that succeeds another: the other one's time is over. Before the session opens, so that an old key that is still
/// bound tells that the new one never logged in.
pub(crate) async fn used(core: &Core, new: [u8; 32], succeeds: Option<[u8; 32]>) -> Result<(), StoreError> {
    let Some(old) = succeeds else { return Ok(()) };
    match core.store.key(old).await? {
        Some(old) if old.state == KeyState::Bound => revoke::end_renewal(core, &old, new, Goes::Old).await,
        _ => Ok(()),
    }
}

/// The day is over in which both keys of a renewal were good, and the old one is bound still: nobody logged in with the new one,
/// which may never have reached the token. The old one is what its holder has.
pub(crate) async fn day_over(core: &Core, old: &KeyRecord) -> Result<(), StoreError> {
    let new = match old.successor {
        Some(new) => core.store.key(new).await?,
        None => None,
    };
    match new {
        Some(new) if new.state == KeyState::Bound => revoke::end_renewal(core, old, new.fingerprint, Goes::New).await,
        // Somebody ended the new key otherwise; the token that holds both may be in other hands.
        _ => revoke::end_key(core, old.fingerprint, KeyStep::Replace, RENEWED, &Actor::server()).await.map(drop),
    }
}

fn signing_key(record: &KeyRecord) -> Option<[u8; 32]> {
    match Certificate::from_der(record.chain.first()?).ok()?.public_key() {
        PublicKey::Ed25519(key) => Some(key),
        PublicKey::X25519(_) | PublicKey::Other => None,
    }
}

/// What whoever asks is told of an answer that proves nothing.
pub(crate) fn refused(error: ProofError) -> OpError {
    let code = match error {
        ProofError::Unknown => error::CHALLENGE_UNKNOWN,
        ProofError::Request(_) | ProofError::Pairs | ProofError::Agreement => error::PROOF_REFUSED,
    };
    OpError::fatal(code, error.to_string())
}
