//! The end of a key's relation to its customer, and everything that must bite at once: its sessions are cut, its waiting orders
//! refused, the revocation list renewed.

use gridkey_protocol::close::CloseCode;

use crate::{
    actor::Actor,
    core::Core,
    evidence, notify,
    orders::announce,
    store::{Fingerprint, Goes, KeyEnd, KeyRecord, KeyState, KeyStep, RENEWAL_FAILED, RENEWED, RenewalEnd, StoreError},
};

/// What ending a key did.
#[derive(Debug)]
pub struct Ended {
    /// The key as it stands now.
    pub key: KeyRecord,
    /// Live sessions that were cut.
    pub sessions: usize,
    /// Orders that were refused.
    pub orders: usize,
}

/// Ends a key.
pub async fn end_key(
    core: &Core,
    key: Fingerprint,
    step: KeyStep,
    reason: &str,
    actor: &Actor,
) -> Result<Ended, StoreError> {
    let at = core.now();
    let known = core.store.key(key).await?.ok_or(StoreError::NotFound("key"))?;
    let audit = evidence::key_moved(step, key, known.customer.as_ref(), reason, actor, at);
    let end = KeyEnd { key, step, reason: reason.to_owned(), at };
    let (record, refused) = core.store.end_key(end, audit).await?;
    let state = record.state;
    let sessions = core.registry.cut_key(&key, close_of(state));
    core.crl.renew();
    announce_key(core, &record, step).await;
    for order in &refused {
        let payment = order.payment();
        // The platform lets an unused payment lapse by itself; telling it frees nothing that isn't free here.
        if let Err(error) = core.platform.cancel_payment(payment.payment).await {
            tracing::info!(%error, payment = %payment.payment, "the platform was not told of a refused order");
        }
        if let Err(error) = core.store.append_audit(evidence::order_ended_with_key(order)).await {
            tracing::error!(%error, payment = %payment.payment, "the refusal of an order was not chained");
        }
        announce(core, order).await;
    }
    tracing::info!(?state, sessions, orders = refused.len(), "a key's binding ended");
    Ok(Ended { key: record, sessions, orders: refused.len() })
}

/// Ends one key of the renewal of `old` by `new`, if both are good still: the old one because the new one logs in, or the new one
/// because nobody did in time.
pub async fn end_renewal(core: &Core, old: &KeyRecord, new: Fingerprint, goes: Goes) -> Result<(), StoreError> {
    let reason = match goes {
        Goes::Old => RENEWED,
        Goes::New => RENEWAL_FAILED,
    };
    let end = RenewalEnd { old: old.fingerprint, new, goes, reason: reason.to_owned(), at: core.now() };
    let (key, step) = end.ended();
    let audit = evidence::key_moved(step, key, old.customer.as_ref(), reason, &Actor::server(), end.at);
    let Some(record) = core.store.end_renewal(end, audit).await? else { return Ok(()) };
    let sessions = core.registry.cut_key(&key, close_of(record.state));
    core.crl.renew();
    match goes {
        Goes::Old => announce_key(core, &record, step).await,
        // What is to be done matters more to the customer than which certificate went.
        Goes::New => {
            if let Some(customer) = &old.customer
                && let Err(error) = notify::key(core, customer, &record, RENEWAL_FAILED, Some(old.not_after)).await
            {
                tracing::error!(%error, "a renewal that failed was not pushed");
            }
        }
    }
    tracing::info!(state = ?record.state, reason, sessions, "a renewal is over");
    Ok(())
}

/// Tells the customer's other devices that a key's life is over. What happened is stored whatever becomes of the push.
async fn announce_key(core: &Core, record: &KeyRecord, step: KeyStep) {
    let Some(customer) = &record.customer else { return };
    let event = record.state.as_str();
    if let Err(error) = notify::key(core, customer, record, event, None).await {
        tracing::error!(%error, ?step, "the end of a key was not pushed");
    }
}

/// Why a session of a key in this state is closed.
pub fn close_of(state: KeyState) -> CloseCode {
    match state {
        KeyState::Lost => CloseCode::Lost,
        KeyState::Revoked => CloseCode::Revoked,
        KeyState::Replaced => CloseCode::ReplacedKey,
        KeyState::Expired => CloseCode::Expired,
        KeyState::Unbound | KeyState::Blank | KeyState::Issued | KeyState::Bound => CloseCode::Unbound,
    }
}
