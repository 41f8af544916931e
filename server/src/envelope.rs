//! The life of envelope keys: a new one before the newest ends, the old ones kept a while for queued orders, then destroyed.

use std::sync::Arc;

use gridkey_domain::Timestamp;
use gridkey_protocol::cbor::Value;

use crate::{
    ca::{CaError, Issuer},
    hsm::{Hsm, HsmError},
    issue::draft,
    store::{EnvelopeRecord, Store, StoreError},
};

const DAY: i64 = 86_400;
/// A new key is made when the newest has less than this left.
const RENEW_BEFORE: i64 = 7 * DAY;
/// A key is destroyed this long after its certificate's end.
const KEEP_AFTER: i64 = 7 * DAY;

/// Why envelope keys could not be looked after.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// The HSM.
    #[error(transparent)]
    Hsm(#[from] HsmError),
    /// The authority.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks after the envelope keys.
pub struct EnvelopeKeeper {
    hsm: Arc<dyn Hsm>,
    issuer: Arc<Issuer>,
    store: Arc<dyn Store>,
}

impl EnvelopeKeeper {
    /// Keys in `hsm`, certificates by `issuer`, records in `store`.
    pub fn new(hsm: Arc<dyn Hsm>, issuer: Arc<Issuer>, store: Arc<dyn Store>) -> Self {
        Self { hsm, issuer, store }
    }

    /// Makes a new key if the newest has under 7 days left, destroys keys 7 days past their end, and gives the records whose
    /// keys can still be used, newest first. Handshakes use the first; the others open queued orders. To be called at start and
    /// once a day or more often.
    ///
    /// # Errors
    /// If the HSM, the authority or the store refuses.
    pub async fn ensure_current(&self, now: Timestamp) -> Result<Vec<EnvelopeRecord>, EnvelopeError> {
        self.look_after(now, false).await
    }

    /// The same, and makes a new key in any case.
    ///
    /// # Errors
    /// If the HSM, the authority or the store refuses; the keys in use stay so.
    pub async fn renew(&self, now: Timestamp) -> Result<Vec<EnvelopeRecord>, EnvelopeError> {
        self.look_after(now, true).await
    }

    async fn look_after(&self, now: Timestamp, anyway: bool) -> Result<Vec<EnvelopeRecord>, EnvelopeError> {
        let mut records = self.store.envelopes().await?;
        let newest_end = records.iter().map(|record| record.not_after).max();
        if anyway || newest_end.is_none_or(|end| end.seconds_since(now) < RENEW_BEFORE) {
            records.insert(0, self.make(now).await?);
        }
        let (usable, over): (Vec<_>, Vec<_>) =
            records.into_iter().partition(|record| now.seconds_since(record.not_after) <= KEEP_AFTER);
        for record in over {
            // The record stays as evidence of which key there was; only the first call finds a key to destroy.
            if self.hsm.destroy_envelope_key(&record.key_id).await? {
                tracing::info!(ended = %record.not_after, "an old envelope key was destroyed");
                let audit = draft("envelope.destroyed", "server", None, facts(&record), now);
                self.store.append_audit(audit).await?;
            }
        }
        Ok(usable)
    }

    async fn make(&self, now: Timestamp) -> Result<EnvelopeRecord, EnvelopeError> {
        let key = self.hsm.generate_envelope_key().await?;
        let record = self.issuer.envelope(&key, now).await?;
        let audit = draft("envelope.issued", "server", None, facts(&record), now);
        if let Err(error) = self.store.put_envelope(record.clone(), audit).await {
            // Without a record nobody could find the key again.
            if let Err(error) = self.hsm.destroy_envelope_key(&key.key_id).await {
                tracing::warn!(%error, "an envelope key without a record stays in the HSM");
            }
            return Err(error.into());
        }
        tracing::info!(ends = %record.not_after, "a new envelope key is in use");
        Ok(record)
    }
}

fn facts(record: &EnvelopeRecord) -> Vec<(String, Value)> {
    let certificate = record.chain.first().cloned().unwrap_or_default();
    vec![
        ("certificate".to_owned(), Value::Bytes(certificate)),
        ("key_id".to_owned(), Value::Bytes(record.key_id.clone())),
    ]
}
