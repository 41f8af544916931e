//! The end of a key's relation to its customer, and everything that must bite at once: its sessions are cut, its waiting orders
//! refused, the revocation list renewed.

use gridkey_protocol::close::CloseCode;

use crate::{
    core::Core,
    evidence,
    orders::announce,
    store::{Fingerprint, KeyRecord, KeyState, StoreError},
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

/// Ends a key; `actor` stands in the audit entry.
pub async fn end_key(core: &Core, key: Fingerprint, state: KeyState, actor: &str) -> Result<Ended, StoreError> {
    let now = core.now();
    let known = core.store.key(key).await?.ok_or(StoreError::NotFound("key"))?;
    let audit = evidence::key_ended(&known, key, state, actor, now);
    let (record, refused) = core.store.end_key(key, state, now, audit).await?;
    let sessions = core.registry.cut_key(&key, close_of(state));
    core.crl.renew();
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

fn close_of(state: KeyState) -> CloseCode {
    match state {
        KeyState::Lost => CloseCode::Lost,
        KeyState::Revoked => CloseCode::Revoked,
        KeyState::Replaced => CloseCode::ReplacedKey,
        KeyState::Unbound | KeyState::Issued | KeyState::Bound => CloseCode::Unbound,
    }
}
